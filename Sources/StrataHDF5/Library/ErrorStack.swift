internal import CHDF5
internal import Foundation

/// What the library recorded about its latest failure, the innermost function first.
struct ErrorStack {
  var messages: [String] = []

  static func current() -> ErrorStack {
    var stack = ErrorStack()
    withUnsafeMutablePointer(to: &stack) { pointer in
      _ = H5Ewalk2(
        ch5_error_stack(), H5E_WALK_UPWARD,
        { _, entry, context in
          guard let text = entry?.pointee.desc, let context else { return 0 }
          context.assumingMemoryBound(to: ErrorStack.self).pointee.messages
            .append(String(cString: text))
          return 0
        }, pointer)
    }
    return stack
  }

  /// The system's error number, if a system call failed.
  private var systemError: Int32? {
    for message in messages {
      guard let range = message.range(of: "errno = ") else { continue }
      if let number = Int32(message[range.upperBound...].prefix { $0.isNumber }), number != 0 {
        return number
      }
    }
    return nil
  }

  /// The message that tells the kind, or else the innermost; the system's words if it refused.
  var reason: String {
    if let number = systemError { return String(cString: strerror(number)) }
    let message = known?.message ?? messages.first { !$0.isEmpty } ?? "the library gave no reason"
    return message.trimmingCharacters(in: CharacterSet(charactersIn: " .\n"))
  }

  var kind: HDF5Error.Kind {
    switch systemError {
    case ENOENT: return .fileMissing
    case EEXIST: return .fileExists
    case EACCES, EPERM, EROFS: return .permissionDenied
    case ENOSPC, EDQUOT: return .diskFull
    case EAGAIN: return .locked
    default: break
    }
    return known?.kind ?? .library
  }

  private var known: (message: String, kind: HDF5Error.Kind)? {
    for (words, kind) in Self.kinds {
      if let message = messages.first(where: { $0.contains(words) }) { return (message, kind) }
    }
    return nil
  }

  private static let kinds: [(words: String, kind: HDF5Error.Kind)] = [
    ("no write intent", .readOnly),
    ("truncated file", .truncated),
    ("addr overflow", .truncated),
    ("header message is too large", .attributeTooLarge),
    ("already exists", .objectExists),
    ("is not registered", .filterMissing),
    ("can't locate filter", .filterMissing),
  ]
}
