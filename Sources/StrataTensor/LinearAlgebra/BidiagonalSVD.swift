/// The singular values and vectors of a square bidiagonal matrix by implicit QR iteration.
///
/// The unconverged block is swept with rotations from its larger end to its smaller one, shifted by an
/// estimate of its smallest singular value, or without a shift where a shift would spoil small
/// values. Choice of block, direction, shift and thresholds follow LAPACK's `dbdsqr`, since the
/// signs of the vectors depend on them.
///
/// Source: Demmel & Kahan 1990, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat.
/// Comput. 11(5).
struct BidiagonalSVD {
  /// Half a unit in the last place of 1.
  static let epsilon = 0x1p-53
  /// The relative size at which an off-diagonal element counts as zero: ε·min(100, ε^(-1/8)).
  private static let tolerance = 98.70149282610821 * epsilon
  /// Up to this order LAPACK iterates; above, it divides and conquers.
  static let iterationLimit = 25

  /// The singular values once solved.
  private(set) var diagonal: [Double]
  private var off: [Double]
  /// The upper bidiagonal matrix as it was before the iteration.
  private(set) var upper: (diagonal: [Double], off: [Double]) = ([], [])
  /// The left singular vectors, one a row.
  private(set) var left: Matrix
  /// The right singular vectors, one a row.
  private(set) var right: Matrix
  /// The rotations that made a lower matrix an upper one.
  private var lowerRotations: [Rotation] = []
  private var forward = true
  private var lastBlock: Range<Int> = 0..<0
  private var threshold = 0.0

  init(diagonal: [Double], offDiagonal: [Double], lower: Bool) {
    let n = diagonal.count
    self.diagonal = diagonal
    self.off = offDiagonal
    self.left = .identity(n)
    self.right = .identity(n)
    if lower { turnUpper() }
  }

  var order: Int { diagonal.count }

  /// Rotates rows so that a lower bidiagonal matrix becomes an upper one.
  private mutating func turnUpper() {
    for i in 0..<(order - 1) {
      let (rotation, r) = Rotation.annihilating(diagonal[i], off[i])
      diagonal[i] = r
      off[i] = rotation.s * diagonal[i + 1]
      diagonal[i + 1] *= rotation.c
      lowerRotations.append(rotation)
    }
  }

  /// Iterates to convergence, makes the values positive and sorts them.
  mutating func solve() {
    if order == 1 {
      if diagonal[0] < 0 { left.negateRow(0) }
      diagonal[0] = abs(diagonal[0])
      return
    }
    upper = (diagonal, off)
    threshold = absoluteThreshold()
    var last = order - 1
    var rest = 6 * order * order
    while last > 0, rest > 0 { iterate(&last, &rest) }
    finish()
  }

  /// The tolerance times a lower bound of the smallest singular value.
  private func absoluteThreshold() -> Double {
    var mu = abs(diagonal[0])
    var smallest = mu
    for i in 1..<order where smallest > 0 {
      mu = abs(diagonal[i]) * (mu / (mu + abs(off[i - 1])))
      smallest = min(smallest, mu)
    }
    let unit = Double.leastNormalMagnitude * Double(6 * order * order)
    return max(Self.tolerance * smallest / Double(order).squareRoot(), unit)
  }

  /// One step on the lowest unconverged block, which ends at `last`.
  private mutating func iterate(_ last: inout Int, _ rest: inout Int) {
    var first = last
    var largest = abs(diagonal[last])
    while first > 0 {
      if abs(off[first - 1]) <= threshold {
        off[first - 1] = 0
        break
      }
      first -= 1
      largest = max(largest, abs(diagonal[first]), abs(off[first]))
    }
    if first == last {
      last -= 1
    } else if first == last - 1 {
      solvePair(first)
      last -= 2
    } else {
      if first >= lastBlock.upperBound || last < lastBlock.lowerBound {
        forward = abs(diagonal[first]) >= abs(diagonal[last])
      }
      guard let smallest = convergenceBound(first, last) else { return }
      lastBlock = first..<(last + 1)
      rest -= last - first
      sweep(first, last, shift: shift(first, last, smallest: smallest, largest: largest))
    }
  }

  private mutating func solvePair(_ i: Int) {
    let pair = TriangleSVD(f: diagonal[i], g: off[i], h: diagonal[i + 1])
    diagonal[i] = pair.large
    off[i] = 0
    diagonal[i + 1] = pair.small
    right.rotateRows(i, i + 1, pair.right)
    left.rotateRows(i, i + 1, pair.left)
  }

  /// A lower bound of the block's smallest value, or nil when an element was found to be negligible.
  private mutating func convergenceBound(_ first: Int, _ last: Int) -> Double? {
    let edge = forward ? last - 1 : first
    if abs(off[edge]) <= Self.tolerance * abs(diagonal[forward ? last : first]) {
      off[edge] = 0
      return nil
    }
    var mu = abs(diagonal[forward ? first : last])
    var smallest = mu
    for step in 0..<(last - first) {
      let i = forward ? first + step : last - 1 - step
      if abs(off[i]) <= Self.tolerance * mu {
        off[i] = 0
        return nil
      }
      mu = abs(diagonal[forward ? i + 1 : i]) * (mu / (mu + abs(off[i])))
      smallest = min(smallest, mu)
    }
    return smallest
  }

