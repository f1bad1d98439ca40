internal import Foundation
internal import Synchronization

/// Notes a SIGINT while it exists, so that training can end after the current batch.
///
/// Several trainings may run at once: a SIGINT ends them all. A second SIGINT ends the process as
/// usual.
final class Interrupt {
  private typealias Handler = @convention(c) (Int32) -> Void

  /// How many trainings listen, and the handler from before the first of them.
  private struct Listeners {
    var count = 0
    var previous: Handler?
  }
  private static let listeners = Mutex(Listeners())
  /// How often the signal came since the program began.
  private static let signals = Atomic<Int>(0)

  private let before: Int

  init() {
    before = Self.signals.load(ordering: .relaxed)
    Self.listeners.withLock { listeners in
      listeners.count += 1
      guard listeners.count == 1 else { return }
      listeners.previous = signal(SIGINT) { number in
        Interrupt.signals.add(1, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  var isRaised: Bool { Self.signals.load(ordering: .relaxed) > before }

  /// Gives the signal back to whom it belonged, after the last training that listens.
  func end() {
    Self.listeners.withLock { listeners in
      listeners.count -= 1
      if listeners.count == 0 { signal(SIGINT, listeners.previous) }
    }
  }
}
