import Foundation

/// Elementary functions as fixed sequences of IEEE operations: the same bits on every machine.
///
/// The Float32 forms are the definition (largest errors: `Documentation/Numerics.md`); the kernels
/// in `CStrataKernels/math.inc` repeat them, operation for operation. `c.addingProduct(a, b)` is a
/// fused multiply-add. The Float64 overloads are Foundation's: they serve the Float64 shadow, which
/// decides no result.
package enum ElementaryFunctions {
  /// `e^x`, by `x = n ln 2 + r` and a polynomial in `r`.
  package static func exp(_ x: Float) -> Float {
    let e = ExpParts(x)
    return e.high * e.scale1 * e.scale2
  }

  /// `1 / (1 + e^-x)`: from `z = e^-|x|`, the quotient corrected by its residual.
  package static func sigmoid(_ x: Float) -> Float {
    let e = ExpParts(-abs(x))
    let z = e.high * e.scale1 * e.scale2
    let zLow = e.low * e.scale1 * e.scale2
    let top = x < 0 ? z : 1
    let topLow = x < 0 ? zLow : 0
    return quotient(top, topLow, onePlus: z, zLow)
  }

  /// `|x| < 0.5625`: `x + x^3 P(x^2)`; otherwise `1 - 2 z / (1 + z)` with `z = e^-2|x|`.
  package static func tanh(_ x: Float) -> Float {
    var y: Float
    if abs(x) < 0.5625 {
      let s = x * x
      y = x.addingProduct(x * s, polynomial(tanhCoefficients, s))
    } else {
      let e = ExpParts(abs(x) * -2)
      let z = e.high * e.scale1 * e.scale2
      let zLow = e.low * e.scale1 * e.scale2
      y = Float(1).addingProduct(quotient(z, zLow, onePlus: z, zLow), -2)
    }
    return Float(bitPattern: y.bitPattern | (x.bitPattern & 0x8000_0000))
  }

  /// The natural logarithm, by `x = 2^n (1 + f)` and a polynomial in `f`.
  package static func log(_ x: Float) -> Float {
    if x < 0 || x.isNaN { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    let subnormal = x < 0x1p-126
    let y = subnormal ? x * 0x1p23 : x
    var e = Int32(bitPattern: y.bitPattern &- 0x3f35_04f3) >> 23
    let f = Float(bitPattern: y.bitPattern &- UInt32(bitPattern: e << 23)) - 1
    if subnormal { e -= 23 }
    let n = Float(e)
    let t = Float(-0.5).addingProduct(f, polynomial(logCoefficients, f))
    let u = (n * -0x1.05c61p-29).addingProduct(f * f, t)
    return (f + u).addingProduct(n, 0x1.62e43p-1)
  }

  /// `log(1 + x)`, in Float64.
  package static func log1p(_ x: Float) -> Float {
    if x == 0 || x == .infinity { return x }
    if x < -1 || x.isNaN { return .nan }
    if x == -1 { return -.infinity }
    let (f, n) = split(Double(x) + 1)
    return Float(logCore(n == 0 ? Double(x) : f, n))
  }

  /// `e^x - 1`, in Float64.
  package static func expm1(_ x: Float) -> Float {
    if x == 0 { return x }
    let (p, scale) = expMinusOneCore(Double(x))
    return Float(p * scale + (scale - 1))
  }

  /// The error function, in Float64: `|x| < 1`: `x P(x^2)`; otherwise `Q(min(|x|, 4) - 2.5)`.
  package static func erf(_ x32: Float) -> Float {
    let x = Double(x32)
    let a = abs(x)
    if a < 1 { return Float(x * polynomial(erfSmallCoefficients, x * x)) }
    let q = polynomial(erfLargeCoefficients, (a > 4 ? 4 : a) - 2.5)
    return Float(Double(bitPattern: q.bitPattern | (x.bitPattern & 0x8000_0000_0000_0000)))
  }

  /// The sine of an angle in radians, for every Float32.
  package static func sin(_ x: Float) -> Float { sine(x, shift: 0) }

  /// The cosine of an angle in radians, for every Float32.
  package static func cos(_ x: Float) -> Float { sine(x, shift: 1) }

  /// `x^y` with the special values of IEEE 754 `pow`: `e^(y log |x|)`, in Float64.
  package static func pow(_ x32: Float, _ y32: Float) -> Float {
    let (x, y) = (Double(x32), Double(y32))
    let a = abs(x)
    if y == 0 || x == 1 { return 1 }
    var logarithm = a
    if a == 0 {
      logarithm = -.infinity
    } else if a.isFinite {
      let (f, n) = split(a)
      logarithm = logCore(f, n)
    }
    let (p, scale) = expMinusOneCore(y * logarithm)
    var result = p * scale + scale
    if a == 1 && !y.isNaN { result = 1 }
    let b = abs(y)
    let isLarge = b >= 0x1p24
    let isInteger = isLarge || roundToInteger(b) == b
    let isOdd = isInteger && !isLarge && roundToInteger(b * 0.5) != b * 0.5
    if isOdd {
      result = Double(bitPattern: result.bitPattern | (x.bitPattern & 0x8000_0000_0000_0000))
    }
    return x < 0 && a.isFinite && !isInteger ? .nan : Float(result)
  }
}

// The Float64 shadow.
extension ElementaryFunctions {
  package static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  package static func log(_ x: Double) -> Double { Foundation.log(x) }
  package static func log1p(_ x: Double) -> Double { Foundation.log1p(x) }
  package static func expm1(_ x: Double) -> Double { Foundation.expm1(x) }
  package static func tanh(_ x: Double) -> Double { Foundation.tanh(x) }
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }
  package static func erf(_ x: Double) -> Double { Foundation.erf(x) }
  package static func sin(_ x: Double) -> Double { Foundation.sin(x) }
  package static func cos(_ x: Double) -> Double { Foundation.cos(x) }
  package static func pow(_ x: Double, _ y: Double) -> Double { Foundation.pow(x, y) }
}

