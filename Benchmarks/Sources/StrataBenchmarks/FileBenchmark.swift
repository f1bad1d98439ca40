import Foundation
import Strata

/// Saving and loading the weights of twenty dense layers of 1600 by 1600, 205 MB, as a Keras file.
struct FileBenchmark {
  enum Direction { case save, load }
  var direction: Direction
  var seconds: Double
  static let layers = 20
  static let units = 1600

  func run() throws -> [Field] {
    let path = temporaryFolder + "/strata-io.weights.h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try model()
    let writer = KerasWriter()
    try writer.write(model, to: path, .weights)
    let samples = try Samples.measure(seconds: seconds, warmUp: 0, least: 3) { _ in
      switch direction {
      case .save: try writer.write(model, to: path, .weights)
      case .load: try KerasFile.loadWeights(path, into: model)
      }
    }
    let bytes = 4 * Double(Self.layers * (Self.units + 1) * Self.units)
    return samples.fields + [
      ("gb_per_s", .number(bytes / samples.best * 1e-6)), ("peak_rss_mb", .number(peakMemory)),
    ]
  }

  private func model() throws -> Model {
    let model = try Model(
      Models.dense(
        Self.units, hidden: [Int](repeating: Self.units, count: Self.layers - 1),
        classes: Self.units), semantics: .strata, initializesWeights: false)
    for (number, weight) in model.weights.enumerated() {
      let shape = weight.value.shape
      let values = Deterministic.symmetric(shape.count, 100 + number / 2)
      try model.setWeight(weight.path, to: Tensor(values, shape: shape))
    }
    return model
  }
}

/// Where benchmarks put files: `BENCH_TMP`, or the system's own place.
var temporaryFolder: String {
  ProcessInfo.processInfo.environment["BENCH_TMP"] ?? NSTemporaryDirectory()
}
