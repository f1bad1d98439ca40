internal import CStrataKernels

/// A graph made ready to run: a flat program, where its values lie, how much memory it needs.
package struct Plan: Sendable {
  /// Spaces of a program: the arena, the constants, then one for each input.
  package static let arenaSpace: Int32 = 0
  package static let constantSpace: Int32 = 1
  package static let firstInputSpace: Int32 = 2

  package struct Input: Sendable {
    package var node: NodeID
    package var role: InputRole
    package var type: TensorType
  }
  /// The new value of a state input.
  package struct Update: Sendable {
    package var state: NodeID
    package var value: NodeID
    package init(state: NodeID, value: NodeID) {
      self.state = state
      self.value = value
    }
  }
  package struct Options: Sendable {
    package var fusesElementwise = true
    package var simplifies = true
    package init(fusesElementwise: Bool = true, simplifies: Bool = true) {
      self.fusesElementwise = fusesElementwise
      self.simplifies = simplifies
    }
  }

  package internal(set) var inputs: [Input] = []
  package internal(set) var outputs: [Place] = []
  package internal(set) var arenaByteCount = 0
  let constants: Storage
  let instructions: [strata_instruction]
  let operands: [strata_operand]
  let code: [Int32]
  package let labels: [String]
  package let layers: [String]
  package let costs: [InstructionCost]

  /// Plans the computation of `outputs` and `updates`.
  ///
  /// - Throws: the first `OperationError` of the trace.
  package init(
    _ graph: Graph, outputs: [NodeID], updates: [Update] = [], options: Options = Options()
  ) throws(OperationError) {
    if let error = graph.error { throw error }
    var planner = Planner(graph, outputs: outputs, updates: updates, options: options)
    planner.run()
    inputs = planner.inputs
    self.outputs = outputs.map { planner.place(of: $0) }
    arenaByteCount = planner.arena.byteCount
    constants = planner.constantStorage()
    instructions = planner.program.instructions
    operands = planner.program.operands
    code = planner.program.code
    labels = planner.program.labels
    layers = planner.program.layers
    costs = planner.program.costs
  }
}

extension Plan: CustomStringConvertible {
  /// A line per instruction: its number, its layer, what it computes.
  package var description: String {
    let head = "\(instructions.count) instructions, arena \(arenaByteCount) bytes"
    let width = (layers.map(\.count).max() ?? 0) + 2
    let lines = labels.indices.map { index in
      let number = "\(index)"
      let margin = String(repeating: " ", count: max(0, 4 - number.count))
      let gap = String(repeating: " ", count: width - layers[index].count)
      return "\(margin)\(number)  \(layers[index])\(gap)\(labels[index])"
    }
    return ([head] + lines).joined(separator: "\n")
  }
}
