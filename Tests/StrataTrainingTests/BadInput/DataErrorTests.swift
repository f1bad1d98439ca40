import StrataCallbacks
import StrataCore
import StrataLosses
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Data that does not fit gets one sentence: who complains, what was expected, what came.
@Suite struct DataErrorTests {
  private func fitting(
    _ data: Dataset, _ semantics: Semantics = .keras("1.2.0"),
    loss: any Loss = CategoricalCrossentropy(), _ change: (inout FitOptions) -> Void = { _ in }
  ) -> String? {
    message { try Small.model(semantics, loss: loss).fit(data, Small.options(change)) }
  }

  @Test func samplesThatAreNotThere() throws {
    let short = Dataset(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]), Small.data(1).targets[0])
    let text = message { try Small.model().fit(short.slice(0..<2), Small.options()) }
    #expect(text?.contains("expected samples within 0..<1, but got 0..<2") == true, "\(text ?? "")")
  }

  @Test func inputsOfAnotherShape() {
    let data = Dataset(.zeros([4, 5]), .zeros([4, 3]))
    #expect(
      fitting(data) == "input_1: expected samples of shape [2], but got an array of shape [4, 5].")
    let scalar = Dataset(Tensor(1), .zeros([1, 3]))
    #expect(
      fitting(scalar) == "input_1: expected samples of shape [2], but got an array of shape [].")
  }

  @Test func inputsOfAnotherShapeInPredict() throws {
    let model = try Small.model(compiles: false)
    #expect(
      message { _ = try model.predict(.zeros([4, 5])) }
        == "input_1: expected samples of shape [2], but got an array of shape [4, 5].")
    #expect(
      message { _ = try model.predictAll([]) } == "model: expected 1 inputs, but got 0.")
  }

  @Test func targetsOfAnotherShape() {
    #expect(
      fitting(Dataset(.zeros([4, 2]), .zeros([4, 2])))
        == "dense_1 target: expected samples of shape [3], but got an array of shape [4, 2].")
  }

  @Test func anotherNumberOfInputsOrTargets() {
    let x = Tensor.zeros([4, 2])
    let y = Tensor.zeros([4, 3])
    #expect(
      fitting(Dataset(inputs: [x, x], targets: [y])) == "model: expected 1 inputs, but got 2.")
    #expect(fitting(Dataset(inputs: [x])) == "model: expected 1 targets, but got 0.")
    #expect(
      fitting(Dataset(inputs: [x], targets: [y], weights: []))
        == "model: expected 1 sample weights (or nil), but got 0.")
  }

  @Test func anotherNumberOfSamples() {
    #expect(
      fitting(Dataset(.zeros([4, 2]), .zeros([5, 3])))
        == "dense_1 target: expected 4 samples, but got 5.")
    #expect(
      fitting(Dataset(.zeros([4, 2]), .zeros([4, 3]), weights: .zeros([3])))
        == "dense_1 sample weights: expected 4 samples, but got 3.")
    #expect(
      fitting(Dataset(.zeros([4, 2]), .zeros([4, 3]), weights: .zeros([4, 6])))
        == "dense_1 sample weights: expected samples of shape [], "
        + "but got an array of shape [4, 6].")
  }

  @Test func noSamples() throws {
    let none = Small.data(4).slice(0..<0)
    #expect(fitting(none) == "data: expected at least 1 sample, but got 0.")
    let model = try Small.model()
    #expect(
      message { _ = try model.evaluate(none) } == "data: expected at least 1 sample, but got 0.")
    #expect(
      message { _ = try model.trainOnBatch(none) }
        == "data: expected at least 1 sample, but got 0.")
    #expect(try model.predict(.zeros([0, 2])).shape == [0, 3])
  }

  @Test func labelsOutOfRange() {
    func labels(_ values: [Float]) -> String? {
      let y = Tensor(values, shape: [values.count])
      let data = Dataset(.zeros([values.count, 2]), y)
      return fitting(data, loss: SparseCategoricalCrossentropy())
    }
    #expect(labels([0, 1, 2, 2]) == nil)
    #expect(
      labels([0, 1, 3])
        == "dense_1 target: expected whole labels from 0 to 2, but got 3.0 in row 2.")
    #expect(
      labels([0, -1]) == "dense_1 target: expected whole labels from 0 to 2, but got -1.0 in row 1."
    )
    #expect(
      labels([0.5, 1]) == "dense_1 target: expected whole labels from 0 to 2, but got 0.5 in row 0."
    )
    #expect(
      labels([0, .nan])
        == "dense_1 target: expected whole labels from 0 to 2, but got nan in row 1."
    )
  }

  @Test func labelsMayBeIntegers() throws {
    let model = try Small.model(loss: SparseCategoricalCrossentropy())
    let labels = Tensor([Int32(0), 2, 1, 1], shape: [4])
    try model.fit(Dataset(Small.data(4).inputs[0], labels), Small.options())
    let wrong = Tensor([Int32(0), 2, 1, 7], shape: [4])
    #expect(
      message { try model.fit(Dataset(Small.data(4).inputs[0], wrong), Small.options()) }
        == "dense_1 target: expected whole labels from 0 to 2, but got 7.0 in row 3.")
  }

  @Test func aTensorThatFailed() {
    let broken = Tensor([1, 2, 3], shape: [4, 2])
    #expect(
      fitting(Dataset(broken, .zeros([4, 3])))
        == "tensor: expected 8 values for shape [4, 2], but got 3.")
  }

  @Test func classWeights() {
    let data = Small.data(6)
    #expect(
      fitting(data) { $0.classWeight = [0: 1, 1: 2] }
        == "classWeight: expected a weight for every class, but got none for class 2.0 of row 2.")
    let weighted = Dataset(data.inputs[0], data.targets[0], weights: .full([6], 2))
    let all: [Int: Float] = [0: 1, 1: 2, 2: 3]
    #expect(fitting(weighted) { $0.classWeight = all } == nil)
    #expect(
      fitting(weighted, .keras("3.15.1")) { $0.classWeight = all }
        == "classWeight: expected no sample weights under keras-3.15.1+tensorflow-2.21.0, "
        + "but got both.")
  }

  @Test func classWeightsNeedOneOutputAndOneClassASample() throws {
    let graph = try Contract.sharedGraph.model(.keras("1.2.0"))
    #expect(
      message {
        try graph.fit(Contract.sharedGraph.data, Small.options { $0.classWeight = [0: 1, 1: 1] })
      } == "classWeight: expected a model with one output, but got 2.")
    let steps = try Contract.maskedRecurrent.model(.keras("1.2.0"))
    #expect(
      message {
        try steps.fit(Contract.maskedRecurrent.data, Small.options { $0.classWeight = [0: 1] })
      }
        == "classWeight: expected targets [samples, classes] or [samples, 1], "
        + "but got [11, 6, 3].")
  }

  @Test func settingsOutOfRange() {
    let data = Small.data(6)
    #expect(
      fitting(data) { $0.validationSplit = 1 }
        == "validationSplit: expected a fraction from 0 to below 1, but got 1.0.")
    #expect(
      fitting(data) { $0.validationSplit = -0.1 }
        == "validationSplit: expected a fraction from 0 to below 1, but got -0.1.")
    #expect(
      fitting(data) { $0.validationSplit = .nan }
        == "validationSplit: expected a fraction from 0 to below 1, but got nan.")
    #expect(
      fitting(data) { $0.validationSplit = 0.9 }
        == "validationSplit: expected a fraction that leaves samples to train on, "
        + "but got 0.9 of 6.")
    #expect(
      fitting(data) { $0.batchSize = 0 } == "batchSize: expected a positive number, but got 0.")
    #expect(fitting(data) { $0.epochs = -1 } == "epochs: expected at least 0, but got -1.")
    #expect(
      fitting(data) { $0.initialEpoch = -2 } == "initialEpoch: expected at least 0, but got -2.")
  }

  @Test func hugeAndTinySizes() throws {
    for (count, size) in [(1, 1), (1, 100), (7, Int.max), (7, 3), (7, 7)] {
      for shuffle in [Shuffle.none, .samples, .batches] {
        let model = try Small.model()
        let options = Small.options(epochs: 2, batchSize: size) { $0.shuffle = shuffle }
        #expect(try model.fit(Small.data(count), options)["loss"].count == 2)
      }
    }
  }

  @Test func fitBeforeCompile() throws {
    let model = try Small.model(compiles: false)
    let expected = "compile: expected the model to be compiled, but got no compile()."
    #expect(message { try model.fit(Small.data(4), Small.options()) } == expected)
    #expect(message { _ = try model.evaluate(Small.data(4)) } == expected)
    #expect(message { _ = try model.trainOnBatch(Small.data(4)) } == expected)
  }

  @Test func lossesThatDoNotFit() throws {
    let model = try Small.model(compiles: false)
    #expect(
      message {
        try model.compile(
          optimizer: Optimizer(SGDRule.standard), losses: [MeanSquaredError(), MeanSquaredError()])
      } == "compile: expected losses one or 1, but got 2.")
  }

  @Test func aNaNIsNamedAndTrainingGoesOn() throws {
    var lines: [String] = []
    var x = try Small.data(6).inputs[0].floats()
    x[7] = .nan
    let data = Dataset(Tensor(x, shape: [6, 2]), Small.data(6).targets[0])
    let options = Small.options(epochs: 3) {
      $0.report = { lines.append($0) }
      $0.validationData = data
    }
    let history = try Small.model().fit(data, options)
    #expect(history.epochs == [0, 1, 2])
    #expect(history["loss"].filter(\.isNaN).count == 3)
    #expect(
      lines == [
        "warning: input_1 holds a NaN in row 3; training goes on.",
        "warning: validation: input_1 holds a NaN in row 3; training goes on.",
      ])
  }
}
