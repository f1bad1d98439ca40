import StrataCallbacks
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import TestSupport
import Testing

/// The contract models through derivative, training step, fit, evaluate and predict.
@Suite struct ContractTests {
  static let releases: [Semantics] = [.keras("0.3.3"), .keras("1.2.0"), .strata]

  /// A step of SGD with rate 1 moves a parameter by its gradient.
  @Test(arguments: Contract.allCases, releases)
  func theDerivativeAgreesWithFiniteDifferences(
    _ contract: Contract, _ semantics: Semantics
  ) throws {
    let model = try contract.model(semantics, optimizer: Optimizer(SGD(learningRate: 1)))
    let run = try TracedStepRun(model, contract.data)
    let results = run.reference(Double.self)
    let step = 1e-5
    for (index, update) in run.step.updates.enumerated() {
      guard let path = run.states.first(where: { $0.value == update.state })?.key,
        model.weights.contains(where: { $0.path == path }), !path.contains("moving")
      else { continue }
      let old = (run.values[update.state] ?? []).map(Double.init)
      let new = results[run.step.outputs.count + index]
      for element in stride(from: 0, to: old.count, by: max(1, old.count / 3)) {
        var (up, down) = (old, old)
        up[element] += step
        down[element] -= step
        let difference =
          run.reference(Double.self, [update.state: up])[0][0]
          - run.reference(Double.self, [update.state: down])[0][0]
        let gradient = old[element] - new[element]
        #expect(
          abs(difference / (2 * step) - gradient) < 1e-6 * max(1, abs(gradient)),
          "\(path)[\(element)]: \(difference / (2 * step)), derivative \(gradient)")
      }
    }
  }

  @Test(arguments: Contract.allCases, releases)
  func aStepIsTheReferenceToTheLastBit(_ contract: Contract, _ semantics: Semantics) throws {
    for isTraining in [true, false] {
      let model = try contract.model(semantics, optimizer: Optimizer(Adam()))
      let run = try TracedStepRun(model, contract.data, isTraining: isTraining)
      let (native, reference) = (try run.native(), run.reference(Float.self))
      #expect(native.count == reference.count)
      for (index, pair) in zip(native, reference).enumerated() {
        #expect(
          pair.0.map(\.bitPattern) == pair.1.map(\.bitPattern),
          "\(isTraining ? "training" : "test") result \(index)")
      }
    }
  }

  /// What the model does with its own buffers is what the trace says.
  @Test(arguments: Contract.allCases.filter { $0 != .dropout })
  func trainOnBatchIsTheTracedStep(_ contract: Contract) throws {
    let model = try contract.model(.keras("1.2.0"))
    var run = try TracedStepRun(model, contract.data)
    for (id, node) in run.step.graph.nodes.enumerated() {
      if case .input(.argument("learningRate")) = node.kind { run.values[id] = [0.1] }
    }
    let expected = try run.native()
    let values = try model.trainOnBatch(contract.data)
    #expect(values.map(\.value) == run.step.outputs.indices.map { expected[$0][0] })
    for (path, value) in model.weights {
      let index = try #require(run.step.updates.firstIndex { $0.state == run.states[path] })
      #expect(try value.floats() == expected[run.step.outputs.count + index], "\(path)")
    }
  }

  @Test(arguments: Contract.allCases, releases)
  func fitLearns(_ contract: Contract, _ semantics: Semantics) throws {
    let model = try contract.model(semantics)
    let data = contract.data
    var options = FitOptions()
    options.batchSize = 4
    options.epochs = 60
    options.verbosity = .silent
    options.validationData = data
    let before = try model.evaluate(data)
    let history = try model.fit(data, options)
    let after = try model.evaluate(data, batchSize: 4)
    #expect(history["loss"].count == 60)
    #expect(try #require(after["loss"]) < 0.9 * #require(before["loss"]))
    #expect(history["val_loss"].last == after["loss"])
  }

  @Test(arguments: Contract.allCases)
  func predictionsDoNotDependOnTheBatchSize(_ contract: Contract) throws {
    let model = try contract.model(.keras("1.2.0"))
    let whole = try model.predictAll(contract.data.inputs)
    for size in [1, 4, 11, Int.max] {
      let parts = try model.predictAll(contract.data.inputs, batchSize: size)
      for (a, b) in zip(whole, parts) {
        #expect(try a.floats().map(\.bitPattern) == b.floats().map(\.bitPattern))
      }
    }
    #expect(whole.map(\.shape) == model.outputShapes.map { $0.batched(Contract.samples) })
  }

  @Test(.choosesMachine, arguments: Contract.allCases)
  func threadsAndInstructionSetsDoNotChangeABit(_ contract: Contract) throws {
    func weights() throws -> [[UInt32]] {
      let model = try contract.model(.keras("1.2.0"), optimizer: Optimizer(Adam()))
      var options = FitOptions()
      options.batchSize = 4
      options.epochs = 5
      options.verbosity = .silent
      try model.fit(contract.data, options)
      return try model.weightBits()
    }
    let expected = try weights()
    try withEveryConfiguration(threads: [1, 2, 4]) { machine in
      let bits = try weights()
      #expect(bits == expected, "\(machine)")
    }
  }
}
