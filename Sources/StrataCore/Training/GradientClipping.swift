public import StrataSemantics
public import StrataTensor

/// In which order, and by which norms, a release clips gradients.
public enum GradientClipping: String, Sendable, Hashable, Codable {
  /// `N = √(Σᵢ Σ gᵢ²)`; `gᵢ ← N ≥ c ? gᵢ·c/N : gᵢ`. No limit for elements.
  case globalNorm
  /// As `globalNorm`, then each element to `[-v, v]`.
  case globalNormThenValue
  /// Elements, then each gradient's own norm, then the norm of all.
  case valueThenNorms
  /// Only the first of `clipNorm`, `globalClipNorm`, `clipValue` that is set; norms as
  /// `valueThenNorms`.
  case firstOfNormGlobalNormValue
  /// torch's utilities: `gᵢ ← gᵢ·min(c/(N + 1e-6), 1)`, then elements.
  case torch

  public static let history = History(
    "optimizer.clipping", .optimizer, .trajectory, initially: GradientClipping.globalNorm
  )
  .since("0.2.0", .globalNormThenValue, "optimizer-clipvalue-added", "clipvalue after clipnorm")
  .since(
    "2.4.0", .valueThenNorms, "optimizer-clipnorm-per-variable",
    "clipnorm takes each gradient's own norm; order clipvalue, clipnorm, global_clipnorm"
  )
  .since(
    "2.11.0", .firstOfNormGlobalNormValue, "optimizer-clip-exclusive",
    "only the first of clipnorm, global_clipnorm and clipvalue acts")
}

extension GradientClipping {
  struct Limits {
    var norm: Float?
    var value: Float?
    var globalNorm: Float?
  }

  func apply(_ gradients: [Tensor], _ limits: Limits) -> [Tensor] {
    // A limit of 0 or less is none, as in every release.
    let norm = limits.norm.flatMap { $0 > 0 ? $0 : nil }
    let value = limits.value.flatMap { $0 > 0 ? $0 : nil }
    let globalNorm = limits.globalNorm.flatMap { $0 > 0 ? $0 : nil }
    switch self {
    case .globalNorm:
      return byThreshold(gradients, norm ?? globalNorm)
    case .globalNormThenValue:
      return byValue(byThreshold(gradients, norm ?? globalNorm), value)
    case .valueThenNorms:
      return byScale(byOwnNorm(byValue(gradients, value), norm), globalNorm)
    case .firstOfNormGlobalNormValue:
      if let norm { return byOwnNorm(gradients, norm) }
      return globalNorm == nil ? byValue(gradients, value) : byScale(gradients, globalNorm)
    case .torch:
      return byValue(byCoefficient(gradients, globalNorm ?? norm), value)
    }
  }

  private func byValue(_ gradients: [Tensor], _ limit: Float?) -> [Tensor] {
    guard let limit else { return gradients }
    return gradients.map { .minimum(.maximum($0, Tensor(-limit)), Tensor(limit)) }
  }

  private func normOfAll(_ gradients: [Tensor]) -> Tensor {
    let squares = gradients.map { $0.square().sum() }
    return squares.dropFirst().reduce(squares.first ?? 0, +).squareRoot()
  }

  /// `N ≥ c ? g·c/N : g` with the norm of all.
  private func byThreshold(_ gradients: [Tensor], _ limit: Float?) -> [Tensor] {
    guard let limit else { return gradients }
    let norm = normOfAll(gradients)
    let isLong = norm.isGreaterOrEqual(to: Tensor(limit))
    return gradients.map { .select(isLong, $0 * limit / norm, $0) }
  }

  /// `g·c / max(N, c)` with each gradient's own norm.
  private func byOwnNorm(_ gradients: [Tensor], _ limit: Float?) -> [Tensor] {
    guard let limit else { return gradients }
    return gradients.map { gradient in
      let norm = gradient.square().sum().squareRoot()
      return gradient * limit / Tensor.maximum(norm, Tensor(limit))
    }
  }

  /// `g·(c·min(1/N, 1/c))` with the norm of all.
  private func byScale(_ gradients: [Tensor], _ limit: Float?) -> [Tensor] {
    guard let limit else { return gradients }
    let scale = limit * Tensor.minimum(1 / normOfAll(gradients), Tensor(1 / limit))
    return gradients.map { $0 * scale }
  }

  /// `g·min(c/(N + 1e-6), 1)` with the norm of all, itself the norm of the gradients' norms.
  private func byCoefficient(_ gradients: [Tensor], _ limit: Float?) -> [Tensor] {
    guard let limit else { return gradients }
    let norms = gradients.map { $0.square().sum().squareRoot() }
    let coefficient = limit / (normOfAll(norms) + 1e-6)
    return gradients.map { $0 * Tensor.minimum(coefficient, 1) }
  }
}
