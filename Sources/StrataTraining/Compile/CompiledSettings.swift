package import StrataCore
package import StrataLosses
public import StrataSemantics
internal import StrataTensor

/// What `compile` was given, resolved under the model's semantics.
package struct CompiledSettings {
  package var optimizer: Optimizer
  /// A loss for each output.
  package var losses: [any Loss]
  package var lossWeights: [Float]
  /// Per output, the metrics in order, automatic choices made.
  package var metrics: [[NamedMetric]]
  package var reduction: LossReduction
  package var penalizesValidation: Bool
  package var activityReduction: ActivityReduction

  package struct NamedMetric {
    package var key: String
    package var metric: any Metric
  }
}

/// Over what a penalty on a layer's output is taken.
package enum ActivityReduction: String, Sendable, Equatable {
  /// The sum over features of the mean over the batch.
  case batchMean
  case sum
  /// The sum divided by the batch size.
  case sumPerSample

  static let history = History(
    "activityRegularizer.reduction", .loss, .trajectory, initially: ActivityReduction.batchMean
  )
  .since(
    "1.0.7", .sum, "activity-regularizer-batch-mean-to-sum",
    "Activity penalties are summed over the batch: stronger by the batch size."
  )
  .since(
    "2.4.0", .sumPerSample, "activity-regularizer-batch-normalised",
    "Activity penalties are divided by the batch size."
  )
  .since(
    "3.0.0", .sum, "activity-regularizer-sum-keras3", "Activity penalties are summed again."
  )
  .since(
    "3.14.0", .sumPerSample, "activity-regularizer-normalised-again",
    "Activity penalties are divided by the batch size again.")

  /// What a penalty summed over the batch is divided by.
  func divisor(batch: Int) -> Float { self == .sum ? 1 : Float(max(batch, 1)) }
}

/// Defaults and rules of the fit loop, and when they changed.
public enum FitHistory {
  public static let batchSize = History("fit.batchSize", .fit, .trajectory, initially: 128)
    .since(
      "1.0.0", 32, "fit-batch-size-default-128-to-32",
      "fit, evaluate and predict take 32 samples a batch, no longer 128.")

  public static let epochs = History("fit.epochs", .fit, .trajectory, initially: 100)
    .since("1.0.0", 10, "fit-epochs-default", "fit trains 10 epochs, no longer 100.")
    .since("2.1.0", 1, "sequential-fit-epochs-default", "fit trains one epoch.")

  public static let penalizesValidation = History(
    "loss.penaltiesInValidation", .loss, .reporting, initially: false
  )
  .since(
    "1.2.0", true, "regularizers-in-validation-loss",
    "Weight and activity penalties are part of val_loss and of evaluate.")

  /// Whether `validationSplit` splits class weights along, so that val_loss is weighted.
  public static let classWeightsReachValidation = History(
    "fit.classWeightInValidationSplit", .fit, .reporting, initially: false
  )
  .since(
    "1.0.0", true, "validation-split-class-weight",
    "Class weights are applied before the split: the validation loss is weighted too."
  )
  .since(
    "2.4.0", false, "class-weight-not-in-validation-split",
    "Class weights are applied to the training part only.")

  /// Whether a model with several outputs reports the loss of each.
  public static let reportsOutputLosses = History(
    "metrics.outputLosses", .metric, .reporting, initially: false
  )
  .since(
    "1.0.3", true, "loss-per-output-loss-reported",
    "Models with several outputs report the loss of each."
  )
  .since("3.0.0", false, "metric-per-output-loss-keras3", "Only the total loss is reported.")
  .since("3.5.0", true, "metric-per-output-loss-keras3", "Losses of outputs are reported again.")

  public static let all: [any AnyHistory] = [
    batchSize, epochs, penalizesValidation, classWeightsReachValidation, reportsOutputLosses,
    ActivityReduction.history, LayerNames.history, Model.drawSeedingHistory,
  ]
}
