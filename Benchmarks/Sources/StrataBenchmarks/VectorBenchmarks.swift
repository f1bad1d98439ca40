import Strata

/// An Adam update of ten million parameters in one or many tensors, with constant gradients.
struct UpdateBenchmark {
  var tensors: Int
  var seconds: Double
  static let parameters = 10_000_000

  func run() throws -> [Field] {
    let size = Self.parameters / tensors
    let values = Tensor(Deterministic.symmetric(size, 10), shape: [size])
    let gradient = Tensor(Deterministic.symmetric(size, 11).map { $0 * 0.01 }, shape: [size])
    let updater = try Updater(
      Adam(), parameters: [Tensor](repeating: values, count: tensors))
    let gradients = [Tensor](repeating: gradient, count: tensors)
    let samples = try Samples.measure(seconds: seconds) { _ in try updater.step(gradients) }
    let bytes = 28 * Double(Self.parameters)
    return samples.fields + [
      ("gb_per_s", .number(bytes / samples.best * 1e-6)), ("peak_rss_mb", .number(peakMemory)),
    ]
  }
}

/// A product of square matrices, or of few rows with a matrix of 2048 by 2048.
struct ProductBenchmark {
  var rows: Int
  var inner: Int
  var seconds: Double

  /// From a name such as `512` or `m32`.
  init?(_ name: Substring, seconds: Double) {
    guard let size = Int(name.first == "m" ? name.dropFirst() : name) else { return nil }
    rows = size
    inner = name.first == "m" ? 2048 : size
    self.seconds = seconds
  }

  func run() throws -> [Field] {
    let a = Tensor(Deterministic.symmetric(rows * inner, 1), shape: [rows, inner])
    let b = Tensor(Deterministic.symmetric(inner * inner, 2), shape: [inner, inner])
    let product = try Function([a.type, b.type]) { [$0[0].matmul($0[1])] }
    let samples = try Samples.measure(seconds: seconds) { _ in try product.run([a, b]) }
    let operations = 2 * Double(rows) * Double(inner) * Double(inner)
    return samples.fields + [
      ("gflops", .number(operations / samples.best * 1e-6)), ("peak_rss_mb", .number(peakMemory)),
    ]
  }
}

/// Predictions for one sample at a time: sixteen of them in turn.
struct InferenceBenchmark {
  var workload: Workload
  var seconds: Double

  func run() throws -> [Field] {
    let model = try Model(workload.architecture, semantics: .strata, seed: 1)
    try Deterministic.initialize(model)
    let predictor = try model.predictor(batchSize: 1)
    let data = workload.dataset(16)
    let inputs = (0..<16).map { data.slice($0..<($0 + 1)).inputs[0] }
    var sum: Float = 0
    let samples = try Samples.measure(seconds: seconds, warmUp: 0.5, least: 10) { number in
      sum += try predictor.predict(inputs[number & 15]).floats()[0]
    }
    precondition(!sum.isNaN)
    return samples.fields + [("peak_rss_mb", .number(peakMemory))]
  }
}
