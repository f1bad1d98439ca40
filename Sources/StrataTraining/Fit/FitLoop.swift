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
  private var end = FitEnd.complete
  private let keys: [String]
  /// Kept apart from the feed, which is being changed while callbacks look at the progress.
  private let sampleCount: Int?
  private let rules: FitRules

  init(
    _ model: Model, _ feed: any Feed, _ validation: Dataset?, _ plan: FitPlan,
    _ options: FitOptions, _ callbacks: [any Callback], observer: (any FitObserver)?
  ) throws {
    self.model = model
    self.feed = feed
    sampleCount = feed.sampleCount
    self.validation = validation
    self.plan = plan
    self.options = options
    self.observer = observer
    keys = model.logKeys
    rules = FitRules(under: model.semantics)
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
    model.profiler = options.profiler
    defer {
      model.profiler = nil
      interrupt?.end()
    }
    try observer?.fitBegan(model, plan)
    try callbacks.trainBegin(self)
    var epoch = plan.initialEpoch
    while epoch < plan.epochs, !isStopping, !isInterrupted(interrupt) {
      try run(epoch: epoch, interrupt)
      epoch += 1
    }
    model.adoptAverages()
    try callbacks.trainEnd(self)
    try observer?.fitEnded(model, end)
    return history
  }

  private func isInterrupted(_ interrupt: Interrupt?) -> Bool {
    (interrupt?.isRaised ?? false) || Task<Never, Never>.isCancelled
      || (observer?.interrupts ?? false)
  }

  private func run(epoch: Int, _ interrupt: Interrupt?) throws {
    try callbacks.epochBegin(epoch, self)
    var average = BatchAverage(keys, rules.lossAverage)
    var end = EpochEnd.complete
    feed.reorder(&model.random)
    try feed.forEachBatch(epoch: epoch) { index, batch in
      try run(batch, index, epoch, &average)
      if isInterrupted(interrupt) {
        end = .interrupted
      } else if isStopping, rules.stop != .finishesEpoch {
        end = .stopped
      }
      return end == .complete
    }
    guard average.seen > 0 else {
      throw DataError(owner: "batches", expected: "at least one in epoch \(epoch)", found: "none")
    }
    if end == .interrupted {
      isStopping = true
      self.end = .interrupted
    }
    var logs = try rules.ordered(average.logs, validate(after: end))
    try callbacks.epochEnd(epoch, &logs, self)
    try observer?.epochEnded(epoch, logs, model)
  }

  /// The validation's values, none where the epoch's end forbids it.
  private func validate(after end: EpochEnd) throws -> Logs {
    let isDue =
      switch end {
      case .complete: true
      case .stopped: rules.stop == .skipsRest
      case .interrupted: false
      }
    guard isDue, let validation else { return Logs() }
    return try model.evaluate(checked: validation, batchSize: plan.batchSize)
  }

  private func run(
    _ batch: FeedBatch, _ index: Int, _ epoch: Int, _ average: inout BatchAverage
  ) throws {
    guard callbacks.observesBatches else {
      observer?.batchBegins(model)
      let values = try model.step(.train, batch)
      average.add(values, size: batch.rows.count)
      try observer?.batchEnded(epoch, index, values, model)
      return
    }
    var logs = Logs()
    if rules.batchLogs == .values {
      logs["batch"] = Double(index)
      logs["size"] = Double(batch.rows.count)
    }
    try callbacks.batchBegin(index, logs, self)
    observer?.batchBegins(model)
    let values = try model.step(.train, batch)
    average.add(values, size: batch.rows.count)
    switch rules.batchLogs {
    case .values: for (key, value) in zip(keys, values) { logs[key] = Double(value) }
    case .runningMeans: logs = rules.ordered(average.logs, Logs())
    }
    try callbacks.batchEnd(index, logs, self)
    try observer?.batchEnded(epoch, index, values, model)
  }
}

/// How the batches of an epoch came to an end.
private enum EpochEnd { case complete, stopped, interrupted }

/// What the release's fit loop does.
private struct FitRules {
  let batchLogs: BatchLogs
  let order: LogOrder
  let stop: StopWithinEpoch
  let lossAverage: LossAverage

  init(under semantics: Semantics) {
    batchLogs = BatchLogs.history.value(under: semantics)
    order = LogOrder.history.value(under: semantics)
    stop = StopWithinEpoch.history.value(under: semantics)
    lossAverage = LossAverage.history.value(under: semantics)
  }

  /// The logs of an epoch.
  func ordered(_ training: Logs, _ validation: Logs) -> Logs {
    var named = Logs()
    for (key, value) in zip(validation.keys, validation.values) { named["val_\(key)"] = value }
    let parts = order == .validationFirst ? [named, training] : [training, named]
    var logs = Logs()
    for part in parts {
      let keys = order == .alphabetical ? part.keys.sorted() : part.keys
      for key in keys { logs[key] = part[key] }
    }
    return logs
  }
}

extension FitLoop: TrainingControl {
  var progress: TrainingProgress {
    TrainingProgress(
      epochs: plan.epochs, initialEpoch: plan.initialEpoch, batchSize: plan.batchSize,
      sampleCount: sampleCount, validationSampleCount: validation?.count,
      hasValidation: validation != nil,
      metrics: keys + (validation == nil ? [] : keys.map { "val_\($0)" }), isStopping: isStopping)
  }

  var learningRate: Float {
    get { model.optimizerState?.learningRate ?? 0 }
    set { model.optimizerState?.learningRate = newValue }
  }

  func stop() {
    isStopping = true
    if end == .complete { end = .stopped }
  }

  func write(to path: String, _ content: CheckpointContent) throws {
    guard let writer = model.writer else {
      throw CompileError(
        setting: "a writer", expected: "for checkpoints (`model.writer = KerasWriter()`)",
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
