import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor

/// Adam's update under two releases, on the same gradients, compared bit by bit.
struct AdamComparison {
  var steps = 0
  /// The first step after which a parameter or a running average differs.
  var firstDifference: Int?

  /// - Parameters:
  ///   - a: A release.
  ///   - b: The other one.
  ///   - count: How many updates to make.
  /// - Throws: `HyperparameterError` if a release cannot follow Adam's defaults.
  init(_ a: Semantics, _ b: Semantics, steps count: Int) throws {
    var random = Philox(seed: 1337, name: "gradients")
    var (first, second) = (try Follower(a), try Follower(b))
    for step in 1...count {
      // Sizes from 1e-6 to 1e+6, so that epsilon has its say.
      let size = Float.init(sign: .plus, exponent: step % 40 - 20, significand: 1)
      let gradient = Tensor(random.normal(count: 64).map { $0 * size }, shape: [64])
      try first.update(gradient, step)
      try second.update(gradient, step)
      steps = step
      if firstDifference == nil, try first.bits() != second.bits() { firstDifference = step }
    }
  }

  /// A parameter that follows one release's rule.
  private struct Follower {
    var rule: Adam
    var parameter = Tensor.zeros([64])
    var slots = ["m": Tensor.zeros([64]), "v": Tensor.zeros([64])]

    init(_ semantics: Semantics) throws {
      rule = Adam()
      try rule.resolve(under: semantics)
    }

    mutating func update(_ gradient: Tensor, _ step: Int) throws {
      let state = OptimizerState(
        step: Tensor(Float(step)), learningRate: Tensor(rule.learningRate ?? 0), slots: slots)
      let new = rule.update(parameter, gradient: gradient, state)
      (parameter, slots) = (new.parameter, new.slots)
    }

    func bits() throws -> [UInt32] {
      try ([parameter] + slots.sorted { $0.key < $1.key }.map(\.value)).flatMap {
        try $0.floats().map(\.bitPattern)
      }
    }
  }
}
