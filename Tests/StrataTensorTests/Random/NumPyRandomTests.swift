import Foundation
import StrataTensor
import Testing

/// Against draws recorded from NumPy 1.13.3 (`Tests/Fixtures/random/numpy_random.py`).
@Suite struct NumPyRandomTests {
  struct Record: Decodable {
    struct Session: Decodable {
      struct State: Decodable {
        let words: [UInt32]
        let sum: UInt64
        let position: Int
        let hasGauss: Int
        let gauss: Double
      }
      let seed: [UInt32]
      let list: Bool
      let randomSample, uniform, normal, normalAfter: [Double]
      let randintKerasZero, randintKerasOne: Int
      let randintWide, randintSigned, permutation, shuffleList, shuffleArray: [Int]
      let binomial1: [Int]
      let state: State
    }
    struct Binomial: Decodable {
      let trials: Int
      let p: Double
      let draws: [Int]
    }
    let sessions: [Session]
    let binomials: [Binomial]
    let normals1337Float64: Data
    let permutation1337: [Int]
  }

  let record: Record

  init() throws {
    record = try recordedFixture("random/numpy-1.13.3.json", as: Record.self)
  }

  @Test func everyKindOfDrawInOneSession() {
    for session in record.sessions {
      var random =
        session.list ? NumPyRandom(seeds: session.seed) : NumPyRandom(seed: session.seed[0])
      #expect(random.randomSample(count: 5) == session.randomSample)
      #expect(random.uniform(-0.05, 0.05, count: 7) == session.uniform)
      expectClose(random.normal(mean: 0.5, deviation: 0.05, count: 5), session.normal)
      #expect(random.randomInteger(in: 0..<10_000_000) == session.randintKerasZero)
      #expect(random.randomInteger(in: 1..<10_000_000) == session.randintKerasOne)
      #expect(random.randomIntegers(in: 0..<(1 << 40), count: 4) == session.randintWide)
      #expect(random.randomIntegers(in: -5..<5, count: 10) == session.randintSigned)
      #expect(random.permutation(10) == session.permutation)
      var list = Array(0..<7)
      random.shuffle(&list)
      #expect(list == session.shuffleList)
      var array = Array(0..<9)
      random.shuffle(&array)
      #expect(array == session.shuffleArray)
      expectClose(random.normal(count: 3), session.normalAfter)
      #expect(random.binomial(trials: 1, probability: 0.5, count: 20) == session.binomial1)
      expectState(random.state, session.state)
    }
  }

  private func expectClose(_ values: [Double], _ expected: [Double]) {
    #expect(values.count == expected.count)
    #expect(zip(values, expected).allSatisfy { ulps($0, $1) <= 2 })
  }

  private func expectState(_ state: NumPyRandom.State, _ expected: Record.Session.State) {
    #expect(Array(state.words[..<4]) == expected.words)
    #expect(state.words.reduce(0) { $0 + UInt64($1) } == expected.sum)
    #expect(state.position == expected.position)
    #expect((state.spareGauss != nil) == (expected.hasGauss == 1))
    #expect(ulps(state.spareGauss ?? 0, expected.gauss) <= 2)
  }

  @Test func ordersOfManySamples() {
    var random = NumPyRandom(seed: 1337)
    #expect(random.permutation(1500) == record.permutation1337)
  }

  /// 2000 values: within 2 ulp of Float64, and every one equal after rounding to Float32.
  @Test func normalValues() {
    var random = NumPyRandom(seed: 1337)
    let values = random.normal(count: 2000)
    let expected = record.normals1337Float64.withUnsafeBytes {
      $0.loadArray(of: UInt64.self).map { Double(bitPattern: $0) }
    }
    #expect(expected.count == 2000)
    #expect(zip(values, expected).allSatisfy { ulps($0, $1) <= 2 })
    #expect(values.map { Float($0) } == expected.map { Float($0) })
    #expect(zip(values, expected).count { $0 != $1 } < 40)
  }

  /// Inversion, BTPE with both of its acceptance tests, and probabilities above one half.
  @Test func binomialValues() {
    for binomial in record.binomials {
      var random = NumPyRandom(seed: 99)
      let draws = random.binomial(
        trials: binomial.trials, probability: binomial.p, count: binomial.draws.count)
      #expect(draws == binomial.draws, "binomial(\(binomial.trials), \(binomial.p))")
    }
  }

  @Test func savedStateGoesOn() throws {
    var random = NumPyRandom(seed: 7)
    _ = random.normal(count: 3)
    _ = random.permutation(700)
    let saved = try JSONEncoder().encode(RandomStream.numpy(random))
    guard case .numpy(var restored) = try JSONDecoder().decode(RandomStream.self, from: saved)
    else {
      Issue.record("another kind of stream came back")
      return
    }
    #expect(restored == random)
    #expect(restored.normal(count: 5) == random.normal(count: 5))
  }

  @Test func impossibleStateIsRejected() {
    let state = NumPyRandom.State(words: [1, 2, 3], position: 625)
    let error = #expect(throws: RandomStateError.self) { try NumPyRandom(state: state) }
    #expect(
      error?.description == "numpy random stream: a state needs 624 words and a position of "
        + "0...624, but got 3 words and position 625.")
  }

  @Test func smallAndEmpty() {
    var random = NumPyRandom(seed: 1)
    let start = random
    #expect(random.permutation(0).isEmpty)
    #expect(random.permutation(1) == [0])
    #expect(random.interval(0) == 0)
    #expect(random == start, "none of these takes a word")
    #expect(random.binomial(trials: 0, probability: 0.3, count: 2) == [0, 0])
    #expect(random.binomial(trials: 5, probability: 1, count: 2) == [5, 5])
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func loadArray<Value: BitwiseCopyable>(of type: Value.Type) -> [Value] {
    (0..<(count / MemoryLayout<Value>.size)).map {
      loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.size, as: type)
    }
  }
}
