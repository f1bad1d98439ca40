/// The values of one node in the reference executor.
package struct ReferenceBuffer<S: Scalar>: Sendable {
  package enum Values: Sendable {
    case real([S])
    case integer([Int32])
  }
  package var shape: Shape
  package var values: Values

  package init(_ shape: Shape, _ values: Values) {
    self.shape = shape
    self.values = values
  }

  /// Values whose shape the executor fills in.
  package static func real(_ values: [S]) -> ReferenceBuffer {
    .init([values.count], .real(values))
  }
  package static func integer(_ values: [Int32]) -> ReferenceBuffer {
    .init([values.count], .integer(values))
  }

  package var reals: [S] {
    switch values {
    case .real(let reals): reals
    case .integer(let integers): integers.map { S($0) }
    }
  }
  package var integers: [Int32] {
    switch values {
    case .real(let reals): reals.map { Int32(exactly: $0.rounded(.towardZero)) ?? 0 }
    case .integer(let integers): integers
    }
  }

  /// The values repeated to `target`.
  func broadcast(to target: Shape) -> [S] {
    let x = reals
    if shape == target { return x }
    return target.indices(strides: shape.strides(broadcastTo: target)).map { x[$0] }
  }
}

extension Shape {
  /// The offsets of all elements in row-major order, under the given strides.
  package func indices(strides: [Int]) -> [Int] {
    var result = [0]
    for (size, stride) in zip(dimensions, strides) {
      result = result.flatMap { base in (0..<size).map { base + $0 * stride } }
    }
    return result
  }
}
