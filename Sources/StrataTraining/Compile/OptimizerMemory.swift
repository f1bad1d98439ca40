internal import StrataCore
package import StrataTensor

/// What an optimizer keeps between steps: slots of each trained parameter, globals, the counter.
package struct OptimizerMemory {
  /// A slot of one parameter, or a global.
  package struct Slot {
    package let name: String
    /// The position among the model's parameters; nil for a global.
    package let parameter: Int?
    package let shape: Shape
    package let storage: Storage
    let startsAsParameter: Bool

    init(_ spec: SlotSpec, _ parameter: Int?, _ parameterShape: Shape) {
      name = spec.name
      self.parameter = parameter
      shape = spec.shape ?? parameterShape
      storage = Storage(byteCount: shape.count * 4)
      if spec.initialValue != 0 {
        storage.store([Float](repeating: spec.initialValue, count: shape.count))
      }
      startsAsParameter = spec.startsAsParameter
    }

    var elements: [Float] { storage.array(of: Float.self, count: shape.count) }

    package var value: Tensor {
      Tensor(storage.array(of: Float.self, count: shape.count), shape: shape)
    }
  }

  /// Slots in the order (name, parameter), then globals.
  package private(set) var slots: [Slot] = []
  private var hasBegun = false
  /// Steps taken.
  package var iterations = 0
  /// The rate in force, before decay.
  package var learningRate: Float

  /// - Throws: `HyperparameterError` for a parameter that belongs to several parts of the optimizer.
  init(
    _ optimizer: Optimizer, _ parameters: [Model.Parameter], model: String
  ) throws(HyperparameterError) {
    learningRate = optimizer.rule.learningRate ?? 0
    let trained = parameters.indices.filter { parameters[$0].isTrainable }
    var specs: [[SlotSpec]] = []
    for index in trained {
      let part = try optimizer.part(of: parameters[index].path, in: model)
      specs.append(optimizer.optimizer(of: part).slots(for: parameters[index].spec.shape))
    }
    // All parameters' first slots, then all second ones: the order of files.
    for position in 0..<(specs.map(\.count).max() ?? 0) {
      for (parameter, list) in zip(trained, specs) where position < list.count {
        slots.append(Slot(list[position], parameter, parameters[parameter].spec.shape))
      }
    }
    slots += optimizer.globals.map { Slot($0, nil, []) }
  }

  /// Gives slots that start as copies of their parameters the present values, before the first step.
  mutating func begin(_ parameters: [Model.Parameter]) {
    guard !hasBegun else { return }
    hasBegun = true
    for slot in slots where slot.startsAsParameter {
      guard let parameter = slot.parameter, iterations == 0 else { continue }
      slot.storage.store(
        parameters[parameter].storage.array(of: Float.self, count: slot.shape.count))
    }
  }

  /// The running averages of the parameters that `fit` leaves in their place at its end.
  func averages(of optimizer: Optimizer) -> [Slot] {
    guard let averaging = optimizer.averaging, averaging.overwriteFrequency == nil,
      iterations > 0
    else { return [] }
    return slots.filter { $0.name == Optimizer.averageSlot }
  }

  package func slot(_ name: String, of parameter: Int?) -> Slot? {
    slots.first { $0.name == name && $0.parameter == parameter }
  }
}

extension Model {
  /// Goes on from the optimizer's memory before another `compile`: slots of the same name, parameter
  /// and shape, the counter, and the rate unless another one is wanted.
  package func adoptState(_ memory: OptimizerMemory, keepsRate: Bool) {
    for slot in optimizerState?.slots ?? [] {
      guard let old = memory.slot(slot.name, of: slot.parameter), old.shape == slot.shape else {
        continue
      }
      slot.storage.store(old.elements)
    }
    optimizerState?.iterations = memory.iterations
    if keepsRate { optimizerState?.learningRate = memory.learningRate }
  }

  /// Puts running averages in the place of the parameters, as Keras's `use_ema` does when `fit` ends.
  func adoptAverages() {
    guard let compiled, let optimizerState else { return }
    for slot in optimizerState.averages(of: compiled.optimizer) {
      guard let parameter = slot.parameter else { continue }
      parameters[parameter].storage.store(
        slot.storage.array(of: Float.self, count: slot.shape.count))
    }
  }
}
