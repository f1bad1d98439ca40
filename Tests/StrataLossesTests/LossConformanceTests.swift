import Foundation
import StrataCore
import StrataLosses
import StrataSemantics
import StrataTensor
import Testing

/// What every loss and metric must do, run for each built-in under several releases.
@Suite struct LossConformanceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var version: Version
    var testDescription: String { "\(name) under \(version)" }
  }
  static let cases: [Case] = LossRegistry.builtIn.entries.names.flatMap { name in
    ["0.1.0", "0.3.3", "1.2.0", "2.2.4", "2.3.1", "2.15.0", "3.15.1"].map {
      Case(name: name, version: $0)
    }
  }

  private let prediction: [Float] = [0.2, 0.3, 0.5, 0.6, 0.3, 0.1]
  private let target: [Float] = [0.1, 0.8, 0.1, 0.7, 0.2, 0.15]

  private func operands(_ loss: any Loss) -> (target: Tensor, prediction: Tensor) {
    let p = Tensor(prediction, shape: [2, 3])
    let isSparse = loss.targetShape(for: [3]) == [1]
    return (isSparse ? Tensor([1, 0], shape: [2, 1]) : Tensor(target, shape: [2, 3]), p)
  }

  /// The derivative agrees with differences of the score.
  @Test(arguments: cases)
  func derivativeAgreesWithDifferences(_ item: Case) throws {
    let loss = try LossRegistry.builtIn.resolve(item.name, .keras(item.version))
    let (t, p) = operands(loss)
    func total(_ x: Tensor) -> Tensor { loss.perSample(target: t, prediction: x).sum() }
    let gradient = try valueAndGradient(at: [p]) { total($0[0]) }.gradients[0].floats()
    let step: Float = 1.0 / 256
    for index in prediction.indices {
      var (up, down) = (prediction, prediction)
      up[index] += step
      down[index] -= step
      let high = try total(Tensor(up, shape: [2, 3])).scalar()
      let low = try total(Tensor(down, shape: [2, 3])).scalar()
      let width: Float = step + step
      let difference: Float = (high - low) / width
      let tolerance: Float = max(1, abs(difference)) / 50
      #expect(abs(gradient[index] - difference) < tolerance, "\(index)")
    }
  }

  @Test(arguments: cases)
  func symbolicAndConcreteAgree(_ item: Case) throws {
    let loss = try LossRegistry.builtIn.resolve(item.name, .keras(item.version))
    let (t, p) = operands(loss)
    let now = try loss.perSample(target: t, prediction: p).floats()
    let traced = try Function([t.type, p.type]) {
      [loss.perSample(target: $0[0], prediction: $0[1])]
    }
    #expect(try traced(t, p)[0].floats() == now)
  }

  @Test(arguments: cases)
  func survivesCoding(_ item: Case) throws {
    func roundTrip<L: Loss>(_ loss: L) throws {
      let data = try JSONEncoder().encode(loss)
      #expect(try JSONDecoder().decode(L.self, from: data) == loss)
    }
    try roundTrip(try LossRegistry.builtIn.resolve(item.name, .keras(item.version)))
  }

  @Test func everyLossHasAMetricOfItsMean() throws {
    for name in LossRegistry.builtIn.entries.names {
      let loss = try LossRegistry.builtIn.resolve(name, .keras("3.15.1"))
      let metric = try MetricRegistry.builtIn.resolve(name, .keras("3.15.1"))
      let (t, p) = operands(loss)
      let mean = try loss.perSample(target: t, prediction: p).mean().scalar()
      #expect(try metric.batchValue(target: t, prediction: p).scalar() == mean)
    }
  }

  @Test func everyFileIsRegistered() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/StrataLosses")
    func files(_ folder: String) throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(
          atPath: sources.appending(path: folder).path
        ).filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) })
    }
    let losses = LossRegistry.builtIn.entries
    #expect(
      try files("Losses") == Set(losses.names.compactMap { losses[$0] }.map { "\(type(of: $0))" }))
    let metrics = MetricRegistry.builtIn.entries
    let registered = Set(metrics.names.compactMap { metrics[$0] }.map { "\(type(of: $0))" })
      .filter { !$0.hasPrefix("MeanOfLoss<") }
    #expect(try Self.declaredMetrics(in: sources.appending(path: "Metrics")) == registered)
  }

  /// The metrics that files under a folder declare, but for those of losses.
  private static func declaredMetrics(in folder: URL) throws -> Set<String> {
    var found: Set<String> = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /public struct (\w+): Metric/) { found.insert("\(match.1)") }
    }
    return found
  }
}
