extension TheanoMRG.Variable {
  /// Standard normal values, an even number of at least `count`: the cosines of all pairs, then
  /// their sines.
  ///
  ///     r = √(-2·log u₁)    z₀ = r·cos 2πu₂    z₁ = r·sin 2πu₂
  ///
  /// The first half of the uniform numbers is u₁, the second u₂. Source: Box & Muller 1958, as in
  /// Theano's `normal`.
  package mutating func standardNormal(count: Int) -> [Float] {
    let pairs = BoxMuller(count: count, &self)
    return TheanoMRG.elements(
      .concatenate([pairs.radius * pairs.cosine, pairs.radius * pairs.sine]))
  }
}

extension TheanoMRG {
  /// `uniform(size, low, high)`: `low + u·(high - low)` with one rounding, as compiled graphs have it
  /// on processors with a fused multiply-add.
  package mutating func uniform(_ low: Float, _ high: Float, count: Int) -> [Float] {
    var variable = variable(streams: Self.streamCount(elements: count))
    return variable.uniform(count: count).map { low.addingProduct($0, high - low) }
  }

  /// `normal(size)`, standard normal values.
  ///
  /// - Parameters:
  ///   - knowsSize: Whether the number of streams follows from the size (before Theano 1.0, on
  ///     Python 2) or is the one of unknown sizes.
  package mutating func normal(count: Int, knowsSize: Bool) -> [Float] {
    let streams =
      knowsSize ? Self.streamCount(elements: count + count % 2) : Self.streamsOfUnknownSize
    var variable = variable(streams: streams)
    return Array(variable.standardNormal(count: count).prefix(count))
  }

  /// `normal(size, truncate=True)` of Theano 1.0: values of `normal` beyond ±2 get a new radius from
  /// a second variable, `u` in [e⁻², 1), and stand after the good ones of their half.
  package mutating func truncatedNormal(count: Int) -> [Float] {
    var variable = variable()
    let pairs = BoxMuller(count: count, &variable)
    let halves = [pairs.cosine, pairs.sine].map { angle in
      (values: Self.elements(pairs.radius * angle), angle: Self.elements(angle))
    }
    let bad = halves.map { half in half.values.indices.filter { half.values[$0].magnitude > 2 } }
    var redrawn = self.variable()
    let low: Float = 0.135_335_283_236_612_7
    let u = redrawn.uniform(count: bad[0].count + bad[1].count).map {
      low.addingProduct($0, 1 - low)
    }
    let radius = Self.elements((Tensor(u, shape: [u.count]).log() * -2).squareRoot())
    var start = 0
    let parts = zip(halves, bad).map { half, bad in
      let fixed = zip(bad, radius[start...]).map { half.angle[$0] * $1 }
      start += bad.count
      return half.values.filter { $0.magnitude <= 2 } + fixed
    }
    return Array(parts.joined().prefix(count))
  }

  fileprivate static func elements(_ tensor: Tensor) -> [Float] { (try? tensor.floats()) ?? [] }
}

/// Pairs of uniform numbers as radius and direction.
private struct BoxMuller {
  let radius, cosine, sine: Tensor

  init(count: Int, _ variable: inout TheanoMRG.Variable) {
    let half = (count + 1) / 2
    let u = variable.uniform(count: 2 * half)
    radius = (Tensor(Array(u[..<half]), shape: [half]).log() * -2).squareRoot()
    let angle = Tensor(Array(u[half...]), shape: [half]) * (2 * Float.pi)
    (cosine, sine) = (angle.cos(), angle.sin())
  }
}
