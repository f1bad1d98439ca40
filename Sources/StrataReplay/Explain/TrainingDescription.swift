internal import StrataCallbacks
internal import StrataCore
internal import StrataLayers
internal import StrataSemantics
public import StrataTraining

/// A training to be explained: what a run file or a model tells of it.
public struct TrainingDescription: Sendable {
  public var architecture: Architecture
  /// nil for a model that was not compiled.
  public var compile: CompileDefinition?
  /// nil for a model without a recorded training.
  public var fit: FitDefinition?
  public var seed: UInt64
  var callbacks: [CallbackConfiguration]
  var hasSampleWeights: Bool

  public init(_ run: RunFile) {
    let record = run.record
    architecture = record.architecture
    compile = record.compile
    fit = record.fit
    seed = record.seed
    callbacks = record.callbacks
    hasSampleWeights = record.data.keys.contains { $0.hasPrefix("w") }
  }

  public init(_ model: Model) {
    architecture = model.definition
    compile = model.compileDefinition
    seed = model.random.seed
    callbacks = []
    hasSampleWeights = false
  }
}

extension TrainingDescription {
  /// Whether the training has what the setting is about.
  func has(_ setting: String, of unit: ChangeUnit) -> Bool {
    switch unit.kind {
    case .layer:
      return architecture.nodes.contains {
        unit.owners.contains(type(of: $0.layer).name) && Self.uses(setting, $0.layer)
      }
    case .optimizer: return hasOptimizer(setting, unit)
    case .callback: return hasCallback(setting, unit)
    case .loss, .fit: return hasPart(setting)
    case .activation, .initializer, .metric: return true
    }
  }

  /// Whether a layer does what the setting is about.
  private static func uses(_ setting: String, _ layer: any Layer) -> Bool {
    let settings = Reflection.settings(of: layer)
    switch setting {
    case "batchNormalization.frozen": return !layer.isTrainable
    case "batchNormalization.sampleDeviation":
      return settings.contains { $0.name == "mode" && $0.value == "perSample" }
    case "embedding.dropoutScaling", "lstm.gateDropout", "gru.gateDropout":
      return settings.contains {
        $0.name.lowercased().hasSuffix("dropout") && Float($0.value).map { $0 > 0 } ?? false
      }
    default: return true
    }
  }

  private func hasOptimizer(_ setting: String, _ unit: ChangeUnit) -> Bool {
    guard let optimizer = compile?.optimizer, unit.owners.contains(optimizer.name) else {
      return false
    }
    switch setting {
    case GradientClipping.history.setting:
      return [optimizer.clipNorm, optimizer.clipValue, optimizer.globalClipNorm].contains {
        $0 != nil
      }
    case "optimizer.decay": return optimizer.decay != 0
    case GradientSquares.history.setting:
      return architecture.nodes.contains { $0.layer is Embedding }
    case AveragingStart.history.setting: return optimizer.averaging != nil
    default: return true
    }
  }

  private func hasCallback(_ setting: String, _ unit: ChangeUnit) -> Bool {
    let isShared = unit.owners == ["callbacks"]
    switch setting {
    case CallbackList.orderHistory.setting, ProgressLogger.intervalHistory.setting: return false
    case EpochMessage.baseHistory.setting:
      return callbacks.contains { $0.className == ModelCheckpoint.name }
    default: break
    }
    return callbacks.contains { callback in
      guard isShared || unit.owners.contains(callback.className) else { return false }
      let settings = callback.settings
      if setting.hasSuffix(".direction") {
        return settings["mode"].map { $0 == .text("auto") } ?? true
      }
      if setting.hasSuffix(".baseline") { return settings["baseline"].map { $0 != .null } ?? false }
      if setting.hasSuffix(".restoring") { return settings["restore_best_weights"] == .bool(true) }
      return true
    }
  }

  private func hasPart(_ setting: String) -> Bool {
    switch setting {
    case FitHistory.penalizesValidation.setting:
      return hasValidation && hasPenalties
    case FitHistory.classWeightsReachValidation.setting:
      return fit?.classWeight != nil && fit?.validationSplit ?? 0 > 0
    case FitHistory.reportsOutputLosses.setting: return architecture.outputs.count > 1
    case FitHistory.penalizesFrozenLayers.setting:
      return hasPenalties && architecture.nodes.contains { !$0.layer.isTrainable }
    case "fit.classWeightWithSampleWeight": return hasSampleWeights && fit?.classWeight != nil
    case "fit.stopWithinEpoch": return callbacks.contains { $0.className == TerminateOnNaN.name }
    case "fit.batchLogs": return false
    case "fit.logOrder": return hasValidation
    case "metrics.aggregation": return hasMetrics
    case "metrics.masks": return hasMetrics && hasMasks
    case "metrics.weightedNames": return compile.map { !$0.weightedMetrics.isEmpty } ?? false
    case "metrics.objectNames": return hasMetrics
    case "fit.outputLossAverage": return architecture.outputs.count > 1
    case "metrics.repeatedKeys": return compile.map { $0.metrics.count > 1 } ?? false
    case "loss.reduction": return hasSampleWeights || fit?.classWeight != nil || hasMasks
    case "activityRegularizer.reduction", "regularizer.activity":
      return architecture.nodes.contains { $0.layer.activityRegularizer != nil }
    default: return true
    }
  }

  var hasValidation: Bool {
    guard let fit else { return false }
    return fit.hasValidationData || fit.validationSplit > 0
  }

  private var hasMetrics: Bool {
    compile.map { !$0.metrics.isEmpty || !$0.weightedMetrics.isEmpty } ?? false
  }

  private var hasMasks: Bool {
    let makers: Set = ["Masking", "Embedding"]
    return architecture.nodes.contains { makers.contains(type(of: $0.layer).name) }
  }

  /// Whether a layer's weights or outputs are penalised.
  var hasPenalties: Bool {
    architecture.nodes.contains { node in
      Reflection.settings(of: node.layer).contains {
        $0.name.lowercased().hasSuffix("regularizer") && $0.value != "none"
      }
    }
  }
}

/// The stored properties of a value as text.
enum Reflection {
  static func settings(of value: Any) -> [(name: String, value: String)] {
    Mirror(reflecting: value).children.compactMap { child in
      child.label.map { ($0, text(child.value)) }
    }
  }

  static func text(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return "\(value)" }
    return mirror.children.first.map { text($0.value) } ?? "none"
  }
}
