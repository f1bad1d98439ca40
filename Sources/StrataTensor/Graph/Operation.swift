/// A primitive of the engine: shape rule, derivative, definition, kernel call; one file each.
package protocol Operation: Sendable, Hashable {
  /// The name in errors and printed plans.
  var name: String { get }

  /// The type of the result.
  ///
  /// - Throws: `OperationError` where the operands do not fit.
  func resultType(_ operands: [TensorType]) throws(OperationError) -> TensorType

  /// The upstream gradient carried to each operand, nil where none flows.
  func derivative(_ site: DerivativeSite) -> [Tensor?]

  /// The definition of the result to the last bit, in plain Swift.
  func evaluate<S: Scalar>(
    _ operands: [ReferenceBuffer<S>], _ type: TensorType
  ) -> ReferenceBuffer<S>

  /// The kernel instructions that compute it.
  func lower(_ site: LoweringSite, into program: inout ProgramBuilder)
}

/// Where a derivative is taken: the operands, the result, and the gradient that arrived at it.
package struct DerivativeSite {
  package var operands: [Tensor]
  package var result: Tensor
  package var upstream: Tensor
  /// Operands whose gradient somebody needs.
  package var isNeeded: [Bool]
}

/// Where an operation is lowered: the places of its result and operands.
package struct LoweringSite {
  package var result: Place
  package var operands: [Place]
}

extension Operation {
  /// The type of the result, which kernels and memory can hold.
  ///
  /// - Throws: `OperationError` where the operands do not fit or the result is too large.
  func checkedType(_ operands: [TensorType]) throws(OperationError) -> TensorType {
    let type = try resultType(operands)
    guard type.shape.rank <= Shape.maximumRank else {
      throw OperationError(
        operation: name, reason: "a result of at most \(Shape.maximumRank) axes",
        found: "\(type.shape)")
    }
    guard type.shape.checkedCount != nil else {
      throw OperationError(
        operation: name, reason: "a result of sizes from 0 and at most 2^40 elements",
        found: "\(type.shape)")
    }
    return type
  }

  func fail(_ reason: String, _ operands: [TensorType]) -> OperationError {
    OperationError(
      operation: name, reason: reason,
      found: operands.map(\.description).joined(separator: " and "))
  }
}
