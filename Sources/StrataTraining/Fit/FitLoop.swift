internal import StrataCallbacks
internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// The training loop: epochs, batches, validation, events.
final class FitLoop {
  private let model: Model
  private var feed: any Feed
  private let validation: Dataset?
  private let plan: FitPlan
  private let options: FitOptions
  private let callbacks: CallbackList
  private let history = TrainingHistory()
  private let observer: (any FitObserver)?
  private var isStopping = false
  private let keys: [String]

  init(
    _ model: Model, _ feed: any Feed, _ validation: Dataset?, _ plan: FitPlan,
    _ options: FitOptions, _ callbacks: [any Callback], observer: (any FitObserver)?
  ) throws {
    self.model = model
    self.feed = feed
    self.validation = validation
    self.plan = plan
    self.options = options
    self.observer = observer
    keys = model.logKeys
    let progress =
      options.verbosity == .silent
      ? nil : ProgressLogger(options.verbosity, sink: options.progressSink)
    let list = try CallbackList(
      user: callbacks, history: history, progress: progress, under: model.semantics)
    for watcher in options.watchers { try watcher.resolve(under: model.semantics) }
    self.callbacks = CallbackList(list.callbacks + options.watchers)
  }

  func run() throws -> TrainingHistory {
    let interrupt = options.stopsOnInterrupt ? Interrupt() : nil
    defer { interrupt?.end() }
    try observer?.fitBegan(model, plan)
    try callbacks.trainBegin(self)
    var epoch = plan.initialEpoch
    while epoch < plan.epochs, !isStopping {
      try run(epoch: epoch, interrupt)
      epoch += 1
    }
    try callbacks.trainEnd(self)
    try observer?.fitEnded(model)
    return history
  }

  private func run(epoch: Int, _ interrupt: Interrupt?) throws {
    try callbacks.epochBegin(epoch, self)
    var average = BatchAverage(keys)
    var random = model.random
    var isInterrupted = false
    try feed.forEachBatch(epoch: epoch, &random) { index, batch, random in
      model.random = random
      defer { random = model.random }
      average.add(try run(batch, index, epoch), size: batch.rows.count)
      isInterrupted = (interrupt?.isRaised ?? false) || Task<Never, Never>.isCancelled
      return !isInterrupted
    }
    model.random = random
    if isInterrupted { isStopping = true }
    var logs = average.logs
    if let validation, !isInterrupted {
      let values = try model.evaluate(checked: validation, batchSize: plan.batchSize)
      for (key, value) in zip(values.keys, values.values) { logs["val_\(key)"] = value }
    }
    try callbacks.epochEnd(epoch, &logs, self)
    try observer?.epochEnded(epoch, logs, model)
  }

  private func run(_ batch: FeedBatch, _ index: Int, _ epoch: Int) throws -> [Float] {
    guard callbacks.observesBatches else {
      let values = try model.step(.train, batch)
      try observer?.batchEnded(epoch, index, values, model)
      return values
    }
    var logs = Logs()
    logs["batch"] = Double(index)
    logs["size"] = Double(batch.rows.count)
    try callbacks.batchBegin(index, logs, self)
    let values = try model.step(.train, batch)
    for (key, value) in zip(keys, values) { logs[key] = Double(value) }
    try callbacks.batchEnd(index, logs, self)
    try observer?.batchEnded(epoch, index, values, model)
    return values
  }
}

extension FitLoop: TrainingControl {
  var progress: TrainingProgress {
    TrainingProgress(
      epochs: plan.epochs, initialEpoch: plan.initialEpoch, batchSize: plan.batchSize,
      sampleCount: feed.sampleCount, validationSampleCount: validation?.count,
      hasValidation: validation != nil,
      metrics: keys + (validation == nil ? [] : keys.map { "val_\($0)" }), isStopping: isStopping)
  }

  var learningRate: Float {
    get { model.optimizerState?.learningRate ?? 0 }
    set { model.optimizerState?.learningRate = newValue }
  }

  func stop() { isStopping = true }

  func write(to path: String, _ content: CheckpointContent) throws {
    guard let writer = model.writer else {
      throw CompileError(
        setting: "a file writer", expected: "for checkpoints (import Strata, or StrataKeras)",
        found: "none")
    }
    try writer.write(model, to: path, content)
  }

  func snapshotWeights() throws -> WeightSnapshot {
    WeightSnapshot(try model.weights.map { try $0.value.floats() })
  }

  func restoreWeights(_ snapshot: WeightSnapshot) throws {
    let shapes = model.parameters.map(\.spec.shape)
    try model.setWeights(zip(snapshot.values, shapes).map { Tensor($0, shape: $1) })
  }

  func report(_ message: String) { options.report(message) }
}
