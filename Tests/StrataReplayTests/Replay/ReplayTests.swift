import Foundation
import StrataCallbacks
import StrataCore
import StrataHDF5
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@Suite struct ReplayTests {
  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).run.h5").path
  }

  private func samples(_ count: Int, seed: UInt64) -> Dataset {
    var random = Philox(seed: seed, name: "samples")
    let x = random.normal(count: count * 6)
    let labels = (0..<count).map { x[$0 * 6] + x[$0 * 6 + 1] > 0 ? 1 : 0 }
    let y = labels.flatMap { [Float(1 - $0), Float($0)] }
    return Dataset(Tensor(x, shape: [count, 6]), Tensor(y, shape: [count, 2]))
  }

  /// Trains a network with dropout, batch normalisation and a schedule, recording to `path`.
  private func record(_ semantics: Semantics, to path: String) throws {
    let model = try Model(
      Sequential(input: [6]) {
        Dense(units: 8, activation: .relu)
        BatchNormalization()
        Dropout(rate: 0.25)
        Dense(units: 2, activation: .softmax)
      }, semantics: semantics, seed: 7)
    try model.compile(
      optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    var options = FitOptions()
    options.batchSize = 10
    options.epochs = 4
    options.verbosity = .silent
    options.validationData = samples(20, seed: 2)
    try model.fit(
      samples(44, seed: 1), options, callbacks: [try Step(steps: [2], rates: [1e-2, 1e-3])],
      recordTo: path, includesData: true)
  }

  @Test(arguments: [Semantics.keras("0.3.3"), .keras("1.2.0"), .keras("2.3.1"), .strata])
  func comesOutToTheLastBit(_ semantics: Semantics) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(semantics, to: path)
    for _ in 0..<2 {
      let report = try Replayer(RunFile(contentsOf: path)).replay()
      #expect(report.isIdentical, "\(report.difference ?? "")")
      #expect(report.epochs.count == 4)
    }
  }

  @Test func otherSemanticsGiveAnotherHistory() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("0.3.3"), to: path)
    let report = try Replayer(RunFile(contentsOf: path)).replay(as: .keras("1.2.0"))
    #expect(!report.isIdentical)
    #expect(report.firstDifference?.epoch == 0)
  }

  /// One flipped bit in the data, an initial weight or a recorded value is named.
  @Test(arguments: [
    "data/x0", "data/y0", "validation/x0", "initial/0000", "batch/loss", "history/val_loss",
  ])
  func aFlippedBitIsNamed(_ place: String) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("1.2.0"), to: path)
    do {
      let file = try HDF5File.open(path, access: .readWrite)
      let dataset = try file.root.dataset(place)
      if place.hasPrefix("history") {
        var values = try dataset.read(as: Double.self)
        values[1] = Double(bitPattern: values[1].bitPattern ^ 1)
        try dataset.write(values)
      } else {
        var values = try dataset.read(as: Float.self)
        values[1] = Float(bitPattern: values[1].bitPattern ^ 1)
        try dataset.write(values)
      }
      try file.close()
    }
    let error = #expect(throws: RunFileError.self) { try RunFile(contentsOf: path) }
    #expect(error?.place == place)
  }

  @Test func otherDataAreRefused() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try record(.keras("1.2.0"), to: path)
    let replayer = try Replayer(RunFile(contentsOf: path))
    let error = #expect(throws: ReplayError.self) {
      try replayer.replay(data: samples(44, seed: 3))
    }
    #expect(error?.place == "data/x0")
  }
}
