internal import StrataCallbacks
internal import StrataCore
internal import StrataLayers
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

extension EventTraceConformance {
  /// With a small model trained by this build's `fit`.
  static let built = EventTraceConformance { request, callback in
    let model = try Model(
      Sequential(input: [4]) { Dense(units: 3, activation: .softmax) },
      semantics: request.semantics, seed: 1)
    try model.compile(
      optimizer: SGD(), loss: CategoricalCrossentropy(),
      metrics: request.accuracy ? [.accuracy] : [])
    var options = FitOptions()
    options.batchSize = request.batchSize
    options.epochs = request.epochs
    options.verbosity = .silent
    options.validationData = request.validationSamples.map(samples)
    return try model.fit(samples(request.samples), options, callbacks: [callback])
  }

  private static func samples(_ count: Int) -> Dataset {
    let x = (0..<count * 4).map { Float($0 % 7) / 7 }
    let y = (0..<count * 3).map { Float($0 % 3 == ($0 / 3) % 3 ? 1 : 0) }
    return Dataset(Tensor(x, shape: [count, 4]), Tensor(y, shape: [count, 3]))
  }
}

extension EventTrace {
  /// Whether a file holds events of one training.
  static func isOne(_ path: String) -> Bool {
    guard let file = try? CallbackFile(path) else { return false }
    return file.root["events"] != nil || file.root["fit"] != nil
  }
}

extension CallbackFile {
  /// Whether a file holds decisions or events of callbacks of a release.
  static func isTrace(_ path: String) -> Bool {
    guard let file = try? CallbackFile(path) else { return false }
    let contents = ["cases", "traces", "trace", "events", "fit"]
    return contents.contains { file.root[$0] != nil }
  }
}
