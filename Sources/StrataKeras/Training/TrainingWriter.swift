internal import StrataCore
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTraining

/// Writes how a model is compiled.
struct TrainingWriter {
  var semantics: Semantics
  var notes: NoteList

  private var codec: OptimizerCodec {
    OptimizerCodec(semantics: semantics, registry: .builtIn, notes: notes)
  }

  /// `training_config`; nil for a model that is not compiled.
  func config(_ model: Model) throws -> JSONValue? {
    guard let compiled = model.compiled, model.optimizerState != nil else { return nil }
    let (className, config) = try codec.config(
      compiled.optimizer, learningRate: model.currentRate)
    let weights = compiled.lossWeights
    var result: JSONObject = [
      "optimizer_config": ["class_name": .string(className), "config": .object(config)],
      "loss": loss(compiled), "metrics": .array(names(compiled, isWeighted: false)),
      "sample_weight_mode": nil,
      "loss_weights": weights.allSatisfy { $0 == 1 }
        ? nil : .array(weights.map { .number(Double($0)) }),
    ]
    let weighted = names(compiled, isWeighted: true)
    if !weighted.isEmpty { result["weighted_metrics"] = .array(weighted) }
    return .object(result)
  }

  /// Adds the compile state to a flat configuration of Keras 0.
  func add(_ model: Model, to config: inout JSONObject) throws {
    guard let compiled = model.compiled, model.optimizerState != nil else { return }
    var (className, optimizer) = try codec.config(
      compiled.optimizer, learningRate: model.currentRate)
    optimizer["name"] = .string(className)
    config["optimizer"] = .object(optimizer)
    config["loss"] = loss(compiled)
    config["sample_weight_mode"] = .null
  }

  private func loss(_ compiled: CompiledSettings) -> JSONValue {
    let names = compiled.losses.map { JSONValue.string(type(of: $0).name) }
    return names.count == 1 ? names[0] : .array(names)
  }

  /// The metrics by name.
  private func names(_ compiled: CompiledSettings, isWeighted: Bool) -> [JSONValue] {
    let metrics = (compiled.metrics.first ?? []).filter { $0.isWeighted == isWeighted }
    return metrics.map { metric -> JSONValue in
      let isAccuracy = metric.key.hasSuffix("acc") || metric.key.hasSuffix("accuracy")
      let isChosen =
        metric.metric is BinaryAccuracy || metric.metric is CategoricalAccuracy
        || metric.metric is SparseCategoricalAccuracy
      let own = type(of: metric.metric).name
      return .string(isAccuracy && isChosen && !metric.key.hasSuffix(own) ? "accuracy" : own)
    }
  }
}
