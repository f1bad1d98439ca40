internal import CStrataKernels

extension Philox {
  /// Writes what `uniform(count:)` gives, without making an array.
  package mutating func fillUniform(_ target: UnsafeMutableBufferPointer<Float>) {
    withKey { strata_philox_uniform($0, position, target.baseAddress, Int64(target.count)) }
    position &+= UInt64((target.count + 3) / 4)
  }

  /// Writes what `bernoulli(probability:count:)` gives, without making an array.
  package mutating func fillBernoulli(
    probability: Float, _ target: UnsafeMutableBufferPointer<Float>
  ) {
    withKey {
      strata_philox_bernoulli(
        $0, position, probability, target.baseAddress, Int64(target.count))
    }
    position &+= UInt64((target.count + 3) / 4)
  }

  private func withKey(_ body: (UnsafePointer<UInt32>) -> Void) {
    var words = (key[0], key[1])
    withUnsafeBytes(of: &words) { bytes in
      if let base = bytes.assumingMemoryBound(to: UInt32.self).baseAddress { body(base) }
    }
  }
}

extension TheanoMRG.Variable {
  /// Writes what `binomial(probability:count:)` gives, without making an array.
  package mutating func fillBinomial(
    probability: Float, _ target: UnsafeMutableBufferPointer<Float>
  ) {
    fillUniform(target)
    for i in target.indices { target[i] = target[i] < probability ? 1 : 0 }
  }
}
