public import StrataCallbacks
public import StrataCore
internal import StrataSemantics
public import StrataTensor

extension Model {
  /// Trains on samples in memory.
  ///
  ///     try model.fit(x, y, batchSize: 32, epochs: 20, validationData: Dataset(vx, vy))
  ///
  /// - Returns: the history of loss and metrics.
  /// - Throws: `DataError`, `CompileError`, or what a callback throws.
  @discardableResult
  public func fit(
    _ x: Tensor, _ y: Tensor, batchSize: Int? = nil, epochs: Int? = nil, initialEpoch: Int = 0,
    verbosity: Verbosity = .bar, validationData: Dataset? = nil,
    validationSplit: Double = 0, shuffle: Shuffle = .samples, classWeight: [Int: Float]? = nil,
    sampleWeight: Tensor? = nil, callbacks: [any Callback] = []
  ) throws -> TrainingHistory {
    var options = FitOptions()
    options.batchSize = batchSize
    options.epochs = epochs
    options.initialEpoch = initialEpoch
    options.verbosity = verbosity
    options.validationData = validationData
    options.validationSplit = validationSplit
    options.shuffle = shuffle
    options.classWeight = classWeight
    return try fit(Dataset(x, y, weights: sampleWeight), options, callbacks: callbacks)
  }

  /// Trains on samples in memory, for any number of inputs and outputs.
  ///
  /// - Throws: `DataError`, `CompileError`, or what a callback throws.
  @discardableResult
  public func fit(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback] = []
  ) throws -> TrainingHistory {
    try fit(data, options, callbacks: callbacks, observer: nil)
  }

  /// Trains on batches that a source makes, which need not fit in memory.
  ///
  /// - Throws: `DataError`, `CompileError`, or what the source or a callback throws.
  @discardableResult
  public func fit<Source: BatchSource>(
    batches source: Source, _ options: FitOptions, callbacks: [any Callback] = []
  ) throws -> TrainingHistory {
    try requireCompiled()
    let validation = try options.validationData.map { try checked($0, needsTargets: true) }
    let plan = try settle(options)
    let feed = SourceFeed(source: source) { [self] batch in
      try weighted(try checked(batch, needsTargets: true), options.classWeight)
    }
    let loop = try FitLoop(self, feed, validation, plan, options, callbacks, observer: nil)
    return try loop.run()
  }

  @discardableResult
  package func fit(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback],
    observer: (any FitObserver)?
  ) throws -> TrainingHistory {
    try requireCompiled()
    let plan = try settle(options)
    let (training, validation) = try divide(data, options)
    let feed = ArrayFeed(training, batchSize: plan.batchSize, shuffle: plan.shuffle)
    let loop = try FitLoop(self, feed, validation, plan, options, callbacks, observer: observer)
    if let (input, row) = try firstRowWithNaN(training) {
      loop.report("warning: \(input) holds a NaN in row \(row); training goes on.")
    }
    return try loop.run()
  }

  /// Every choice that was left to the release.
  func settle(_ options: FitOptions) throws -> FitPlan {
    guard (0..<1).contains(options.validationSplit) else {
      throw DataError(
        owner: "validationSplit", expected: "a fraction from 0 to below 1",
        found: "\(options.validationSplit)")
    }
    return FitPlan(
      batchSize: try batchSize(options.batchSize),
      epochs: options.epochs ?? FitHistory.epochs.value(under: semantics),
      initialEpoch: options.initialEpoch, shuffle: options.shuffle,
      validationSplit: options.validationSplit, classWeight: options.classWeight)
  }

  /// Training and validation samples, checked and weighted.
  private func divide(
    _ data: Dataset, _ options: FitOptions
  ) throws -> (training: Dataset, validation: Dataset?) {
    let data = try checked(data, needsTargets: true)
    if let validation = options.validationData {
      return (
        try weighted(data, options.classWeight), try checked(validation, needsTargets: true)
      )
    }
    guard options.validationSplit > 0 else {
      return (try weighted(data, options.classWeight), nil)
    }
    let reachesValidation = FitHistory.classWeightsReachValidation.value(under: semantics)
    let whole = reachesValidation ? try weighted(data, options.classWeight) : data
    let (training, validation) = whole.split(validationFraction: options.validationSplit)
    return (
      reachesValidation ? training : try weighted(training, options.classWeight), validation
    )
  }

  /// The weight of its class for each sample; given sample weights take precedence.
  private func weighted(_ data: Dataset, _ classWeight: [Int: Float]?) throws -> Dataset {
    guard let classWeight, data.weights.allSatisfy({ $0 == nil }) else { return data }
    var data = data
    for index in data.targets.indices {
      let target = data.targets[index]
      let classes =
        try target.shape.last > 1 ? target.argMax().floats() : target.floats()
      let weights = try classes.map { label in
        guard let weight = classWeight[Int(label)] else {
          throw DataError(
            owner: "classWeight", expected: "a weight for every class",
            found: "none for class \(Int(label))")
        }
        return weight
      }
      data.weights[index] = Tensor(weights, shape: [weights.count])
    }
    return data
  }
}
