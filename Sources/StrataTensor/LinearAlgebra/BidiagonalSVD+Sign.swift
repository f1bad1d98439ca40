extension BidiagonalSVD {
  /// Whether left vector `i` is positive in the row that joins the halves it reaches over.
  ///
  /// Divide and conquer removes the joining row, solves the halves and merges them; a merge gives
  /// left vectors a negative component in that row. A vector that lives in one half alone takes no
  /// part in the merge: its sign comes from the merge inside that half, or from the iteration when the
  /// half is small.
  func joinsPositively(_ i: Int) -> Bool {
    var part = 0..<order
    while part.count > Self.iterationLimit {
      let middle = part.lowerBound + part.count / 2
      let peak = part.max { abs(left[i, $0]) < abs(left[i, $1]) } ?? middle
      if abs(left[i, middle]) > 1e-10 || peak == middle { return left[i, middle] > 0 }
      if abs(coupling(of: i, middle, peak)) > 8 * Self.epsilon * diagonal[0] {
        return joiningComponent(of: i, middle, peak) > 0
      }
      part = peak < middle ? part.lowerBound..<middle : (middle + 1)..<part.upperBound
    }
    return false
  }

  /// The element that ties vector `i` of one half to the joining row; LAPACK's `dlasd2` takes it for
  /// zero up to 8ε times the largest value.
  ///
  /// Row `middle` holds d and e; the tie is d times the right vector's last component (a vector of the
  /// upper half), or e times its first (the lower half).
  private func coupling(of i: Int, _ middle: Int, _ peak: Int) -> Double {
    let (d, e) = upper
    let sigma = diagonal[i]
    if peak < middle {
      let u = sigma / e[middle - 1]
      let v = (sigma * u - e[middle - 1]) / d[middle - 1]
      let path = climb(from: middle - 1, u, v, to: peak, sigma, noted: 1, at: nil)
      return d[middle] * path * left[i, peak]
    }
    let u = sigma / d[middle + 1]
    let path = descend(from: middle + 1, u, 1, to: peak, sigma, noted: 1, at: nil)
    return e[middle] * path * left[i, peak]
  }

  /// Component `middle` of left vector `i` to full relative accuracy; the iteration leaves an absolute
  /// error of about 1e-15.
  private func joiningComponent(of i: Int, _ middle: Int, _ peak: Int) -> Double {
    let (d, sigma, last) = (upper.diagonal, diagonal[i], order - 1)
    if peak < middle {
      return left[i, peak]
        * climb(from: last, 1, sigma / d[last], to: peak, sigma, noted: 1, at: middle)
    }
    let u = sigma / d[0]
    return left[i, peak] * descend(from: 0, u, 1, to: peak, sigma, noted: u, at: middle)
  }

  /// `noted / u[peak]`, by the recurrence `B·v = σ·u`, `Bᵀ·u = σ·v` from `start` up to `peak`.
  ///
  /// Towards the vector's largest component the solution grows, so errors do not. `noted` is replaced
  /// by the component of u in `row`.
  private func climb(
    from start: Int, _ firstU: Double, _ firstV: Double, to peak: Int, _ sigma: Double,
    noted first: Double, at row: Int?
  ) -> Double {
    let (d, e) = upper
    var (u, v, noted) = (firstU, firstV, first)
    for k in stride(from: start - 1, through: peak, by: -1) {
      u = (sigma * v - d[k + 1] * u) / e[k]
      v = (sigma * u - e[k] * v) / d[k]
      if k == row { noted = u }
      let scale = abs(u) > 0x1p300 ? 0x1p-300 : 1
      (u, v, noted) = (u * scale, v * scale, noted * scale)
    }
    return noted / u
  }

  /// The same from `start` down to `peak`.
  private func descend(
    from start: Int, _ firstU: Double, _ firstV: Double, to peak: Int, _ sigma: Double,
    noted first: Double, at row: Int?
  ) -> Double {
    let (d, e) = upper
    var (u, v, noted) = (firstU, firstV, first)
    for k in stride(from: start + 1, through: peak, by: 1) {
      v = (sigma * u - d[k - 1] * v) / e[k - 1]
      u = (sigma * v - e[k - 1] * u) / d[k]
      if k == row { noted = u }
      let scale = abs(u) > 0x1p300 ? 0x1p-300 : 1
      (u, v, noted) = (u * scale, v * scale, noted * scale)
    }
    return noted / u
  }
}
