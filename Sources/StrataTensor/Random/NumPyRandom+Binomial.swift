extension NumPyRandom {
  /// `binomial(trials, p, count)`: the number of successes of `trials` attempts.
  ///
  /// Up to `trials·min(p, 1-p)` = 30 by inversion, above by Kachitvichyanukul & Schmeiser's algorithm
  /// BTPE; for p > ½ the failures are drawn.
  public mutating func binomial(trials: Int, probability p: Double, count: Int) -> [Int] {
    precondition(trials >= 0, "NumPyRandom: binomial needs trials of 0 or more, but got \(trials).")
    precondition(
      (0...1).contains(p), "NumPyRandom: binomial needs a probability of 0...1, but got \(p).")
    let small = p <= 0.5 ? p : 1 - p
    if small * Double(trials) <= 30 {
      let law = BinomialInversion(trials: trials, probability: small)
      return (0..<count).map { _ in
        let successes = law.draw(from: &self)
        return p <= 0.5 ? successes : trials - successes
      }
    }
    let law = BinomialBTPE(trials: trials, probability: small)
    return (0..<count).map { _ in
      let successes = law.draw(from: &self)
      return p <= 0.5 ? successes : trials - successes
    }
  }
}

/// Binomial draws by adding up the probabilities of 0, 1, 2, … until they pass a uniform value.
private struct BinomialInversion {
  let n: Double
  let p: Double
  let q: Double
  /// The probability of no success, qⁿ.
  let none: Double
  /// Beyond this the draw starts again: rounding alone leads there.
  let bound: Int

  init(trials: Int, probability: Double) {
    n = Double(trials)
    p = probability
    q = 1 - p
    none = DoubleFunctions.exp(n * DoubleFunctions.log(q))
    let mean = n * p
    bound = Int(min(n, mean + 10 * (mean * q + 1).squareRoot()))
  }

  func draw(from random: inout NumPyRandom) -> Int {
    var x = 0
    var px = none
    var u = random.nextDouble()
    while u > px {
      x += 1
      if x > bound {
        x = 0
        px = none
        u = random.nextDouble()
      } else {
        u -= px
        px = (n - Double(x) + 1) * p * px / (Double(x) * q)
      }
    }
    return x
  }
}

/// Binomial draws by acceptance under a triangle, two parallelograms and two exponential tails.
///
/// Source: Kachitvichyanukul & Schmeiser 1988, "Binomial random variate generation", CACM 31(2),
/// algorithm BTPE; the names are the paper's, the order of evaluation is NumPy's.
private struct BinomialBTPE {
  let trials: Int
  let n: Double
  let r: Double
  let q: Double
  let nrq: Double
  let mode: Int
  let p1: Double
  let xm: Double
  let xl: Double
  let xr: Double
  let c: Double
  let lambdaLeft: Double
  let lambdaRight: Double
  let p2: Double
  let p3: Double
  let p4: Double

  /// Steps 0: the constants of a law with probability ≤ ½.
  init(trials: Int, probability: Double) {
    self.trials = trials
    n = Double(trials)
    r = min(probability, 1 - probability)
    q = 1 - r
    nrq = n * r * q
    let fm = n * r + r
    mode = Int(fm.rounded(.down))
    p1 = (2.195 * (n * r * q).squareRoot() - 4.6 * q).rounded(.down) + 0.5
    xm = Double(mode) + 0.5
    xl = xm - p1
    xr = xm + p1
    c = 0.134 + 20.5 / (15.3 + Double(mode))
    let left = (fm - xl) / (fm - xl * r)
    lambdaLeft = left * (1 + left / 2)
    let right = (xr - fm) / (xr * q)
    lambdaRight = right * (1 + right / 2)
    p2 = p1 * (1 + 2 * c)
    p3 = p2 + c / lambdaLeft
    p4 = p3 + c / lambdaRight
  }

  func draw(from random: inout NumPyRandom) -> Int {
    while true {
      let u = random.nextDouble() * p4
      let v = random.nextDouble()
      if u <= p1 { return Int((xm - p1 * v + u).rounded(.down)) }
      if let (y, height) = proposal(u, v), accepts(y, height) { return y }
    }
  }

  /// Steps 2 to 4: a value from the parallelograms or a tail with its height, or nil.
  private func proposal(_ u: Double, _ v: Double) -> (y: Int, height: Double)? {
    if u <= p2 {
      let x = xl + (u - p1) / c
      let height = v * c + 1 - abs(Double(mode) - x + 0.5) / p1
      return height > 1 ? nil : (Int(x.rounded(.down)), height)
    }
    guard v > 0 else { return nil }
    if u <= p3 {
      let y = (xl + DoubleFunctions.log(v) / lambdaLeft).rounded(.down)
      return y < 0 ? nil : (Int(y), v * (u - p2) * lambdaLeft)
    }
    let y = (xr - DoubleFunctions.log(v) / lambdaRight).rounded(.down)
    return y > n ? nil : (Int(y), v * (u - p3) * lambdaRight)
  }

  /// Step 5: whether the height lies under the law's (scaled) probability of `y`.
  private func accepts(_ y: Int, _ height: Double) -> Bool {
    let distance = abs(y - mode)
    guard distance > 20, Double(distance) < nrq / 2 - 1 else { return height <= ratio(y) }
    let k = Double(distance)
    let rho = (k / nrq) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / nrq + 0.5)
    let t = -k * k / (2 * nrq)
    let a = DoubleFunctions.log(height)
    if a < t - rho { return true }
    if a > t + rho { return false }
    return a <= stirlingBound(y)
  }

  /// Step 5.1: the probability of `y` over that of the mode, by the recursion.
  private func ratio(_ y: Int) -> Double {
    let s = r / q
    let a = s * (n + 1)
    var f = 1.0
    if mode < y {
      for i in (mode + 1)...y { f *= a / Double(i) - s }
    } else if mode > y {
      for i in (y + 1)...mode { f /= a / Double(i) - s }
    }
    return f
  }

  /// Step 5.3: the logarithm of the same ratio by Stirling's formula.
  private func stirlingBound(_ y: Int) -> Double {
    let x1 = Double(y + 1)
    let f1 = Double(mode + 1)
    let z = n + 1 - Double(mode)
    let w = Double(trials - y + 1)
    let modeTerm = xm * DoubleFunctions.log(f1 / x1)
    let restTerm = (n - Double(mode) + 0.5) * DoubleFunctions.log(z / w)
    let oddsTerm = Double(y - mode) * DoubleFunctions.log(w * r / (x1 * q))
    return modeTerm + restTerm + oddsTerm + correction(f1) + correction(z) + correction(x1)
      + correction(w)
  }

  private func correction(_ x: Double) -> Double {
    let square = x * x
    let inner = 99 - 140 / square
    return (13680 - (462 - (132 - inner / square) / square) / square) / x / 166320
  }
}
