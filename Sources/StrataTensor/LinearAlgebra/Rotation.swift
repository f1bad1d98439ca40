/// A plane rotation: `(c·f + s·g, c·g - s·f)`.
struct Rotation: Sendable {
  var c: Double
  var s: Double

  init(c: Double, s: Double) {
    self.c = c
    self.s = s
  }

  /// The rotation that turns `(f, g)` into `(r, 0)`; c is positive when |f| > |g|.
  static func annihilating(_ f: Double, _ g: Double) -> (Rotation, r: Double) {
    if g == 0 { return (Rotation(c: 1, s: 0), f) }
    if f == 0 { return (Rotation(c: 0, s: 1), g) }
    let norm = (f * f + g * g).squareRoot()
    let r = abs(f) > abs(g) && f < 0 ? -norm : norm
    return (Rotation(c: f / r, s: g / r), r)
  }
}

/// The singular value decomposition of the triangle [f g; 0 h].
///
/// The larger value may be negative, the smaller too: signs follow from the rotations.
/// Source: Demmel & Kahan 1990, section 3 and appendix.
struct TriangleSVD {
  let small: Double
  let large: Double
  let left: Rotation
  let right: Rotation

  init(f: Double, g: Double, h: Double) {
    let swapped = abs(h) > abs(f)
    let (first, last) = swapped ? (h, f) : (f, h)
    let part = Self.ordered(first, g, last)
    if swapped {
      left = Rotation(c: part.right.s, s: part.right.c)
      right = Rotation(c: part.left.s, s: part.left.c)
    } else {
      left = part.left
      right = part.right
    }
    let sign: Double
    if g != 0 && abs(g) > abs(first) {
      sign = Self.sign(right.s) * Self.sign(left.c) * Self.sign(g)
    } else if swapped {
      sign = Self.sign(right.s) * Self.sign(left.s) * Self.sign(h)
    } else {
      sign = Self.sign(right.c) * Self.sign(left.c) * Self.sign(f)
    }
    large = part.large * sign
    small = part.small * sign * Self.sign(f) * Self.sign(h)
  }

  private static func sign(_ x: Double) -> Double { x.sign == .minus ? -1 : 1 }

  private typealias Part = (small: Double, large: Double, left: Rotation, right: Rotation)

  /// Magnitudes and rotations for |f| ≥ |h|.
  private static func ordered(_ f: Double, _ g: Double, _ h: Double) -> Part {
    let (fa, ga, ha) = (abs(f), abs(g), abs(h))
    guard ga > 0 else { return (ha, fa, Rotation(c: 1, s: 0), Rotation(c: 1, s: 0)) }
    if ga > fa, fa / ga < BidiagonalSVD.epsilon {
      let small = ha > 1 ? fa / (ga / ha) : fa / ga * ha
      return (small, ga, Rotation(c: 1, s: h / g), Rotation(c: f / g, s: 1))
    }
    let difference = fa - ha
    let l = difference / fa
    let m = g / f
    let t = 2 - l
    let s = (t * t + m * m).squareRoot()
    let r = l == 0 ? abs(m) : (l * l + m * m).squareRoot()
    let a = 0.5 * (s + r)
    let tangent: Double
    if m * m != 0 {
      tangent = (m / (s + t) + m / (r + l)) * (1 + a)
    } else if l == 0 {
      tangent = 2 * sign(f) * sign(g)
    } else {
      tangent = g / (difference * sign(f)) + m / t
    }
    let length = (tangent * tangent + 4).squareRoot()
    let right = Rotation(c: 2 / length, s: tangent / length)
    let left = Rotation(c: (right.c + right.s * m) / a, s: h / f * right.s / a)
    return (ha / a, fa * a, left, right)
  }

  /// The smaller singular value of [f g; 0 h] alone.
  static func smallerValue(f: Double, g: Double, h: Double) -> Double {
    let low = min(abs(f), abs(h))
    let high = max(abs(f), abs(h))
    let ga = abs(g)
    guard low > 0 else { return 0 }
    let sum = 1 + low / high
    let difference = (high - low) / high
    if ga < high {
      let u = ga / high * (ga / high)
      return low * (2 / ((sum * sum + u).squareRoot() + (difference * difference + u).squareRoot()))
    }
    let u = high / ga
    guard u > 0 else { return low * high / ga }
    let (p, q) = (sum * u, difference * u)
    let c = 1 / ((1 + p * p).squareRoot() + (1 + q * q).squareRoot())
    return 2 * (low * c * u)
  }
}
