/// An element of the reference executor: Float32, or Float64 as the shadow that shows rounding.
package protocol Scalar: BinaryFloatingPoint, Sendable {
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func log1p(_ x: Self) -> Self
  static func expm1(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func sigmoid(_ x: Self) -> Self
  static func erf(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self
}

extension Float: Scalar {
  package static func exp(_ x: Float) -> Float { ElementaryFunctions.exp(x) }
  package static func log(_ x: Float) -> Float { ElementaryFunctions.log(x) }
  package static func log1p(_ x: Float) -> Float { ElementaryFunctions.log1p(x) }
  package static func expm1(_ x: Float) -> Float { ElementaryFunctions.expm1(x) }
  package static func tanh(_ x: Float) -> Float { ElementaryFunctions.tanh(x) }
  package static func sigmoid(_ x: Float) -> Float { ElementaryFunctions.sigmoid(x) }
  package static func erf(_ x: Float) -> Float { ElementaryFunctions.erf(x) }
  package static func sin(_ x: Float) -> Float { ElementaryFunctions.sin(x) }
  package static func cos(_ x: Float) -> Float { ElementaryFunctions.cos(x) }
  package static func pow(_ x: Float, _ y: Float) -> Float { ElementaryFunctions.pow(x, y) }
}

extension Double: Scalar {
  package static func exp(_ x: Double) -> Double { ElementaryFunctions.exp(x) }
  package static func log(_ x: Double) -> Double { ElementaryFunctions.log(x) }
  package static func log1p(_ x: Double) -> Double { ElementaryFunctions.log1p(x) }
  package static func expm1(_ x: Double) -> Double { ElementaryFunctions.expm1(x) }
  package static func tanh(_ x: Double) -> Double { ElementaryFunctions.tanh(x) }
  package static func sigmoid(_ x: Double) -> Double { ElementaryFunctions.sigmoid(x) }
  package static func erf(_ x: Double) -> Double { ElementaryFunctions.erf(x) }
  package static func sin(_ x: Double) -> Double { ElementaryFunctions.sin(x) }
  package static func cos(_ x: Double) -> Double { ElementaryFunctions.cos(x) }
  package static func pow(_ x: Double, _ y: Double) -> Double { ElementaryFunctions.pow(x, y) }
}
