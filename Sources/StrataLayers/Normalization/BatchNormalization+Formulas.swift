import StrataCore
import StrataTensor

extension BatchNormalization {
  /// A vector of features in the rank of `x`, along the feature axis.
  func along(_ vector: Tensor, _ x: Tensor) -> Tensor {
    var shape = Shape([Int](repeating: 1, count: x.rank))
    shape[mode == .perSample ? -1 : axis] = vector.shape.count
    return vector.reshaped(shape)
  }

  /// The output from statistics of the shape `[1, …, features, …, 1]`.
  func normalized(
    _ x: Tensor, mean: Tensor, statistic: Tensor, _ context: LayerContext
  ) -> Tensor {
    let epsilon = context.resolved(self.epsilon, "epsilon")
    let gamma = scale ? along(context["gamma"], x) : nil
    let centred = x - mean
    let y: Tensor
    switch context.resolved(formula, "formula", else: .variance) {
    case .deviation:
      let quotient = centred / (statistic + epsilon)
      y = gamma.map { $0 * quotient } ?? quotient
    case .rootPlusEpsilon:
      let root = statistic.squareRoot() + epsilon
      y = (gamma.map { $0 * centred } ?? centred) / root
    case .variance, .variancePlusEpsilon, .correctedVariance, .besselOfImages, .maskedVariance:
      y = centred * ((gamma ?? 1) / (statistic + epsilon).squareRoot())
    }
    return center ? y + along(context["beta"], x) : y
  }

  /// The output from the statistics of the batch, which move the kept ones.
  func normalizedBatch(_ x: Tensor, _ context: LayerContext, updating: Bool) -> Tensor {
    let formula = context.resolved(self.formula, "formula", else: .variance)
    let epsilon = context.resolved(self.epsilon, "epsilon")
    let axes = (0..<x.rank).filter { $0 != (axis < 0 ? axis + x.rank : axis) }
    let weight = formula == .maskedVariance ? presence(x, context) : nil
    let mean = Self.mean(x, axes, weight)
    let squares = (x - mean).square()
    let statistic =
      formula == .deviation
      ? (squares + epsilon).mean(axes: axes, keepingDimensions: true).squareRoot()
      : Self.mean(squares, axes, weight)
    if updating {
      let count = Float(x.shape.count / max(mean.shape.count, 1))
      let kept = kept(statistic, formula, epsilon, count: count, x)
      move("moving_mean", to: mean, context)
      move("moving_variance", to: kept, context)
    }
    return normalized(x, mean: mean, statistic: statistic, context)
  }

  /// What of the batch's statistic the moving one takes up.
  private func kept(
    _ statistic: Tensor, _ formula: Formula, _ epsilon: Float, count n: Float, _ x: Tensor
  ) -> Tensor {
    let isLast = axis == -1 || axis == x.rank - 1
    switch formula {
    case .deviation, .rootPlusEpsilon, .variance, .maskedVariance: return statistic
    case .variancePlusEpsilon: return statistic + epsilon
    case .correctedVariance:
      // TensorFlow's fused kernel (images, channels last) has corrected the variance already.
      let fused = x.rank == 4 && isLast ? statistic * (n / max(n - 1, 1)) : statistic
      return fused * (n / (n - (1 + epsilon)))
    case .besselOfImages: return x.rank == 4 ? statistic * (n / max(n - 1, 1)) : statistic
    }
  }

  private func move(_ name: String, to value: Tensor, _ context: LayerContext) {
    let momentum = context.resolved(self.momentum, "momentum")
    let old = context[name]
    let value = value.reshaped(old.shape)
    guard averaging == .debiased else {
      context.update(name, to: momentum * old + (1 - momentum) * value)
      return
    }
    let biased = context["\(name)_biased"]
    let next = biased - (biased - value) * (1 - momentum)
    let steps = context["moving_steps"] + 1
    context.update("\(name)_biased", to: next)
    context.update("moving_steps", to: steps)
    context.update(name, to: next / (1 - Tensor(momentum).power(steps)))
  }

  /// What debiased averages keep beside the averages; no release saves it.
  func debiasingState(_ shape: Shape) -> [ParameterSpec] {
    guard averaging == .debiased else { return [] }
    func hidden(_ name: String, _ shape: Shape) -> ParameterSpec {
      ParameterSpec(name, shape, .zeros, isTrainable: false, isSaved: false)
    }
    return [
      hidden("moving_mean_biased", shape), hidden("moving_variance_biased", shape),
      hidden("moving_steps", []),
    ]
  }

  /// The mask `[batch, time, 1]` of sequences whose features are normalised, if there is one.
  private func presence(_ x: Tensor, _ context: LayerContext) -> Tensor? {
    guard let mask = context.masks.first ?? nil, x.rank == 3, axis == -1 || axis == 2 else {
      return nil
    }
    return mask.reshaped(Shape(mask.shape.dimensions + [1]))
  }

  /// The mean over axes; of what is present only, if a weight says so: `Σ w·x / (Σ w + 1e-7)`.
  private static func mean(_ x: Tensor, _ axes: [Int], _ weight: Tensor?) -> Tensor {
    guard let weight else { return x.mean(axes: axes, keepingDimensions: true) }
    let total = (x * weight).sum(axes: axes, keepingDimensions: true)
    return total / (weight.sum(axes: axes, keepingDimensions: true) + 1e-7)
  }

  /// Mode 1: each sample by its own statistics over the last axis.
  func normalizedSamples(_ x: Tensor, _ context: LayerContext) -> Tensor {
    let epsilon = context.resolved(self.epsilon, "epsilon")
    let centred = x - x.mean(axes: [-1], keepingDimensions: true)
    let variance = centred.square().mean(axes: [-1], keepingDimensions: true)
    let rule = context.resolved(
      sampleDeviation, "sampleDeviation", else: .rootOfVariancePlusEpsilon)
    let deviation =
      rule == .deviation ? variance.squareRoot() : (variance + epsilon).squareRoot()
    let y = centred / (deviation + epsilon)
    let scaled = scale ? along(context["gamma"], x) * y : y
    return center ? scaled + along(context["beta"], x) : scaled
  }
}
