public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A product of the input with a kernel along named axes: `y = activation(einsum(equation, x, kernel) + bias)`.
///
///     EinsumDense(equation: "abc,cde->abde", outputSizes: [-1, 4, 8], biasAxes: "de")
///
/// Each letter is an axis; those of input and kernel that the output lacks are summed over. `...` stands
/// for any leading (or trailing) axes. `outputSizes` are the output's sizes without the batch and the axes
/// of `...`; -1 where the input tells. The bias has the sizes of the letters `biasAxes`.
public struct EinsumDense: Layer {
  public static let name = "EinsumDense"

  public var equation: String
  /// `output_shape` in files.
  public var outputSizes: [Int]
  public var biasAxes: String?
  public var activation: Activation
  public var kernelInitializer: Initializer
  public var biasInitializer: Initializer
  public var kernelRegularizer: Regularizer?
  public var biasRegularizer: Regularizer?
  public var activityRegularizer: Regularizer?
  public var kernelConstraint: Constraint?
  public var biasConstraint: Constraint?
  public var isTrainable: Bool

  public init(
    equation: String, outputSizes: [Int], biasAxes: String? = nil,
    activation: Activation = .linear, kernelInitializer: Initializer = .glorotUniform,
    biasInitializer: Initializer = .zeros, kernelRegularizer: Regularizer? = nil,
    biasRegularizer: Regularizer? = nil, activityRegularizer: Regularizer? = nil,
    kernelConstraint: Constraint? = nil, biasConstraint: Constraint? = nil, isTrainable: Bool = true
  ) {
    self.equation = equation
    self.outputSizes = outputSizes
    self.biasAxes = biasAxes
    self.activation = activation
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
    self.isTrainable = isTrainable
  }

  public mutating func resolve(under semantics: Semantics) {
    activation = activation.resolved(under: semantics)
  }

  public func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    try form(try single(inputs)).output.droppingFirst()
  }

  public func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    let form = try form(try single(inputs))
    let kernel = ParameterSpec(
      "kernel", form.kernel, kernelInitializer, regularizer: kernelRegularizer,
      constraint: kernelConstraint)
    guard let bias = form.bias else { return [kernel] }
    return [
      kernel,
      ParameterSpec(
        "bias", bias, biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint),
    ]
  }

  public func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    let x = inputs[0]
    guard let form = try? form(x.shape.droppingFirst()) else { return x }
    let y = form.equation.product(x, context["kernel"])
    return activation(form.bias == nil ? y : y + context["bias"])
  }

  /// The equation with the sizes for an input; the batch has size 1.
  private func form(
    _ input: Shape
  ) throws(LayerError) -> (equation: EinsumEquation, kernel: Shape, output: Shape, bias: Shape?) {
    guard let equation = EinsumEquation(equation, rank: input.rank + 1) else {
      throw failure("an equation such as ab,bc->ac for input \(input)", "\"\(equation)\"")
    }
    let known = Array(equation.output.dropFirst()).filter { !equation.elided.contains($0) }
    guard known.count == outputSizes.count else {
      throw failure("outputSizes for the \(known.count) named axes", "\(outputSizes.count)")
    }
    var sizes = Dictionary(zip(equation.input, [1] + input.dimensions)) { first, _ in first }
    for (letter, size) in zip(known, outputSizes) where size != -1 {
      guard sizes[letter] ?? size == size else {
        throw failure("size \(sizes[letter] ?? 0) of axis \(letter)", "\(size)")
      }
      sizes[letter] = size
    }
    let all = equation.kernel + equation.output
    guard all.allSatisfy({ sizes[$0] ?? 0 > 0 }) else {
      throw failure("a size for every axis of \(self.equation)", "\(outputSizes)")
    }
    func shape(_ letters: [Character]) -> Shape { Shape(letters.map { sizes[$0] ?? 1 }) }
    var bias: Shape?
    if let biasAxes, let first = equation.output.firstIndex(where: { biasAxes.contains($0) }) {
      bias = Shape(equation.output[first...].map { biasAxes.contains($0) ? sizes[$0] ?? 1 : 1 })
    }
    return (equation, shape(equation.kernel), shape(equation.output), bias)
  }
}
