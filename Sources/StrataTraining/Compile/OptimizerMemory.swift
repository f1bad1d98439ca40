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

    package var value: Tensor {
      Tensor(storage.array(of: Float.self, count: shape.count), shape: shape)
    }
  }

  /// Slots in the order (name, parameter), then globals.
  package private(set) var slots: [Slot]
  /// Steps taken.
  package var iterations = 0
  /// The rate in force, before decay.
  package var learningRate: Float

  init(_ optimizer: Optimizer, _ parameters: [Model.Parameter]) {
    let trained = parameters.indices.filter { parameters[$0].isTrainable }
    slots = optimizer.slots.flatMap { spec in
      trained.map { Self.slot(spec, $0, parameters[$0].spec.shape) }
    }
    slots += optimizer.globals.map { Self.slot($0, nil, []) }
    learningRate = optimizer.rule.learningRate ?? 0
  }

  private static func slot(_ spec: SlotSpec, _ parameter: Int?, _ shape: Shape) -> Slot {
    let storage = Storage(byteCount: shape.count * 4)
    storage.store([Float](repeating: spec.initialValue, count: shape.count))
    return Slot(name: spec.name, parameter: parameter, shape: shape, storage: storage)
  }

  package func slot(_ name: String, of parameter: Int?) -> Slot? {
    slots.first { $0.name == name && $0.parameter == parameter }
  }
}
