public import StrataCore
public import StrataSemantics
package import StrataTensor

/// Whether a crossentropy sees through the activation that made its prediction.
///
/// Where it does, and the output is a softmax (categorical, sparse) or sigmoid (binary) of values z,
/// the loss is computed from z (`fromLogits`), without limits, so that a saturated output keeps its
/// gradient. The model that compiles the loss decides, since only it knows the output.
public enum LogitsRecovery: String, Sendable, Hashable, Codable {
  case never
  /// Of a softmax only at a `[batch, n]` output, of a sigmoid at any.
  case fromLastActivationOfMatrices
  case fromLastActivation

  /// On TensorFlow.
  public static let history = History(
    "crossentropy.logitsRecovery", .loss, .trajectory, initially: LogitsRecovery.never
  )
  .since(
    "2.3.0", .fromLastActivationOfMatrices, "loss-crossentropy-tf-backend-delegates",
    "a softmax or sigmoid at the output is undone: saturated outputs keep their gradient"
  )
  .since(
    "2.4.0", .fromLastActivation, "loss-crossentropy-tf-backend-delegates",
    "a softmax of sequences or images is undone too")

  /// The release's form; on Theano, JAX and torch never.
  public static func form(under semantics: Semantics) -> LogitsRecovery {
    let isTensorFlow = [.tensorflow, .native].contains(semantics.backend.kind)
    return isTensorFlow ? history.value(under: semantics) : .never
  }
}

/// A crossentropy that can be computed from what goes into the activation before it.
public protocol LogitsLoss: Loss {
  var fromLogits: Bool { get set }
  /// Which activation it then stands for.
  static var link: LogitsLink { get }
}

/// The activations that crossentropies contain in their form from logits.
public enum LogitsLink: Sendable, Hashable { case softmax, sigmoid }

extension LogitsLoss {
  /// The score from what went into the activation, `[batch, …, n]`.
  package func perSample(target: Tensor, logits: Tensor) -> Tensor {
    var loss = self
    loss.fromLogits = true
    return loss.perSample(target: target, prediction: logits)
  }
}
