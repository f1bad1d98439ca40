import StrataCore
import StrataKeras
import StrataReplay
import StrataTraining

/// What a model file says beside its numbers.
struct ModelOutline: Encodable {
  struct Layer: Encodable {
    var name: String
    var kind: String
    /// The layer as the code that builds it.
    var settings: String
  }

  struct Training: Encodable {
    var optimizer: String
    var losses: [String]
    var lossWeights: [Float]?
    var metrics: [String]
    /// How many updates were made.
    var iterations: Int
    var learningRate: Float
    /// The optimizer's tensors, by name.
    var slots: [String]
  }

  var release: String
  var dialect: String
  var layers: [Layer]
  var parameters: Int
  var trainableParameters: Int
  var training: Training?
  var hasProvenance: Bool
  var remarks: [Remark]
  private var summary: String

  private enum CodingKeys: String, CodingKey {
    case release, dialect, layers, parameters, trainableParameters, training, hasProvenance
    case remarks
  }

  init(_ loaded: LoadedModel) {
    let model = loaded.model
    release = "\(loaded.source)"
    dialect = "\(loaded.dialect)"
    layers = model.architecture.nodes.map { node in
      Layer(
        name: node.name ?? "", kind: type(of: node.layer).name, settings: node.layer.description)
    }
    parameters = model.parameterCounts.total
    trainableParameters = model.parameterCounts.trainable
    training = loaded.training.map { Training($0, model) }
    hasProvenance = loaded.provenance != nil
    remarks = loaded.notes.map(Remark.init)
    summary = model.summary()
  }

  var lines: [String] {
    ["model: \(release) (\(dialect))", "", summary, ""] + (training?.lines ?? ["not compiled"])
      + (hasProvenance ? ["provenance: how it was trained is in the file"] : [])
      + remarks.map(\.line)
  }
}

extension ModelOutline.Training {
  init(_ configuration: TrainingConfiguration, _ model: Model) {
    optimizer = SourceDescription.of(configuration.optimizer.rule)
    losses = configuration.losses.map { type(of: $0).name }
    lossWeights = configuration.lossWeights
    metrics = configuration.metrics
    iterations = model.optimizerState?.iterations ?? 0
    learningRate = model.optimizerState?.learningRate ?? 0
    slots = (model.optimizerState?.slots ?? []).map { Model.stateName($0, in: model.parameters) }
  }

  var lines: [String] {
    [
      "optimizer: \(optimizer)",
      "loss: \(losses.joined(separator: ", "))"
        + (lossWeights.map { "  weights \($0)" } ?? ""),
      "metrics: \(metrics.isEmpty ? "none" : metrics.joined(separator: ", "))",
      "state: \(iterations) updates, rate \(learningRate), \(slots.count) tensors",
    ]
  }
}
