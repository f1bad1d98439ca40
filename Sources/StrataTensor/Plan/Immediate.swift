/// Computes one operation on concrete operands at once.
enum Immediate {
  static func apply(_ operation: any Operation, _ operands: [Tensor]) -> Tensor {
    do throws(OperationError) {
      let type = try operation.checkedType(operands.map(\.type))
      if operation is Reshape, case .concrete(let storage) = operands[0].value {
        return Tensor(type, .concrete(storage))
      }
      return try run(operation, operands)
    } catch {
      return Tensor(operands[0].type, .failed(error))
    }
  }

  private static func run(
    _ operation: any Operation, _ operands: [Tensor]
  ) throws(OperationError) -> Tensor {
    let graph = Graph()
    let inputs = operands.indices.map { graph.input(operands[$0].type, .argument("\($0)")) }
    let result = graph.node(for: graph.apply(operation, inputs))
    let session = Session(try Plan(graph, outputs: [result]))
    for (index, input) in session.plan.inputs.enumerated() {
      let operand = operands[input.node]
      session.bind(index, to: try operand.storage(of: operand.element))
    }
    session.run()
    return session.output(0)
  }
}
