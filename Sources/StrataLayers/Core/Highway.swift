public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A layer that learns how much of its input to pass on: `y = t·activation(x·kernel + bias) + (1 - t)·x`.
///
///     t = sigmoid(x·kernel_carry + bias_carry)
///     x [batch, n]    kernel, kernel_carry [n, n]    bias, bias_carry [n]    y [batch, n]
///
/// `W`, `b`, `W_carry`, `b_carry` in files; Keras 0 and 1 only. Source: Srivastava et al. 2015
/// (arXiv:1505.00387).
public struct Highway: Layer {
  public static let name = "Highway"
  public static let supportsMasking = true

  public var activation: Activation
  public var useBias: Bool
  /// What `bias_carry` starts from; nil: 1.
  public var transformBias: Float?
  public var kernelInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var order: Order?
  public var isTrainable: Bool

  public init(
    activation: Activation = .linear, useBias: Bool = true, transformBias: Float? = nil,
    kernelInitializer: Initializer = .glorotUniform, kernelRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil, activityRegularizer: Regularizer? = nil,
    kernelConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, order: Order? = nil,
    isTrainable: Bool = true
  ) {
    self.activation = activation
    self.useBias = useBias
    self.transformBias = transformBias
    self.kernelInitializer = kernelInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.order = order
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
    order.resolve(Self.orderHistory, semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 else { throw failure("input [features]", "\(input)") }
    return input
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let size = try outputShape(for: inputs).last
    func kernel(_ name: String) -> ParameterSpec {
      ParameterSpec(
        name, [size, size], kernelInitializer, regularizer: kernelRegularizer,
        constraint: kernelConstraint)
    }
    let kernels = [kernel("kernel"), kernel("kernel_carry")]
    guard useBias else { return kernels }
    let bias = ParameterSpec(
      "bias", [size], .zeros, regularizer: biasRegularizer, constraint: biasConstraint)
    let carry = ParameterSpec("bias_carry", [size], transformBias.map { .constant($0) } ?? .ones)
    return order == .byPair
      ? [kernels[0], bias, kernels[1], carry] : [kernels[0], kernels[1], bias, carry]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    func product(_ kernel: String, _ bias: String) -> Tensor {
      let y = x.matmul(context[kernel])
      return useBias ? y + context[bias] : y
    }
    let transform = product("kernel_carry", "bias_carry").sigmoid()
    return activation(product("kernel", "bias")) * transform + (1 - transform) * x
  }
}

extension Highway: Versioned {
  /// The order of the weights in files.
  public enum Order: String, Sendable, Hashable, Codable {
    /// A kernel and its bias, then the other pair.
    case byPair
    case kernelsFirst
  }

  public static let orderHistory = History<Order>(
    "highway.order", .file, .file, initially: .byPair
  )
  .since("1.2.0", .kernelsFirst, "highway-weight-order", "Both kernels come before the biases.")

  public static var histories: [any AnyHistory] { [orderHistory] }
}
