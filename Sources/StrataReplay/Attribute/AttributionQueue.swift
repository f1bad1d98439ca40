internal import Dispatch
internal import Foundation
internal import StrataSemantics
internal import Synchronization

/// How far an attribution is.
public struct AttributionProgress: Sendable {
  public var done: Int
  public var count: Int
  public var secondsPassed: Double
  /// Estimated from the trainings that are done.
  public var secondsLeft: Double
}

/// Runs trainings on several threads, the longest first.
struct AttributionQueue {
  var jobs: Int
  var onProgress: @Sendable (AttributionProgress) -> Void

  /// A training of a variant.
  struct Training: Sendable, Hashable {
    var semantics: Semantics
    var seed: UInt64
  }

  private final class Board: Sendable {
    struct State {
      var next = 0
      var outcomes: [Training: VariantOutcome] = [:]
      var workDone = 0.0
    }
    let state = Mutex(State())
  }

  func run(
    _ trainings: [Training], work: (Semantics) -> Double, _ runner: VariantRunner
  ) -> [Training: VariantOutcome] {
    let ordered = trainings.map { (training: $0, work: work($0.semantics)) }
      .sorted { $0.work > $1.work }
    let total = ordered.map(\.work).reduce(0, +)
    let board = Board()
    let start = Date()
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, ordered.count))) { _ in
      while true {
        let index = board.state.withLock { state in
          state.next += 1
          return state.next - 1
        }
        guard index < ordered.count else { return }
        let (training, work) = ordered[index]
        let outcome = runner.outcome(training.semantics, seed: training.seed)
        let progress = board.state.withLock { state in
          state.outcomes[training] = outcome
          state.workDone += work
          let passed = Date().timeIntervalSince(start)
          return AttributionProgress(
            done: state.outcomes.count, count: ordered.count, secondsPassed: passed,
            secondsLeft: passed * (total - state.workDone) / max(state.workDone, 1e-9))
        }
        onProgress(progress)
      }
    }
    return board.state.withLock { $0.outcomes }
  }
}
