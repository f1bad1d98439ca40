import ArgumentParser
import StrataCore
import StrataKeras
import StrataLosses
import StrataOptimizers
import StrataTraining

/// How a model is compiled; what is left out is as the model's file says, or the release's own.
struct CompileOptions: ParsableArguments {
  @Option(help: "The update rule, such as adam.") var optimizer: String?
  @Option(help: "Its learning rate.") var learningRate: Float?
  @Option(help: "The rate is divided by 1 + decay * updates.") var decay: Float?
  @Option(help: "The largest norm of the gradients.") var clipnorm: Float?
  @Option(help: "The largest element of the gradients.") var clipvalue: Float?
  @Option(help: "A loss, such as categorical_crossentropy; one, or one for each output.")
  var loss: [String] = []
  @Option(help: "The weight of an output's loss; one for each output.") var lossWeight: [Float] = []
  @Option(help: "A metric, such as accuracy or auc; repeatable.") var metrics: [String] = []
  @Option(help: "A metric in which sample weights count; repeatable.")
  var weightedMetrics: [String] = []

  /// Compiles a model, unless its file did and nothing was asked for.
  ///
  /// - Throws: `CommandError` if neither the file nor an option names a loss.
  func compile(
    _ model: Model, saved: TrainingConfiguration?, catalog: Catalog
  ) throws {
    if saved != nil, isEmpty { return }
    let losses =
      loss.isEmpty
      ? saved?.losses ?? [] : try loss.map { try catalog.losses.entries.resolve($0) }
    guard !losses.isEmpty else {
      throw CommandError(
        command: "fit", subject: "--loss", expected: "the name of a loss",
        found: "there is none, nor does the model's file say how it was compiled")
    }
    let memory = saved == nil || optimizer != nil ? nil : model.optimizerState
    try model.compile(
      optimizer: try chosenOptimizer(model, saved, catalog), losses: losses,
      lossWeights: lossWeight.isEmpty ? saved?.lossWeights : lossWeight,
      metrics: try chosen(metrics, saved?.metricChoices, catalog),
      weightedMetrics: try chosen(weightedMetrics, saved?.weightedMetricChoices, catalog))
    // The same rule goes on from its state.
    if let memory { model.adoptState(memory, keepsRate: learningRate == nil) }
  }

  private var isEmpty: Bool {
    optimizer == nil && learningRate == nil && decay == nil && clipnorm == nil && clipvalue == nil
      && loss.isEmpty && lossWeight.isEmpty && metrics.isEmpty && weightedMetrics.isEmpty
  }

  private func chosenOptimizer(
    _ model: Model, _ saved: TrainingConfiguration?, _ catalog: Catalog
  ) throws -> Optimizer {
    var chosen: Optimizer
    if optimizer == nil, let saved {
      chosen = saved.optimizer
    } else {
      chosen = Optimizer(try catalog.optimizers.rule(optimizer ?? "adam", model.semantics))
    }
    if let learningRate {
      chosen.rule.learningRate = learningRate
      chosen.schedule = nil
    }
    if let decay { chosen.decay = decay }
    if let clipnorm { chosen.clipNorm = clipnorm }
    if let clipvalue { chosen.clipValue = clipvalue }
    return chosen
  }

  private func chosen(
    _ names: [String], _ saved: [MetricChoice]?, _ catalog: Catalog
  ) throws -> [MetricChoice] {
    guard names.isEmpty else {
      return try names.map { try .named($0, in: catalog.metrics) }
    }
    return saved ?? []
  }
}
