public import StrataSemantics

/// Whether a crossentropy sees through the activation that made its prediction.
///
/// Where it does, and the output is a softmax (categorical, sparse) or sigmoid (binary) of values z,
/// the loss is computed from z (`fromLogits`), without limits, so that a saturated output keeps its
/// gradient. The model that compiles the loss decides, since only it knows the output.
public enum LogitsRecovery: String, Sendable, Hashable, Codable {
  case never, fromLastActivation

  /// On TensorFlow.
  public static let history = History(
    "crossentropy.logitsRecovery", .loss, .trajectory, initially: LogitsRecovery.never
  )
  .since(
    "2.3.0", .fromLastActivation, "loss-crossentropy-tf-backend-delegates",
    "a softmax or sigmoid at the output is undone: saturated outputs keep their gradient")

  /// The release's form; on Theano, JAX and torch never.
  public static func form(under semantics: Semantics) -> LogitsRecovery {
    let isTensorFlow = [.tensorflow, .native].contains(semantics.backend.kind)
    return isTensorFlow ? history.value(under: semantics) : .never
  }
}
