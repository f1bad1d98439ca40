import Foundation
import StrataTensor
import Testing

/// What real Keras 0.3.3 and 1.2.0 draw from `np.random.seed(1337)`: see `Tests/Fixtures/seed`.
@Suite struct SeededRunTests {
  struct Run: Decodable {
    struct Weight: Decodable {
      let shape: [Int]
      let fnv1a: String
    }
    enum DrawField: Decodable {
      case text(String)
      case numbers([Int])
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .numbers(try container.decode([Int].self))
        }
      }
    }
    let draws: [[DrawField]]
    let initial: [Weight]
    let initialFloat32: Data?
    let ordersUint16: Data
  }

  /// Plays a record's draws: weights as Float32 in the order drawn, seeds of dropout, orders.
  private struct Replay {
    var weights: [[Float]] = []
    var seeds: [Int] = []
    var recordedSeeds: [Int] = []
    var orders: [[Int]] = []

    init(_ run: Run, firstSeed: Int) {
      var random = NumPyRandom(seed: 1337)
      var order = Array(0..<1500)
      for draw in run.draws {
        guard case .text(let function) = draw[1], case .numbers(let shape) = draw[2]
        else { continue }
        switch function {
        case "uniform":
          let limit = (6 / Double(shape[0] + shape[1])).squareRoot()
          let values = random.uniform(-limit, limit, count: shape[0] * shape[1])
          weights.append(values.map { Float($0) })
        case "normal":
          let normal = random.normal(count: shape[0] * shape[1])
          let u = singularValueDecomposition(normal, rows: shape[0], columns: shape[1]).u
          weights.append(u.map { Float(1.1 * $0) })
        case "randint":
          seeds.append(random.randomInteger(in: firstSeed..<10_000_000))
          recordedSeeds.append(shape[0])
        default:
          random.shuffle(&order)
          orders.append(order)
        }
      }
    }
  }

  private func run(_ release: String, _ model: String) throws -> Run {
    try recordedFixture("seed/keras-\(release)-\(model)-seed1337.json", as: Run.self)
  }

  private func digest(_ values: [Float]) -> String {
    var hash = FNV1a()
    for value in values {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        hash.combine(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    let text = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  private func expectOrders(_ replay: Replay, _ run: Run) {
    let bytes = [UInt8](run.ordersUint16)
    let recorded = stride(from: 0, to: bytes.count, by: 2).map {
      Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8
    }
    #expect(replay.orders.count == 8)
    #expect(Array(replay.orders.joined()) == recorded)
  }

  @Test(arguments: ["0.3.3", "1.2.0"], ["dense", "dropout"])
  func uniformWeightsSeedsAndOrders(release: String, model: String) throws {
    let run = try run(release, model)
    let replay = Replay(run, firstSeed: release == "0.3.3" ? 0 : 1)
    let matrices = run.initial.filter { $0.shape.count == 2 }
    #expect(replay.weights.map(digest) == matrices.map(\.fnv1a))
    #expect(replay.seeds == replay.recordedSeeds)
    #expect(replay.seeds.count == (model == "dropout" ? 2 : 0))
    expectOrders(replay, run)
  }

  /// Gates are drawn i, f, c, o and listed i, c, f, o; orthogonal ones agree to 1e-6.
  @Test(arguments: ["0.3.3", "1.2.0"])
  func recurrentWeights(release: String) throws {
    let run = try run(release, "lstm")
    let replay = Replay(run, firstSeed: 0)
    expectOrders(replay, run)
    let bytes = [UInt8](try #require(run.initialFloat32))
    let recorded = stride(from: 0, to: bytes.count, by: 4).map { i in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) })
    }
    let drawn = replay.weights
    let listed = [0, 1, 4, 5, 2, 3, 6, 7, 8].map { drawn[$0] }
    var offset = 0
    var matrix = 0
    var different = 0
    for weight in run.initial {
      let count = weight.shape.reduce(1, *)
      let values = recorded[offset..<(offset + count)]
      offset += count
      guard weight.shape.count == 2 else { continue }
      #expect(zip(values, listed[matrix]).allSatisfy { abs($0 - $1) < 1e-6 })
      different += zip(values, listed[matrix]).count { $0 != $1 }
      matrix += 1
    }
    #expect(matrix == 9)
    #expect(different < (release == "0.3.3" ? 24 : 1))
  }
}
