// A user's file: this import must be enough for everything.
import Strata
import Testing

/// A layer of a user: `y = x·scale`, one factor for each feature.
struct Scale: Layer {
  static let name = "Scale"
  static let supportsMasking = true
  var initial: Float = 1

  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape { try single(inputs) }

  func parameters(for inputs: [Shape]) throws(LayerError) -> [ParameterSpec] {
    [ParameterSpec("scale", [try single(inputs).last], .constant(initial))]
  }

  func forward(_ inputs: [Tensor], _ context: LayerContext) -> Tensor {
    inputs[0] * context["scale"]
  }
}

/// An optimizer of a user: a step of fixed size against the sign of the gradient.
struct SignDescent: OptimizerRule {
  static let name = "sign_descent"
  static let className = "SignDescent"
  var learningRate: Float?

  mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    learningRate = learningRate ?? 0.01
  }
  var slots: [SlotSpec] { [SlotSpec("last_sign")] }

  func update(
    _ parameter: Tensor, gradient: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    let sign = gradient.sign()
    return ParameterUpdate(parameter - state.learningRate * sign, slots: ["last_sign": sign])
  }
}

/// A loss of a user: `mean |t − p|³`.
struct MeanCubedError: Loss {
  static let name = "mean_cubed_error"

  func perSample(target: Tensor, prediction: Tensor) -> Tensor {
    let distance = (target - prediction).abs()
    return (distance * distance * distance).mean(axes: [-1])
  }
}

/// A metric of a user.
struct LargestError: Metric {
  static let name = "largest_error"
  func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    (target - prediction).abs().max()
  }
}

/// A callback of a user.
final class LossWatch: Callback {
  private(set) var losses: [Double] = []
  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    losses.append(logs["loss"] ?? .nan)
    if losses.count == 30 { training.learningRate = 0.001 }
  }
}

@Suite struct PluginTests {
  private func trained(_ watch: LossWatch) throws -> (Model, Dataset) {
    let model = try Model(
      Sequential(input: [2]) {
        Scale(initial: 0.5)
        Dense(units: 1)
      }, seed: 4)
    try model.compile(
      optimizer: SignDescent(learningRate: 0.05), loss: MeanCubedError(),
      metrics: [.metric(LargestError())])
    let x = Tensor([0, 1, 1, 0, 1, 1, 2, 1], shape: [4, 2])
    let y = Tensor([1, 2, 3, 5], shape: [4])
    try model.fit(x, y, epochs: 60, verbosity: .silent, callbacks: [watch])
    return (model, Dataset(x, y))
  }

  @Test func partsFromOutsideTrain() throws {
    let watch = LossWatch()
    let (model, data) = try trained(watch)
    #expect(watch.losses.count == 60)
    #expect(watch.losses[59] < watch.losses[0] / 2)
    #expect(try model.evaluate(data)["largest_error"] != nil)
    #expect(try model.predict(data.inputs[0]).shape == [4, 1])
    #expect(model.weights.map(\.path) == ["scale/scale", "dense/kernel", "dense/bias"])
    #expect(model.description.contains("Scale(initial: 0.5)"))
  }

  /// The first step of a rule that goes by signs moves every weight by its rate.
  @Test func theRuleIsTheOneThatIsUsed() throws {
    let model = try Model(Sequential(input: [2]) { Scale() }, seed: 4)
    try model.compile(optimizer: SignDescent(learningRate: 0.25), loss: MeanCubedError())
    try model.trainOnBatch(
      Dataset(Tensor([1, 1], shape: [1, 2]), Tensor([3, -3], shape: [1, 2])))
    #expect(try model.weights[0].value.floats() == [1.25, 0.75])
  }

  @Test func registriesTakeThemByName() throws {
    let layers = Registry<any Layer.Type>.builtIn.adding(Scale.name, Scale.self)
    #expect(try layers.resolve("Scale") is Scale.Type)
    let rule = try OptimizerRegistry.builtIn.adding(SignDescent()).resolve("sign_descent", .strata)
    #expect(rule.learningRate == 0.01)
    #expect(
      try LossRegistry.builtIn.adding(MeanCubedError()).entries.resolve("mean_cubed_error")
        is MeanCubedError)
  }

  @Test func unknownNamesAreErrors() {
    let layer = #expect(throws: UnknownNameError.self) {
      try Registry<any Layer.Type>.builtIn.resolve("Dens")
    }
    #expect(
      layer?.description.hasPrefix("layer: expected one of ActivationLayer") == true
        || layer?.description.hasPrefix("layer: expected one of Activation") == true)
    #expect(layer?.description.hasSuffix(", but got \"Dens\".") == true)
    let rule = #expect(throws: UnknownNameError.self) {
      try OptimizerRegistry.builtIn.rule("adamm", .keras("1.2.0"))
    }
    #expect(rule?.description.hasPrefix("optimizer: expected one of adadelta, ada") == true)
    #expect(rule?.description.hasSuffix(", sgd, but got \"adamm\".") == true)
    let loss = #expect(throws: UnknownNameError.self) {
      try LossRegistry.builtIn.entries.resolve("mean_squared_eror")
    }
    #expect(loss?.kind == "loss" && loss?.name == "mean_squared_eror")
  }
}

/// The loop of one's own that the documentation shows.
@Suite struct OwnLoopTests {
  @Test func valueAndGradientAreEnoughToTrain() throws {
    let x = Tensor([1, 2, 3, 4], shape: [4, 1])
    let y = Tensor([3, 5, 7, 9], shape: [4, 1])
    var (w, b) = (Tensor([0], shape: [1, 1]), Tensor([0], shape: [1]))
    for _ in 0..<400 {
      let (_, gradients) = try valueAndGradient(at: [w, b]) { v in
        (x.matmul(v[0]) + v[1] - y).square().mean()
      }
      w = w - 0.05 * gradients[0]
      b = b - 0.05 * gradients[1]
    }
    #expect(try abs(w.scalar() - 2) < 1e-3)
    #expect(try abs(b.scalar() - 1) < 1e-2)
  }

  @Test func aCompiledFunctionGivesTheSame() throws {
    let (x, w) = (Tensor([1, 2, 3], shape: [3, 1]), Tensor([0.5], shape: [1, 1]))
    let loss: ([Tensor]) -> Tensor = { $0[0].matmul($0[1]).square().sum() }
    let function = try Function(gradientOf: loss, arguments: [x.type, w.type], variables: [1])
    let results = try function(x, w)
    #expect(try results.map { try $0.floats()[0] } == [3.5, 14])
  }
}
