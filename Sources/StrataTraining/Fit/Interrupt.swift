internal import Foundation
internal import Synchronization

/// Notes a SIGINT while it exists, so that training can end after the current batch.
///
/// A second SIGINT ends the process as usual.
final class Interrupt {
  private static let raised = Atomic<Bool>(false)
  private let previous: (@convention(c) (Int32) -> Void)?

  init() {
    Self.raised.store(false, ordering: .relaxed)
    previous = signal(SIGINT) { number in
      Interrupt.raised.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
  }

  var isRaised: Bool { Self.raised.load(ordering: .relaxed) }

  func end() { signal(SIGINT, previous) }
}
