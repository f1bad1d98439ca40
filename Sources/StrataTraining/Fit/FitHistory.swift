internal import StrataCore
public import StrataSemantics

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

  /// Whether the penalties of a layer that is not trained count.
  public static let penalizesFrozenLayers = History(
    "loss.penaltiesOfFrozenLayers", .loss, .reporting, initially: false
  )
  .since(
    "1.0.0", true, "regularizers-of-frozen-layers",
    "The penalties of layers that are not trained stay in the loss.")

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

  public static let all: [any AnyHistory] =
    [
      batchSize, epochs, penalizesValidation, penalizesFrozenLayers, classWeightsReachValidation,
      reportsOutputLosses, WeightCombination.history, StopWithinEpoch.history, BatchLogs.history,
      LogOrder.history, LossAverage.history, RepeatedKeys.history, ActivityPenalty.history,
      LayerNames.history, Model.drawSeedingHistory, ModelRandom.generatorHistory,
    ] + MetricHistory.all
}

/// What class weights do where samples have weights of their own.
enum WeightCombination: String, Sendable, Equatable {
  case sampleWeightsAlone, product, refused

  static let history = History(
    "fit.classWeightWithSampleWeight", .loss, .trajectory, initially: Self.sampleWeightsAlone
  )
  .since(
    "2.2.5", .product, "class-weight-times-sample-weight",
    "Class weights are multiplied with sample weights, no longer passed over."
  )
  .since(
    "3.0.0", .refused, "class-weight-sample-weight-exclusive-keras3",
    "Class weights together with sample weights are an error.")
}

/// What a stop that a callback asks for within an epoch does.
enum StopWithinEpoch: String, Sendable, Equatable {
  case finishesEpoch
  /// The epoch ends at once, without validation.
  case skipsRestAndValidation
  case skipsRest

  static let history = History(
    "fit.stopWithinEpoch", .callback, .trajectory, initially: Self.finishesEpoch
  )
  .since(
    "2.0.5", .skipsRestAndValidation, "terminateonnan-added",
    "A stop asked for within an epoch ends it after the batch."
  )
  .since(
    "2.4.0", .skipsRest, "terminateonnan-added", "The epoch that was cut short is validated.")
}

/// What the logs of a batch hold.
enum BatchLogs: String, Sendable, Equatable {
  /// `batch`, `size`, and the values of the batch; of metrics with running sums their result so far.
  case values
  /// The means of the epoch so far.
  case runningMeans

  static let history = History(
    "fit.batchLogs", .callback, .reporting, initially: Self.values
  )
  .since(
    "2.4.0", .runningMeans, "batch-logs-running-means",
    "The logs of a batch are the means of the epoch so far, without batch and size.")
}

/// The order of keys in the logs of an epoch; histories and tables keep it.
enum LogOrder: String, Sendable, Equatable {
  case trainingFirst, validationFirst
  /// Training first, each part by the alphabet.
  case alphabetical

  static let history = History(
    "fit.logOrder", .callback, .reporting, initially: Self.trainingFirst
  )
  .since(
    "2.0.0", .validationFirst, "epoch-log-order-validation-first",
    "Means of training are added to the logs after the values of validation."
  )
  .since(
    "2.4.0", .trainingFirst, "epoch-log-order-training-first",
    "Values of validation come after those of training again."
  )
  .since("3.0.0", .alphabetical, "epoch-log-order-sorted", "Keys are sorted.")
}

/// How the loss of an epoch follows from those of its batches.
enum LossAverage: String, Sendable, Equatable {
  case bySamples, byBatches

  static let history = History(
    "fit.lossAverage", .metric, .reporting, initially: Self.bySamples
  )
  .since(
    "3.0.0", .byBatches, "loss-tracker-unweighted-batches",
    "Every batch counts the same in the loss of an epoch, the smaller last one too."
  )
  .since(
    "3.2.0", .bySamples, "loss-tracker-unweighted-batches",
    "Batches count by their samples again.")

  /// How the loss of one output follows from those of its batches.
  static let ofOutputs = History(
    "fit.outputLossAverage", .metric, .reporting, initially: Self.bySamples
  )
  .since(
    "2.3.0", .byBatches, "metrics-streaming",
    "Every batch counts the same in the loss of one output."
  )
  .since(
    "2.4.0", .bySamples, "metric-names-multi-output-tfkeras",
    "Batches count by their samples again in the loss of one output.")
}

/// What becomes of a metric whose key exists already.
enum RepeatedKeys: String, Sendable, Equatable {
  case overwrite
  /// `acc`, `acc_2`.
  case countedFromTwo
  /// `acc`, `acc_1`.
  case countedFromOne

  static let history = History(
    "metrics.repeatedKeys", .metric, .reporting, initially: Self.overwrite
  )
  .since("1.0.5", .countedFromTwo, "metric-name-dedup", "A repeated key gets a number, from 2.")
  .since("2.1.4", .countedFromOne, "metric-name-dedup", "A repeated key gets a number, from 1.")

  /// `keys` with numbers where they repeat.
  func numbered(_ keys: [String]) -> [String] {
    guard self != .overwrite else { return keys }
    var counts: [String: Int] = [:]
    return keys.map { key in
      let count = counts[key, default: 0]
      counts[key] = count + 1
      return count == 0 ? key : "\(key)_\(count + (self == .countedFromTwo ? 1 : 0))"
    }
  }
}
