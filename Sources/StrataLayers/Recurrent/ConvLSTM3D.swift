public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Long short-term memory whose products are convolutions, of sequences of volumes.
///
///     i = g(x ⋆ W_i + h ⋆ U_i + b_i)    f, o likewise    c' = f·c + i·act(x ⋆ W_c + h ⋆ U_c + b_c)
///     h' = o·act(c')
///
///     x [batch, time, depth, height, width, channels]    kernel [planes, rows, columns, channels, 4·filters]
///     recurrent_kernel [planes, rows, columns, filters, 4·filters]    bias [4·filters]
///     y [batch, (time,) depth, height, width of the convolution, filters]
///
/// Gates in the order i, f, c, o. The state's convolution has stride 1 and `same` padding. In training
/// one dropout mask serves all gates. Source: Shi et al. 2015 (arXiv:1506.04214).
public struct ConvLSTM3D: Layer {
  public static let name = "ConvLSTM3D"
  public static let supportsMasking = true

  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Padding
  public var dataFormat: DataFormat
  public var dilationRate: [Int]
  public var activation: Activation
  /// The activation of the gates, g.
  public var recurrentActivation: Activation?
  public var useBias: Bool
  public var kernelInitializer: Initializer
  public var recurrentInitializer: Initializer
  public var biasInitializer: Initializer
  /// Whether the bias of the forget gate starts at 1.
  public var unitForgetBias: Bool
  public var kernelRegularizer: Regularizer?
  public var recurrentRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var recurrentConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var dropout: Float
  public var recurrentDropout: Float
  public var returnSequences: Bool
  /// Runs from the last time step to the first; a sequence is returned in the order of running.
  public var goBackwards: Bool
  /// Keeping states between batches: not available, an error when the model is built.
  public var stateful: Bool
  public var isTrainable: Bool

  public init(
    filters: Int, kernelSize: [Int], strides: [Int] = [1, 1, 1], padding: Padding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: [Int] = [1, 1, 1],
    activation: Activation = .tanh, recurrentActivation: Activation? = nil, useBias: Bool = true,
    kernelInitializer: Initializer = .glorotUniform,
    recurrentInitializer: Initializer = .orthogonal(gain: 1), biasInitializer: Initializer = .zeros,
    unitForgetBias: Bool = true, kernelRegularizer: Regularizer? = nil,
    recurrentRegularizer: Regularizer? = nil, biasRegularizer: Regularizer? = nil,
    activityRegularizer: Regularizer? = nil, kernelConstraint: Constraint? = nil,
    recurrentConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, dropout: Float = 0,
    recurrentDropout: Float = 0, returnSequences: Bool = false, goBackwards: Bool = false,
    stateful: Bool = false, isTrainable: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dataFormat = dataFormat
    self.dilationRate = dilationRate
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.unitForgetBias = unitForgetBias
    self.kernelRegularizer = kernelRegularizer
    self.recurrentRegularizer = recurrentRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.recurrentConstraint = recurrentConstraint
    self.biasConstraint = biasConstraint
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    self.returnSequences = returnSequences
    self.goBackwards = goBackwards
    self.stateful = stateful
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
    recurrentActivation.resolve(Self.recurrentActivationHistory, semantics)
    recurrentActivation = recurrentActivation?.resolved(under: semantics)
  }

  private var cell: ConvolutionalLSTM {
    ConvolutionalLSTM(
      input: ConvolutionSettings(
        filters: 4 * filters, kernelSize: kernelSize, strides: strides, padding: padding,
        dataFormat: .channelsLast, dilationRate: dilationRate, groups: 1),
      filters: filters, dataFormat: dataFormat, activation: activation,
      steps: RecurrentSteps(returnSequences: returnSequences, goBackwards: goBackwards),
      dropout: dropout, recurrentDropout: recurrentDropout)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard !stateful else {
      throw failure("stateful: false (states are not kept between batches)", "stateful: true")
    }
    return try cell.outputShape(try single(inputs), 3, of: self)
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    _ = try outputShape(for: inputs)
    let channels = dataFormat.last(inputs[0].droppingFirst()).last
    let kernel = ParameterSpec(
      "kernel", Shape(kernelSize + [channels, 4 * filters]), kernelInitializer,
      regularizer: kernelRegularizer, constraint: kernelConstraint)
    let recurrent = ParameterSpec(
      "recurrent_kernel", Shape(kernelSize + [filters, 4 * filters]), recurrentInitializer,
      regularizer: recurrentRegularizer, constraint: recurrentConstraint)
    let bias = ParameterSpec(
      "bias", [4 * filters],
      unitForgetBias
        ? .blocks([biasInitializer, .ones, biasInitializer, biasInitializer]) : biasInitializer,
      regularizer: biasRegularizer, constraint: biasConstraint)
    return useBias ? [kernel, recurrent, bias] : [kernel, recurrent]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    cell.run(
      inputs[0], bias: useBias ? context["bias"] : nil,
      inner: context.resolved(recurrentActivation, "recurrentActivation", else: .sigmoid), context)
  }

  public func outputMask(_ inputs: [Tensor], _ context: LayerContext) -> Tensor? {
    returnSequences ? context.masks.first ?? nil : nil
  }
}

extension ConvLSTM3D: RecurrentLayer, Versioned {
  public static let recurrentActivationHistory = ConvolutionalLSTM.gateActivation(
    "convLSTM3D")
  public static var histories: [any AnyHistory] { [recurrentActivationHistory] }
}
