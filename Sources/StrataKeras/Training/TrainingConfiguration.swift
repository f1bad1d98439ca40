public import StrataCore
internal import StrataLosses
internal import StrataSemantics
public import StrataTraining

/// How a saved model was compiled, as far as the file says it.
public struct TrainingConfiguration: Sendable {
  public var optimizer: Optimizer
  /// One for all outputs, or one for each.
  public var losses: [any Loss]
  public var lossWeights: [Float]?
  /// The names of the metrics.
  public var metrics: [String]
  /// The metrics, with their settings where the file gives them.
  public var metricChoices: [MetricChoice]
  public var weightedMetricChoices: [MetricChoice]
  public var sampleWeightMode: String?
}

/// Reads `training_config`, and the compile state in the flat configuration of Keras 0.
struct TrainingReader {
  var semantics: Semantics
  var catalog: Catalog
  var notes: NoteList

  /// The training configuration, for outputs of these names in the file; nil without one.
  func read(_ json: JSONValue, outputs: [String]) throws -> TrainingConfiguration? {
    let isFlat = json["optimizer_config"] == nil
    guard let entry = json[isFlat ? "optimizer" : "optimizer_config"], !entry.isNull else {
      return nil
    }
    guard let className = (entry["class_name"] ?? entry["name"])?.string,
      let config = (isFlat && entry["config"] == nil ? entry : entry["config"])?.object
    else {
      throw KerasFileError(
        subject: "optimizer", expected: "a class and its configuration", found: "\(entry)")
    }
    let codec = OptimizerCodec(
      semantics: semantics, registry: catalog.optimizers, schedules: catalog.schedules,
      notes: notes)
    let mode = json["sample_weight_mode"]?.string
    if let mode {
      notes.add(.ignored, "training", "sample_weight_mode = \(mode) follows from the weights given")
    }
    let metrics = entries(json["metrics"] ?? nil)
    return TrainingConfiguration(
      optimizer: try codec.optimizer(className, config),
      losses: try losses(json["loss"] ?? nil, outputs), lossWeights: weights(json, outputs),
      metrics: metrics.map(\.name), metricChoices: metrics.compactMap(choice),
      weightedMetricChoices: entries(json["weighted_metrics"] ?? nil).compactMap(choice),
      sampleWeightMode: mode)
  }

  private func losses(_ json: JSONValue, _ outputs: [String]) throws -> [any Loss] {
    if let list = json.array { return try list.map(loss) }
    if let object = json.object, object["class_name"] == nil {
      return try outputs.map { name in
        guard let value = object[name] else {
          throw KerasFileError(
            subject: "loss", expected: "a loss for output \(name)",
            found: object.keys.joined(separator: ", "))
        }
        return try loss(value)
      }
    }
    return [try loss(json)]
  }

  private func loss(_ json: JSONValue) throws -> any Loss {
    guard let name = json.string ?? (json["class_name"] ?? json["name"])?.string else {
      throw KerasFileError(subject: "loss", expected: "a name", found: "\(json)")
    }
    do throws(UnknownNameError) {
      return try catalog.losses.entries.resolve(name)
    } catch {
      throw KerasFileError(
        subject: "loss", expected: "one of \(error.known.sorted().joined(separator: ", "))",
        found: "\"\(name)\"")
    }
  }

  private func weights(_ json: JSONValue, _ outputs: [String]) -> [Float]? {
    guard let weights = json["loss_weights"], !weights.isNull else { return nil }
    if let list = weights.array { return list.map { Float($0.double ?? 1) } }
    guard let object = weights.object, !object.keys.isEmpty else { return nil }
    return outputs.map { Float(object[$0]?.double ?? 1) }
  }

  /// Compiles a model as the file says.
  func compile(_ model: Model, _ training: TrainingConfiguration) throws {
    try model.compile(
      optimizer: training.optimizer, losses: training.losses, lossWeights: training.lossWeights,
      metrics: training.metricChoices, weightedMetrics: training.weightedMetricChoices)
  }
}
