internal import StrataCallbacks
internal import StrataCore
internal import StrataLayers
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

extension EventTraceConformance {
  /// Runs the traces against a training of a small model.
  public init() { self.init(fit: Self.train) }

  private static func train(
    _ request: Request, _ callback: any Callback
  ) throws -> TrainingHistory {
    let model = try Model(
      Sequential(input: [2]) { Dense(units: 3, activation: .softmax) },
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
    let x = (0..<2 * count).map { Float($0 % 5) }
    let y = (0..<count).flatMap { row in (0..<3).map { row % 3 == $0 ? Float(1) : 0 } }
    return Dataset(Tensor(x, shape: [count, 2]), Tensor(y, shape: [count, 3]))
  }
}
