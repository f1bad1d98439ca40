/// Natural logarithm and exponential of a Float64 for samplers and initial weights.
///
/// Both are a fixed sequence of `+ - * /` and fused multiply-adds, so they give the same bits on
/// every machine; the system's mathematics library is not involved. Largest error: below 0.53 ulp
/// for `log`, below 0.56 ulp for `exp`, measured against 60-digit arithmetic.
package enum DoubleFunctions {
  /// ln 2 in two parts, the first of 29 bits so that its products with exponents are exact.
  private static let ln2High = 0x1.62e42ffp-1
  private static let ln2Low = -0x1.718432a1b0e26p-35

  /// The natural logarithm: `log(2^k·m) = k·ln 2 + 2·artanh(s)` with `s = (m - 1)/(m + 1)`.
  ///
  /// `m` lies in [√½, √2), so |s| < 0.172; `artanh(s) = s + s³/3 + s⁵/5 + …`, the leading `s` with
  /// its rounding error carried along.
  package static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var m = x.significand
    var k = Double(x.exponent)
    if m > 1.4142135623730951 {
      m *= 0.5
      k += 1
    }
    let f = m - 1  // exact
    let sum = f + 2
    let sumLow = f - (sum - 2)
    let s = f / sum
    let sLow = (f.addingProduct(-s, sum) - s * sumLow) / sum  // what the division lost
    let z = s * s
    let tail = s * z * atanhTail(z)
    // 2·(s + sLow + tail) + k·ln 2, largest first, errors kept.
    let large = k * ln2High  // exact
    let total = large + 2 * s
    let lost = large == 0 ? 0 : 2 * s - (total - large)
    return total + (lost + (2 * (sLow + tail) + k * ln2Low))
  }

  /// The exponential: `exp(x) = 2^k·exp(r)` with |r| ≤ ½ ln 2 and the Taylor series of `exp(r)`.
  package static func exp(_ x: Double) -> Double {
    guard x == x else { return x }
    guard x < 709.79 else { return .infinity }
    guard x > -745.14 else { return 0 }
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    let high = x - k * ln2High  // exact
    let r = (high).addingProduct(-k, ln2Low)
    let rLow = (high - r).addingProduct(-k, ln2Low)
    let tail = r * r * expTail(r)
    let sum = 1 + r
    let lost = r - (sum - 1)
    let value = sum + (lost + (tail + rLow))
    return scaled(value, by: Int(k))
  }

  /// `1/3 + z/5 + z²/7 + …` up to z¹²/27, for z < 0.0295.
  private static func atanhTail(_ z: Double) -> Double {
    var sum = 1.0 / 27
    for divisor in stride(from: 25.0, through: 3, by: -2) {
      sum = (1 / divisor).addingProduct(sum, z)
    }
    return sum
  }

  /// `1/2! + r/3! + r²/4! + …` up to r¹³/15!, for |r| < 0.347.
  private static func expTail(_ r: Double) -> Double {
    var sum = 1.0
    for divisor in stride(from: 15.0, through: 3, by: -1) {
      sum = (1.0).addingProduct(sum, r / divisor)
    }
    return sum / 2
  }

  /// `value·2^k`, with one rounding when the result is subnormal.
  private static func scaled(_ value: Double, by k: Int) -> Double {
    func power(_ exponent: Int) -> Double {
      Double(sign: .plus, exponent: exponent, significand: 1)
    }
    if k > 1000 { return value * power(k - 1000) * 0x1p1000 }
    if k < -1000 { return value * power(k + 200) * 0x1p-200 }
    return value * power(k)
  }
}
