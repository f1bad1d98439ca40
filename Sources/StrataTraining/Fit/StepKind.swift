/// What a step is for.
public enum StepKind: String, Sendable, Hashable, CaseIterable {
  /// Forward, loss, backward, update.
  case training
  /// Forward, loss, metrics.
  case evaluation
  /// Forward.
  case prediction

  var mode: StepMode {
    switch self {
    case .training: .train
    case .evaluation: .test
    case .prediction: .predict
    }
  }
}
