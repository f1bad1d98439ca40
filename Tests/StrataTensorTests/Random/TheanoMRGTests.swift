import Foundation
import StrataTensor
import Testing

/// Against draws recorded from Theano 0.9.0 (`Tests/Fixtures/random/theano_mrg.py`).
@Suite struct TheanoMRGTests {
  struct Record: Decodable {
    struct Fixed: Decodable {
      let seed: Int
      let size: [Int]
      let streams: Int
      let firstBits: [[[UInt32]]]
      let sumOfBits: [[UInt64]]
    }
    struct Dropout: Decodable {
      let seed: Int
      let level: Double
      let shape: [Int]
      let maskDigits: [String]
      let maskSums, maskWeighted: [Int]
      let xBits, yBits: [UInt32]
    }
    enum Guess: Decodable, Equatable {
      case size([Int])
      case streams(Int)
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let size = try? container.decode([Int].self) {
          self = .size(size)
        } else {
          self = .streams(try container.decode(Int.self))
        }
      }
    }
    let substreams: [[UInt32]]
    let after: [UInt32]
    let guess: [[Guess]]
    let fixed: [Fixed]
    let dropout: [Dropout]
  }

  let record: Record

  init() throws {
    record = try recordedFixture("random/theano-0.9.0.json", as: Record.self)
  }

  @Test func tablesOfStreams() throws {
    var generator = try TheanoMRG(seed: 1337)
    #expect(generator.variable(streams: 5).words == record.substreams)
    #expect(generator.words == record.after)
  }

  @Test func numberOfStreams() {
    for guess in record.guess {
      guard case .size(let size) = guess[0] else { continue }
      #expect(guess[1] == .streams(TheanoMRG.streamCount(elements: size.reduce(1, *))))
    }
    #expect(record.guess.count == 6)
  }

  @Test func uniformValuesAndTheAdvanceOfTheState() throws {
    for fixed in record.fixed {
      var generator = try TheanoMRG(seed: fixed.seed)
      let count = fixed.size.reduce(1, *)
      for variableIndex in 0..<2 {
        var variable = generator.variable(streams: TheanoMRG.streamCount(elements: count))
        #expect(variable.streamCount == fixed.streams)
        for call in 0..<2 {
          let bits = variable.uniform(count: count).map(\.bitPattern)
          #expect(Array(bits.prefix(20)) == fixed.firstBits[variableIndex][call])
          #expect(
            bits.reduce(0) { $0 + UInt64($1) } == fixed.sumOfBits[variableIndex][call])
        }
      }
    }
  }

  @Test func dropoutMasks() throws {
    for dropout in record.dropout {
      var generator = try TheanoMRG(seed: dropout.seed)
      var variable = generator.variable()
      let keep = Float(1 - dropout.level)
      for call in 0..<3 {
        let mask = variable.binomial(probability: keep, count: dropout.shape.reduce(1, *))
        #expect(mask.prefix(200).map { $0 == 1 ? "1" : "0" }.joined() == dropout.maskDigits[call])
        #expect(Int(mask.reduce(0, +)) == dropout.maskSums[call])
        let weighted = mask.enumerated().reduce(0) { $0 + ($1.element == 1 ? $1.offset : 0) }
        #expect(weighted == dropout.maskWeighted[call])
      }
    }
  }

  /// `x * mask / keep` as Theano compiles it: with the reciprocal of `keep`.
  @Test func maskedAndScaledValues() throws {
    for dropout in record.dropout {
      var generator = try TheanoMRG(seed: dropout.seed)
      var variable = generator.variable()
      let keep = Float(1 - dropout.level)
      let mask = variable.binomial(probability: keep, count: 40)
      let values = zip(dropout.xBits, mask).map { 1 / keep * Float(bitPattern: $0) * $1 }
      #expect(values.map(\.bitPattern) == dropout.yBits)
    }
  }

  @Test func savedVariableGoesOn() throws {
    var generator = try TheanoMRG(seed: 5)
    var variable = generator.variable(streams: 7)
    _ = variable.uniform(count: 10)
    let saved = try JSONEncoder().encode(RandomStream.theano(variable))
    guard case .theano(var restored) = try JSONDecoder().decode(RandomStream.self, from: saved)
    else {
      Issue.record("another kind of stream came back")
      return
    }
    #expect(restored.uniform(count: 9) == variable.uniform(count: 9))
  }

  @Test func seedsOutsideTheRangeAreRejected() {
    for seed in [0, -3, 2_147_462_579] {
      let error = #expect(throws: RandomStateError.self) { try TheanoMRG(seed: seed) }
      #expect(
        error?.description == "theano-mrg random stream: a state needs a seed of 1...2147462578, "
          + "but got \(seed).")
    }
  }
}
