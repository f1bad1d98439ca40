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
    try refuseWhatSourcesCannot(options)
    let plan = try settle(options)
    let validation = try options.validationData.map { try checked($0, needsTargets: true) }
    var isWarned = false
    let feed = SourceFeed(source: source) { [self] batch in
      let data = try checked(batch, needsTargets: true)
      if !isWarned, let warning = try warningsOfNaN(in: data, "a batch: ").first {
        isWarned = true
        options.report(warning)
      }
      return try weighted(data, options.classWeight)
    }
    return try run(feed, validation, plan, options, callbacks, observer: nil)
  }

  @discardableResult
  package func fit(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback],
    observer: (any FitObserver)?
  ) throws -> TrainingHistory {
    try requireCompiled()
    let plan = try settle(options)
    let (training, validation) = try divide(data, options)
    for line in try warningsOfNaN(in: training) { options.report(line) }
    let feed = ArrayFeed(training, batchSize: plan.batchSize, shuffle: plan.shuffle)
    return try run(feed, validation, plan, options, callbacks, observer: observer)
  }

  private func run(
    _ feed: any Feed, _ validation: Dataset?, _ plan: FitPlan, _ options: FitOptions,
    _ callbacks: [any Callback], observer: (any FitObserver)?
  ) throws -> TrainingHistory {
    for line in compiled?.optimizer.remarks ?? [] { options.report("warning: \(line)") }
    for callback in callbacks.compactMap({ $0 as? any ConfigurableCallback }) {
      for line in callback.remarks(under: semantics) { options.report("warning: \(line)") }
    }
    if let validation {
      for line in try warningsOfNaN(in: validation, "validation: ") { options.report(line) }
    }
    return try FitLoop(self, feed, validation, plan, options, callbacks, observer: observer).run()
  }

  private func refuseWhatSourcesCannot(_ options: FitOptions) throws {
    guard options.validationSplit == 0 else {
      throw DataError(
        owner: "validationSplit", expected: "0 for batches of a source (give validationData)",
        found: "\(options.validationSplit)")
    }
  }

  /// Every choice that was left to the release.
  func settle(_ options: FitOptions) throws -> FitPlan {
    guard (0..<1).contains(options.validationSplit) else {
      throw DataError(
        owner: "validationSplit", expected: "a fraction from 0 to below 1",
        found: "\(options.validationSplit)")
    }
    let epochs = options.epochs ?? FitHistory.epochs.value(under: semantics)
    for (owner, value) in [("epochs", epochs), ("initialEpoch", options.initialEpoch)]
    where value < 0 {
      throw DataError(owner: owner, expected: "at least 0", found: "\(value)")
    }
    let size = options.validationBatchSize ?? 1
    guard options.validationFrequency > 0, size > 0 else {
      throw DataError(
        owner: "validation", expected: "a frequency and a batch size above 0",
        found: "\(options.validationFrequency), \(size)")
    }
    return FitPlan(
      batchSize: try batchSize(options.batchSize), epochs: epochs,
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
    guard training.count > 0 else {
      throw DataError(
        owner: "validationSplit", expected: "a fraction that leaves samples to train on",
        found: "\(options.validationSplit) of \(data.count)")
    }
    return (
      reachesValidation ? training : try weighted(training, options.classWeight), validation
    )
  }

  /// The weight of its class for each sample, combined with given weights by the release's rule.
  private func weighted(_ data: Dataset, _ classWeight: [Int: Float]?) throws -> Dataset {
    guard let classWeight else { return data }
    let rule = WeightCombination.history.value(under: semantics)
    let given = data.weights.first ?? nil
    if given != nil, rule == .sampleWeightsAlone { return data }
    try checkClassWeights(data, given: given, rule)
    let weights = try classes(of: data.targets[0]).enumerated().map { row, label in
      guard let number = Int(exactly: label), let weight = classWeight[number] else {
        throw DataError(
          owner: "classWeight", expected: "a weight for every class",
          found: "none for class \(PythonNumber.shortest(Double(label))) of row \(row)")
      }
      return weight
    }
    let ofClasses = Tensor(weights, shape: [weights.count])
    var data = data
    data.weights[0] = given.map { ofClasses * $0 } ?? ofClasses
    return data
  }

  private func checkClassWeights(
    _ data: Dataset, given: Tensor?, _ rule: WeightCombination
  ) throws {
    func fail(_ expected: String, _ found: String) -> DataError {
      DataError(owner: "classWeight", expected: expected, found: found)
    }
    guard data.targets.count == 1 else {
      throw fail("a model with one output", "\(data.targets.count)")
    }
    guard data.targets[0].rank == 2 else {
      throw fail("targets [samples, classes] or [samples, 1]", "\(data.targets[0].shape)")
    }
    if given != nil, rule == .refused { throw fail("no sample weights under \(semantics)", "both") }
    if let given, given.rank != 1 { throw fail("one sample weight a sample", "\(given.shape)") }
  }

  private func classes(of target: Tensor) throws -> [Float] {
    try target.shape.last > 1 ? target.argMax().asFloat32().floats() : target.floats()
  }
}
