internal import CStrataKernels
public import Testing

/// A turn at a time: a test of this trait chooses the instruction set or the number of threads, which
/// the whole process shares, so no other test of the trait runs meanwhile.
public struct ChoosesMachine: SuiteTrait, TestTrait, TestScoping {
  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    await Turn.shared.take()
    let chosen = String(cString: strata_isa_name())
    let threads = strata_thread_count()
    var failure: (any Error)?
    do { try await body() } catch { failure = error }
    _ = strata_select_isa(chosen)
    strata_set_thread_count(threads)
    await Turn.shared.pass()
    if let failure { throw failure }
  }
}

extension Trait where Self == ChoosesMachine {
  /// No other test that chooses the instruction set or the number of threads runs meanwhile.
  public static var choosesMachine: ChoosesMachine { ChoosesMachine() }
}

/// Runs `body` on every instruction set with each number of threads, in a test that
/// ``ChoosesMachine``.
public func withEveryConfiguration(
  threads: [Int] = [1, 2, 3, 4], _ body: (_ label: String) throws -> Void
) rethrows {
  for name in instructionSets() {
    for number in threads {
      _ = strata_select_isa(name)
      strata_set_thread_count(Int32(number))
      try body("\(name), \(number) threads")
    }
  }
}

/// The instruction sets of this processor, the best one first; the last one stays chosen.
public func instructionSets() -> [String] {
  ["avx512", "avx2", "baseline", "neon"].filter { strata_select_isa($0) }
}

/// A lock whose waiters suspend, first come, first served.
private actor Turn {
  static let shared = Turn()

  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func pass() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
