package import StrataSemantics

extension EarlyStopping {
  /// How epochs without improvement are counted against the patience.
  package enum PatienceRule: Sendable, Hashable {
    /// The test comes before the count: the training stops after patience + 1 such epochs.
    case testThenCount
    /// The count comes before the test: the training stops after patience such epochs.
    case countThenTest
    /// As before, but an epoch that improved is tested too: patience 0 stops at once.
    case testEveryEpoch
    /// As before, but the first epoch is not tested.
    case testEveryLaterEpoch
    /// Epochs that improved are not tested, nor is the first epoch.
    case countThenTestLater

    /// Counts an epoch; true if the training is to stop.
    func counts(
      _ epoch: Int, improves: Bool, restarts: Bool, _ wait: inout Int, _ patience: Int
    ) -> Bool {
      switch self {
      case .testThenCount:
        wait = restarts ? 0 : wait + 1
        return !restarts && wait > patience
      case .countThenTest:
        wait = restarts ? 0 : wait + 1
        return !restarts && wait >= patience
      case .testEveryEpoch, .testEveryLaterEpoch:
        wait = restarts ? 0 : wait + 1
        return wait >= patience && (self == .testEveryEpoch || epoch > 0)
      case .countThenTestLater:
        wait = restarts ? 0 : wait + 1
        return !improves && wait >= patience && epoch > 0
      }
    }
  }

  /// What a baseline does.
  package enum BaselineRule: Sendable, Hashable {
    /// It is the first best value.
    case startsBest
    /// It is compared apart from the best value; the count restarts only when both are beaten.
    case comparedApart
  }

  /// When the best weights are put back, if asked for.
  package enum RestoringRule: Sendable, Hashable {
    /// When the patience has run out.
    case whenStopping
    /// At the end of the training, however it came.
    case atTrainEnd
  }

  package static let directionHistory = History<AutoDirection>(
    "earlyStopping.direction", .callback, .trajectory, initially: .down
  ).since(
    "0.3.1", .containsAcc, "earlystopping-mode", "mode auto maximises names that contain acc"
  ).since(
    "1.2.1", .containsAccOrStartsWithFmeasure, "monitor-auto-fmeasure",
    "mode auto also maximises names that start with fmeasure"
  ).since(
    "2.0.7", .containsAcc, "monitor-auto-fmeasure", "mode auto forgets fmeasure"
  ).since(
    "2.7.0", .endsInAccOrAUC, "earlystopping-auto-suffix",
    "mode auto maximises names that end in acc, accuracy or auc"
  ).since(
    "3.0.0", .compiledMetric, "earlystopping-auto-direction-keras3",
    "the direction is that of the model's metric; unknown metrics are an error")

  package static let patienceHistory = History<PatienceRule>(
    "earlyStopping.patience", .callback, .trajectory, initially: .testThenCount
  ).since(
    "2.0.9", .countThenTest, "earlystopping-patience-off-by-one",
    "stops after patience epochs without improvement, not patience + 1"
  ).since(
    "2.4.0", .testEveryEpoch, "earlystopping-patience-zero",
    "patience 0 stops after the first epoch even when it improved"
  ).since(
    "2.7.0", .testEveryLaterEpoch, "earlystopping-patience-zero", "the first epoch is not tested"
  ).since(
    "2.12.0", .countThenTestLater, "earlystopping-patience-zero",
    "an epoch that improved is not tested")

  package static let resetHistory = History<Bool>(
    "earlyStopping.resetsOnTrainBegin", .callback, .trajectory, initially: false
  ).since(
    "1.0.5", true, "earlystopping-reset-on-train-begin",
    "the count and the best value start anew with every fit")

  package static let baselineHistory = History<BaselineRule>(
    "earlyStopping.baseline", .callback, .trajectory, initially: .startsBest
  ).since(
    "2.4.0", .comparedApart, "earlystopping-baseline-semantics",
    "the baseline is compared apart from the best value; the first weights are kept")

  package static let restoringHistory = History<RestoringRule>(
    "earlyStopping.restoring", .callback, .trajectory, initially: .whenStopping
  ).since(
    "3.0.0", .atTrainEnd, "earlystopping-restore-at-train-end",
    "the best weights are put back at the end of every training")

  public static let spans = [
    SettingSpan("mode", since: "0.3.1", neutral: "auto"),
    SettingSpan("min_delta", since: "1.1.1", neutral: 0),
    SettingSpan("baseline", since: "2.2.0", neutral: .null),
    SettingSpan("restore_best_weights", since: "2.2.3", neutral: false),
    SettingSpan("start_from_epoch", since: "2.11.0", neutral: 0),
  ]

  package static let histories: [any AnyHistory] = [
    directionHistory, patienceHistory, resetHistory, baselineHistory, restoringHistory,
  ]

  struct Rules {
    var direction: AutoDirection
    var patience: PatienceRule
    var resetsOnTrainBegin: Bool
    var baseline: BaselineRule
    var restoring: RestoringRule
    var message: EpochMessage
    /// Until 1.0.8 the message came with the decision, later at the end of the training.
    var reportsAtOnce: Bool
    /// Keras 3 finds the best value anew only when the callback is made.
    var resetsBest: Bool

    /// With kept weights asked for, those of the first epoch count as the best.
    var keepsFirstWeights: Bool { baseline == .comparedApart }

    init(under semantics: Semantics) {
      direction = EarlyStopping.directionHistory.value(under: semantics)
      patience = EarlyStopping.patienceHistory.value(under: semantics)
      resetsOnTrainBegin = EarlyStopping.resetHistory.value(under: semantics)
      baseline = EarlyStopping.baselineHistory.value(under: semantics)
      restoring = EarlyStopping.restoringHistory.value(under: semantics)
      message = EpochMessage(under: semantics)
      reportsAtOnce = semantics.position(for: "earlyStopping.message") < "1.1.1"
      resetsBest = direction != .compiledMetric
    }

    func restoringMessage(_ epoch: Int) -> String {
      restoring == .atTrainEnd
        ? "Restoring model weights from the end of the best epoch: \(epoch + 1)."
        : "Restoring model weights from the end of the best epoch"
    }
  }
}