// Float32 cores
extension ElementaryFunctions {
  /// `e^x` as `scale1 scale2 (high + low)`, with `n = rint(x / ln 2)` and `scale1 scale2 = 2^n`.
  private struct ExpParts {
    let high, low, scale1, scale2: Float

    init(_ argument: Float) {
      var x = argument > 89 ? 89 : argument
      x = x < -104 ? -104 : x
      let k = Float(0x1.8p23).addingProduct(x, 0x1.715476p+0)
      let n = k - 0x1.8p23
      var r = x.addingProduct(n, -0x1.62e43p-1)
      r = r.addingProduct(n, 0x1.05c61p-29)
      let t = r.addingProduct(r * r, polynomial(expCoefficients, r))
      high = t + 1
      low = t - (high - 1)
      let i = Int32(bitPattern: k.bitPattern &- 0x4b40_0000)
      let half = i >> 1
      scale1 = Float(bitPattern: (UInt32(bitPattern: half) &+ 127) << 23)
      scale2 = Float(bitPattern: (UInt32(bitPattern: i &- half) &+ 127) << 23)
    }
  }

  /// `(top + topLow) / (1 + z + zLow)`, corrected once by its residual.
  private static func quotient(
    _ top: Float, _ topLow: Float, onePlus z: Float, _ zLow: Float
  ) -> Float {
    let d = z + 1
    let dLow = (z - (d - 1)) + zLow
    let inverse = 1 / d
    let q = top * inverse
    let residual = top.addingProduct(-q, d) + topLow.addingProduct(-q, dLow)
    return q.addingProduct(residual, inverse)
  }

  /// Horner's rule with fma, lowest power first.
  private static func polynomial(_ coefficients: [Float], _ x: Float) -> Float {
    var sum = coefficients[coefficients.count - 1]
    for c in coefficients.dropLast().reversed() { sum = c.addingProduct(sum, x) }
    return sum
  }
}

// Float64 cores, without fma
extension ElementaryFunctions {
  /// Horner's rule with separate products and sums, lowest power first.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    var sum = coefficients[coefficients.count - 1]
    for c in coefficients.dropLast().reversed() { sum = sum * x + c }
    return sum
  }

  /// Rounds `0 <= x < 2^52` to the nearest integer, ties to even.
  private static func roundToInteger(_ x: Double) -> Double { (x + 0x1p52) - 0x1p52 }

  /// `e^r - 1` and `2^n` with `x = n ln 2 + r`, `x` first brought into `-200...200`.
  private static func expMinusOneCore(_ argument: Double) -> (p: Double, scale: Double) {
    var x = argument > 200 ? 200 : argument
    x = x < -200 ? -200 : x
    let k = x * 0x1.71547652b82fep+0 + 0x1.8p52
    let n = k - 0x1.8p52
    let r = (x - n * 0x1.62e42fefp-1) - n * 0x1.473de6af278edp-34
    let scale = Double(bitPattern: (k.bitPattern &+ 1023) << 52)
    return (polynomial(expMinusOneCoefficients, r) * r, scale)
  }

  /// `u = 2^n (1 + f)` with `1 + f` in `[sqrt(1/2), sqrt 2)`, for a positive normal `u`.
  private static func split(_ u: Double) -> (f: Double, n: Double) {
    let e = Int64(bitPattern: u.bitPattern &- 0x3fe6_a09e_667f_3bcd) >> 52
    let m = u.bitPattern &- UInt64(bitPattern: e << 52)
    return (Double(bitPattern: m) - 1, Double(e))
  }

  /// `2 atanh(f / (2 + f)) + n ln 2`.
  private static func logCore(_ f: Double, _ n: Double) -> Double {
    let s = f / (f + 2)
    let z = s * s
    return (s + s) * (z * polynomial(atanhCoefficients, z) + 1) + n * 0x1.62e42fefa39efp-1
  }

  /// `x = n pi/2 + r`: below `2^16` by three parts of pi/2, above by the table of `2^e 2/pi mod 4`.
  private static func reduceAngle(_ x32: Float) -> (r: Double, quadrant: UInt64) {
    let exponent = Int((x32.bitPattern >> 23) & 255) - 127
    guard exponent >= 16 else {
      let x = Double(x32)
      let k = x * 0x1.45f306dc9c883p-1 + 0x1.8p52
      let n = k - 0x1.8p52
      let r = ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69
      return (r, k.bitPattern)
    }
    let significand = Double((x32.bitPattern & 0x7f_ffff) | 0x80_0000)
    let m = x32.sign == .minus ? -significand : significand
    let part = 3 * (exponent - 16)
    var v = m * twoOverPi[part]
    v = v - 4 * ((v * 0.25 + 0x1.8p52) - 0x1.8p52)
    let w = m * twoOverPi[part + 1]
    let sum = (v + w) + 0x1.8p52
    let fraction = ((v - (sum - 0x1.8p52)) + w) + m * twoOverPi[part + 2]
    return (fraction * 0x1.921fb54442d18p+0, sum.bitPattern)
  }

  /// `sin(x + shift pi/2)`.
  private static func sine(_ x: Float, shift: UInt64) -> Float {
    guard x.isFinite else { return .nan }
    let (r, n) = reduceAngle(x)
    let quadrant = n &+ shift
    let z = r * r
    let y =
      quadrant & 1 != 0
      ? polynomial(cosCoefficients, z) * z + 1 : r * (polynomial(sinCoefficients, z) * z + 1)
    return Float(quadrant & 2 != 0 ? -y : y)
  }
}
