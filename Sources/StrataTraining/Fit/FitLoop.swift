internal import StrataCallbacks
internal import StrataCore
internal import StrataSemantics
internal import StrataTensor

/// The training loop: epochs, batches, validation, events.
final class FitLoop {
  let model: Model
  var feed: any Feed
  let validation: Dataset?
  let plan: FitPlan
  let options: FitOptions
  private let callbacks: CallbackList
  private let history = TrainingHistory()
  let observer: (any FitObserver)?
  var isStopping = false
  var end = FitEnd.complete
  /// What a callback asked for that cannot be.
  var refusal: CompileError?
  var firstEpoch: Int
  let keys: [String]
  /// Kept apart from the feed, which is being changed while callbacks look at the progress.
  let sampleCount: Int?
  private let rules: FitRules

  init(
    _ model: Model, _ feed: any Feed, _ validation: Dataset?, _ plan: FitPlan,
    _ options: FitOptions, _ callbacks: [any Callback], observer: (any FitObserver)?
  ) throws {
    self.model = model
    self.feed = feed
    sampleCount = feed.sampleCount
    firstEpoch = plan.initialEpoch
    if let order = options.initialOrder { self.feed.order = order }
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
    model.shadow = options.shadow
    options.shadow?.begin()
    defer {
      model.profiler = nil
      model.shadow = nil
      interrupt?.end()
    }
    try observer?.fitBegan(model, plan)
    try callbacks.trainBegin(self)
    var epoch = firstEpoch
    while epoch < plan.epochs, !isStopping, !isInterrupted(interrupt) {
      try run(epoch: epoch, interrupt)
      epoch += 1
    }
    if let refusal { throw refusal }
    if end == .complete, epoch < plan.epochs { end = .interrupted }
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
    var average = BatchAverage(model)
    model.metricMemory?.reset()
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
    var logs = try rules.ordered(average.logs, validate(epoch, after: end))
    options.shadow?.epochEnded(epoch, model)
    try callbacks.epochEnd(epoch, &logs, self)
    try observer?.epochEnded(epoch, logs, model)
  }

  /// The validation's values, none where the epoch's end forbids it.
  private func validate(_ epoch: Int, after end: EpochEnd) throws -> Logs {
    let isDue =
      switch end {
      case .complete: true
      case .stopped: rules.stop == .skipsRest
      case .interrupted: false
      }
    let isItsTurn = (epoch + 1).isMultiple(of: options.validationFrequency)
    guard isDue, isItsTurn, let validation else { return Logs() }
    try callbacks.testBegin(self)
    let size = options.validationBatchSize ?? plan.batchSize
    let logs = try model.evaluate(checked: validation, batchSize: size)
    try callbacks.testEnd(self)
    return logs
  }

  private func run(
    _ batch: FeedBatch, _ index: Int, _ epoch: Int, _ average: inout BatchAverage
  ) throws {
    if let refusal { throw refusal }
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
    case .values: average.add(values, to: &logs)
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

  init(under semantics: Semantics) {
    batchLogs = BatchLogs.history.value(under: semantics)
    order = LogOrder.history.value(under: semantics)
    stop = StopWithinEpoch.history.value(under: semantics)
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
