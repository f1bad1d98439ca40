public import StrataCore
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics

/// What `compile` was given, with nothing filled in: the same under every release.
public struct CompileDefinition: Sendable {
  public var optimizer: Optimizer
  public var losses: [any Loss]
  public var lossWeights: [Float]?
  public var metrics: [MetricChoice]
  public var weightedMetrics: [MetricChoice]

  public init(
    optimizer: Optimizer, losses: [any Loss], lossWeights: [Float]? = nil,
    metrics: [MetricChoice] = [], weightedMetrics: [MetricChoice] = []
  ) {
    self.optimizer = optimizer
    self.losses = losses
    self.lossWeights = lossWeights
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
  }
}

/// A value with its name, by which a decoder finds its type in the catalog.
private enum NamedKey: String, CodingKey { case name, settings }

extension CompileDefinition: Codable {
  private enum Key: String, CodingKey {
    case optimizer, losses, lossWeights, metrics, weightedMetrics
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(OptimizerCoding(optimizer: optimizer), forKey: .optimizer)
    try container.encode(losses.map(LossCoding.init), forKey: .losses)
    try container.encodeIfPresent(lossWeights, forKey: .lossWeights)
    try container.encode(metrics.map(MetricCoding.init), forKey: .metrics)
    if !weightedMetrics.isEmpty {
      try container.encode(weightedMetrics.map(MetricCoding.init), forKey: .weightedMetrics)
    }
  }

  /// - Throws: `UnknownNameError` for a name that the decoder's catalog does not hold.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    optimizer = try container.decode(OptimizerCoding.self, forKey: .optimizer).optimizer
    losses = try container.decode([LossCoding].self, forKey: .losses).map(\.loss)
    lossWeights = try container.decodeIfPresent([Float].self, forKey: .lossWeights)
    metrics = try container.decode([MetricCoding].self, forKey: .metrics).map(\.choice)
    weightedMetrics =
      try container.decodeIfPresent([MetricCoding].self, forKey: .weightedMetrics)?
      .map(\.choice) ?? []
  }
}

private struct LossCoding: Codable {
  var loss: any Loss

  init(_ loss: any Loss) { self.loss = loss }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(type(of: loss).name, forKey: .name)
    try container.encode(loss, forKey: .settings)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NamedKey.self)
    let known = try decoder.catalog.losses.entries.resolve(
      container.decode(String.self, forKey: .name))
    let type: any Loss.Type = type(of: known)
    loss = try container.decodeValue(of: type, forKey: .settings)
  }
}

private struct MetricCoding: Codable {
  var choice: MetricChoice
  private enum Key: String, CodingKey { case accuracy, typed }

  init(_ choice: MetricChoice) { self.choice = choice }

  func encode(to encoder: any Encoder) throws {
    switch choice {
    case .accuracy(let typed):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(typed, forKey: .accuracy)
    case .metric(let metric): try encode(metric, to: encoder)
    case .named(let typed, let metric):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(typed, forKey: .typed)
      try encode(metric, to: encoder)
    }
  }

  private func encode(_ metric: any Metric, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(type(of: metric).name, forKey: .name)
    try container.encode(metric, forKey: .settings)
  }

  init(from decoder: any Decoder) throws {
    let automatic = try decoder.container(keyedBy: Key.self)
    if let typed = try automatic.decodeIfPresent(String.self, forKey: .accuracy) {
      choice = .accuracy(typed: typed)
      return
    }
    let container = try decoder.container(keyedBy: NamedKey.self)
    let known = try decoder.catalog.metrics.entries.resolve(
      container.decode(String.self, forKey: .name))
    let type: any Metric.Type = type(of: known)
    let metric: any Metric = try container.decodeValue(of: type, forKey: .settings)
    let typed = try automatic.decodeIfPresent(String.self, forKey: .typed)
    choice = typed.map { .named($0, metric) } ?? .metric(metric)
  }
}

private struct ScheduleCoding: Codable {
  var schedule: any LearningRateSchedule

  init(_ schedule: any LearningRateSchedule) { self.schedule = schedule }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(type(of: schedule).className, forKey: .name)
    try container.encode(schedule, forKey: .settings)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NamedKey.self)
    let known = try decoder.catalog.schedules.resolve(
      container.decode(String.self, forKey: .name))
    let type: any LearningRateSchedule.Type = type(of: known)
    schedule = try container.decodeValue(of: type, forKey: .settings)
  }
}

private struct PartCoding: Codable {
  var pattern: String
  var optimizer: OptimizerCoding

  init(_ part: OptimizerPart) {
    pattern = part.pattern
    optimizer = OptimizerCoding(optimizer: part.optimizer)
  }
}

private struct OptimizerCoding: Codable {
  var optimizer: Optimizer

  private enum Key: String, CodingKey {
    case rule, settings, clipNorm, clipValue, globalClipNorm, decay, weightDecay
    case averaging, accumulationSteps, schedule, weightDecayExclusions, parts
  }

  init(optimizer: Optimizer) { self.optimizer = optimizer }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(optimizer.name, forKey: .rule)
    try container.encode(optimizer.rule, forKey: .settings)
    try container.encodeIfPresent(optimizer.clipNorm, forKey: .clipNorm)
    try container.encodeIfPresent(optimizer.clipValue, forKey: .clipValue)
    try container.encodeIfPresent(optimizer.globalClipNorm, forKey: .globalClipNorm)
    try container.encode(optimizer.decay, forKey: .decay)
    try container.encodeIfPresent(optimizer.weightDecay, forKey: .weightDecay)
    try container.encodeIfPresent(optimizer.averaging, forKey: .averaging)
    try container.encodeIfPresent(optimizer.accumulationSteps, forKey: .accumulationSteps)
    try container.encodeIfPresent(
      optimizer.schedule.map(ScheduleCoding.init), forKey: .schedule)
    let exclusions = optimizer.weightDecayExclusions
    if !exclusions.isEmpty { try container.encode(exclusions, forKey: .weightDecayExclusions) }
    let parts = optimizer.parts.map(PartCoding.init)
    if !parts.isEmpty { try container.encode(parts, forKey: .parts) }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let known = try decoder.catalog.optimizers.rule(
      container.decode(String.self, forKey: .rule), .strata)
    let type: any OptimizerRule.Type = type(of: known)
    optimizer = Optimizer(
      try container.decodeValue(of: type, forKey: .settings),
      clipNorm: try container.decodeIfPresent(Float.self, forKey: .clipNorm),
      clipValue: try container.decodeIfPresent(Float.self, forKey: .clipValue),
      globalClipNorm: try container.decodeIfPresent(Float.self, forKey: .globalClipNorm),
      decay: try container.decode(Float.self, forKey: .decay),
      weightDecay: try container.decodeIfPresent(Float.self, forKey: .weightDecay),
      averaging: try container.decodeIfPresent(WeightAveraging.self, forKey: .averaging),
      accumulationSteps: try container.decodeIfPresent(Int.self, forKey: .accumulationSteps),
      schedule: try container.decodeIfPresent(ScheduleCoding.self, forKey: .schedule)?.schedule,
      weightDecayExclusions: try container.decodeIfPresent(
        [String].self, forKey: .weightDecayExclusions) ?? [])
    optimizer.parts =
      try container.decodeIfPresent([PartCoding].self, forKey: .parts)?.map {
        OptimizerPart($0.pattern, $0.optimizer.optimizer)
      } ?? []
  }
}
