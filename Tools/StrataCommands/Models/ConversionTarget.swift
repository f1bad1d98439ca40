import ArgumentParser
import StrataSemantics

/// What a conversion writes: a release, and which of its files.
struct ConversionTarget: ExpressibleByArgument, Equatable {
  enum Content: String, CaseIterable { case model, weights, architecture }

  var release: Semantics
  var content: Content

  /// `keras-1.2.0` is a whole model; `-weights` and `-architecture` are its parts.
  init?(argument: String) {
    var text = argument
    content = .model
    for part in [Content.weights, .architecture] where text.hasSuffix("-\(part.rawValue)") {
      content = part
      text.removeLast(part.rawValue.count + 1)
    }
    guard let release = try? Semantics(parsing: text) else { return nil }
    self.release = release
  }
}
