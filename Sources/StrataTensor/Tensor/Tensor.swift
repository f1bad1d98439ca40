/// A value of numbers in `shape`: at hand (concrete) or still to be computed (symbolic).
///
/// On concrete operands an operation computes at once; on symbolic ones it appends to their graph.
/// Operators do not throw: an error stays in the result (or in the graph) and is thrown when the
/// values are asked for (or the graph is built).
public struct Tensor: Sendable {
  package enum Value: Sendable {
    case concrete(Storage)
    case symbolic(Graph, NodeID)
    case failed(OperationError)
  }

  public let type: TensorType
  package let value: Value

  package init(_ type: TensorType, _ value: Value) {
    self.type = type
    self.value = value
  }

  public var shape: Shape { type.shape }
  public var element: ElementType { type.element }
  public var rank: Int { shape.rank }
}

extension Tensor {
  /// A scalar.
  public init(_ value: Float) { self.init([value], shape: []) }

  /// Float32 values in row-major order; `values.count` must be `shape.count`.
  public init(_ values: [Float], shape: Shape) {
    self.init(storing: values, TensorType(shape))
  }

  /// Int32 values in row-major order; `values.count` must be `shape.count`.
  @_disfavoredOverload
  public init(_ values: [Int32], shape: Shape) {
    self.init(storing: values, TensorType(shape, .int32))
  }

  private init<Element: BitwiseCopyable>(storing values: [Element], _ type: TensorType) {
    let count = type.shape.checkedCount
    guard values.count == count else {
      let number = count.map(String.init) ?? "a possible number of"
      let error = OperationError(
        operation: "tensor", reason: "\(number) values for shape \(type.shape)",
        found: "\(values.count)")
      self.init(type, .failed(error))
      return
    }
    self.init(type, .concrete(Storage(values)))
  }

  public static func zeros(_ shape: Shape) -> Tensor {
    guard let count = shape.checkedCount else { return Tensor([], shape: shape) }
    return Tensor(TensorType(shape), .concrete(Storage(byteCount: count * 4)))
  }
  public static func full(_ shape: Shape, _ value: Float) -> Tensor {
    Tensor([Float](repeating: value, count: shape.checkedCount ?? 0), shape: shape)
  }

  /// The values in row-major order.
  ///
  /// - Throws: `OperationError` if an operation failed, the tensor is symbolic, or it holds Int32.
  public func floats() throws -> [Float] {
    try storage(of: .float32).array(of: Float.self, count: shape.count)
  }

  /// The values in row-major order.
  ///
  /// - Throws: `OperationError` if an operation failed, the tensor is symbolic, or holds Float32.
  public func integers() throws -> [Int32] {
    try storage(of: .int32).array(of: Int32.self, count: shape.count)
  }

  /// The only value of a one-element tensor.
  ///
  /// - Throws: `OperationError` as `floats()`, or if there is not exactly one element.
  public func scalar() throws -> Float {
    let values = try floats()
    guard values.count == 1 else {
      throw OperationError(operation: "scalar", reason: "one element", found: "shape \(shape)")
    }
    return values[0]
  }

  package func storage(of expected: ElementType) throws(OperationError) -> Storage {
    switch value {
    case .concrete(let storage):
      guard element == expected else {
        throw OperationError(
          operation: "values", reason: "\(expected) elements", found: "\(element)")
      }
      return storage
    case .failed(let error): throw error
    case .symbolic:
      throw OperationError(
        operation: "values", reason: "a computed tensor",
        found: "a symbolic one; its values exist only when its graph runs")
    }
  }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Float) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Float(value)) }
}

/// An operation that cannot be applied to its operands.
public struct OperationError: Error, Hashable, CustomStringConvertible {
  /// The operation, for example `matmul`.
  public var operation: String
  /// What was expected.
  public var reason: String
  /// What came.
  public var found: String
  /// The layers in whose forward it happened, outermost first; empty outside of a model.
  public var path: [String]

  public init(operation: String, reason: String, found: String, path: [String] = []) {
    self.operation = operation
    self.reason = reason
    self.found = found
    self.path = path
  }

  public var description: String {
    let owner = path.isEmpty ? operation : "\(path.joined(separator: "/")): \(operation)"
    return "\(owner): expected \(reason), but got \(found)."
  }
}

extension Tensor {
  /// A scalar that stands for an error: it is thrown where the value is asked for.
  public static func failed(_ error: OperationError) -> Tensor {
    Tensor(TensorType([]), .failed(error))
  }
}