  /// An estimate of the smallest singular value, or 0 where a shift would spoil relative accuracy.
  private func shift(_ first: Int, _ last: Int, smallest: Double, largest: Double) -> Double {
    let spoilt = Double(order) * Self.tolerance * (smallest / largest)
    if spoilt <= max(Self.epsilon, 0.01 * Self.tolerance) { return 0 }
    let i = forward ? last - 1 : first
    let shift = TriangleSVD.smallerValue(f: diagonal[i], g: off[i], h: diagonal[i + 1])
    let start = abs(diagonal[forward ? first : last])
    let ratio = shift / start
    return start > 0 && ratio * ratio < Self.epsilon ? 0 : shift
  }

  /// One sweep of rotations over the block, from one corner to the other.
  ///
  /// Backwards, the matrix is read from its other corner: left and right exchange their roles and the
  /// rotations turn the other way.
  private mutating func sweep(_ first: Int, _ last: Int, shift: Double) {
    let steps = last - first
    let (d, e) = (Corner(first, last, forward), Corner(first, last - 1, forward))
    var rotations: [(Rotation, Rotation)] = []
    rotations.reserveCapacity(steps)
    if shift == 0 {
      sweepUnshifted(steps, d, e, &rotations)
    } else {
      sweepShifted(steps, d, e, shift, &rotations)
    }
    if abs(off[e[steps - 1]]) <= threshold { off[e[steps - 1]] = 0 }
    for (step, pair) in rotations.enumerated() {
      if forward {
        right.rotateRows(first + step, first + step + 1, pair.0)
        left.rotateRows(first + step, first + step + 1, pair.1)
      } else {
        left.rotateRows(last - step, last - step - 1, pair.0)
        right.rotateRows(last - step, last - step - 1, pair.1)
      }
    }
  }

  private mutating func sweepUnshifted(
    _ steps: Int, _ d: Corner, _ e: Corner, _ rotations: inout [(Rotation, Rotation)]
  ) {
    var near = Rotation(c: 1, s: 0)
    var far = Rotation(c: 1, s: 0)
    for k in 0..<steps {
      var r: Double
      (near, r) = Rotation.annihilating(diagonal[d[k]] * near.c, off[e[k]])
      if k > 0 { off[e[k - 1]] = far.s * r }
      (far, r) = Rotation.annihilating(far.c * r, diagonal[d[k + 1]] * near.s)
      diagonal[d[k]] = r
      rotations.append((near, far))
    }
    let h = diagonal[d[steps]] * near.c
    diagonal[d[steps]] = h * far.c
    off[e[steps - 1]] = h * far.s
  }

  private mutating func sweepShifted(
    _ steps: Int, _ d: Corner, _ e: Corner, _ shift: Double,
    _ rotations: inout [(Rotation, Rotation)]
  ) {
    let start = diagonal[d[0]]
    var f = (abs(start) - shift) * ((start.sign == .minus ? -1 : 1) + shift / start)
    var g = off[e[0]]
    for k in 0..<steps {
      let (near, r) = Rotation.annihilating(f, g)
      if k > 0 { off[e[k - 1]] = r }
      let (dk, ek, dn) = (diagonal[d[k]], off[e[k]], diagonal[d[k + 1]])
      f = near.c * dk + near.s * ek
      let mixed = near.c * ek - near.s * dk
      g = near.s * dn
      let turned = near.c * dn
      let (far, r2) = Rotation.annihilating(f, g)
      diagonal[d[k]] = r2
      f = far.c * mixed + far.s * turned
      diagonal[d[k + 1]] = far.c * turned - far.s * mixed
      if k + 1 < steps {
        g = far.s * off[e[k + 1]]
        off[e[k + 1]] *= far.c
      }
      rotations.append((near, far))
    }
    off[e[steps - 1]] = f
  }

  /// Positive values in decreasing order, LAPACK's sign above its limit, and the lower matrix's left
  /// vectors turned back.
  private mutating func finish() {
    for i in 0..<order where diagonal[i] < 0 {
      diagonal[i] = -diagonal[i]
      right.negateRow(i)
    }
    for i in 0..<order {
      guard let best = (i..<order).max(by: { diagonal[$0] < diagonal[$1] }), best != i else {
        continue
      }
      diagonal.swapAt(i, best)
      left.swapRows(i, best)
      right.swapRows(i, best)
    }
    if order > Self.iterationLimit {
      for i in 0..<order where joinsPositively(i) {
        left.negateRow(i)
        right.negateRow(i)
      }
    }
    for i in lowerRotations.indices.reversed() { left.unrotateColumns(i, lowerRotations[i]) }
  }
}

/// Indices counted from either end of a block.
private struct Corner {
  let start: Int
  let step: Int

  init(_ first: Int, _ last: Int, _ forward: Bool) {
    start = forward ? first : last
    step = forward ? 1 : -1
  }

  subscript(k: Int) -> Int { start + step * k }
}

extension Matrix {
  /// Turns components `i` and `i + 1` of every row back.
  fileprivate mutating func unrotateColumns(_ i: Int, _ rotation: Rotation) {
    for row in 0..<rows {
      let (p, q) = (self[row, i], self[row, i + 1])
      self[row, i] = rotation.c * p - rotation.s * q
      self[row, i + 1] = rotation.c * q + rotation.s * p
    }
  }
}
