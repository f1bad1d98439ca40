import StrataCore
import StrataSemantics
import StrataTensor
import Testing

@Suite struct InitializerTests {
  private func draw(
    _ initializer: Initializer, _ shape: Shape, fans: Fans? = nil,
    under semantics: Semantics = .keras("1.2.0"), stream: RandomStream? = nil
  ) throws -> [Float] {
    var random = stream ?? .numpy(NumPyRandom(seed: 1))
    return try initializer.values(
      shape: shape, fans: fans, random: &random, method: InitializationMethod(under: semantics))
  }

  private func deviation(_ values: [Float]) -> Double {
    let mean = values.map(Double.init).reduce(0, +) / Double(values.count)
    let sum = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (sum / Double(values.count)).squareRoot()
  }

  /// np.random.seed(1): uniform(-0.05, 0.05) starts with u = 0.417022004702574, 0.7203244934421581.
  @Test func uniformIsNumPys() throws {
    let values = try draw(.uniform(scale: 0.05), [2])
    let draws = [0.417_022_004_702_574, 0.720_324_493_442_158_1]
    #expect(values == draws.map { Float(-0.05 + 0.1 * $0) })
  }

  /// np.random.seed(1): normal() starts with 1.6243453636632417, -0.6117564136500754.
  @Test func normalIsNumPys() throws {
    #expect(
      try draw(.normal(deviation: 1), [2]) == [1.624_345_363_663_241_7, -0.611_756_413_650_075_4])
  }

  /// glorot_uniform of [3, 5]: the limit is √(6/8).
  @Test func glorotUniformFollowsTheFans() throws {
    let values = try draw(.glorotUniform, [3, 5])
    let limit = 0.75.squareRoot()
    #expect(values[0] == Float(-limit + 2 * limit * 0.417_022_004_702_574))
    let old = try draw(.glorotUniform, [3, 5], under: .keras("0.1.1"))
    #expect(abs(old[0] / values[0] - Float(1 / 3.0.squareRoot())) < 1e-6)
  }

  @Test func normalOfFansIsTruncatedSinceKeras2() throws {
    let shape: Shape = [100, 100]
    func spread(_ version: Version) throws -> (Double, Float) {
      let values = try draw(.glorotNormal, shape, under: .keras(version))
      return (deviation(values) / 0.1, values.map(\.magnitude).max() ?? 0)
    }
    let (plain, plainLargest) = try spread("1.2.0")
    #expect(abs(plain - 1) < 0.02 && plainLargest > 0.3)
    let (truncated, largest) = try spread("2.0.9")
    #expect(abs(truncated - 0.8796) < 0.02 && largest <= 0.2)
    #expect(abs(try spread("2.3.1").0 - 1) < 0.02)
  }

  @Test(
    arguments: [[4, 4], [3, 7], [7, 3], [2, 3, 2]] as [Shape], ["1.2.0", "2.3.1", "2.15.0"])
  func orthogonalIsOrthonormal(_ shape: Shape, _ version: String) throws {
    let semantics = Semantics.keras(try #require(Version(parsing: version)))
    let gain: Float = version == "1.2.0" ? 1.1 : 1
    let q = try draw(
      try Initializer(named: "orthogonal", under: semantics), shape, under: semantics)
    let rows = version == "1.2.0" ? shape[0] : shape.count / shape.last
    let columns = shape.count / rows
    let (count, length) = (min(rows, columns), max(rows, columns))
    func element(_ vector: Int, _ i: Int) -> Float {
      rows <= columns ? q[vector * columns + i] : q[i * columns + vector]
    }
    for a in 0..<count {
      for b in 0..<count {
        let product = (0..<length).reduce(Float(0)) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(product - (a == b ? gain * gain : 0)) < 1e-5)
      }
    }
  }

  @Test func blocksAreSideBySide() throws {
    let values = try draw(.blocks([.zeros, .ones, .constant(2)]), [2, 3])
    #expect(values == [0, 1, 2, 0, 1, 2])
    let error = #expect(throws: InitializerError.self) { try draw(.blocks([.zeros, .ones]), [3]) }
    #expect(
      error?.description == "blocks: expected a last size that 2 divides, but got shape [3].")
  }

  @Test func philoxStreamsDraw() throws {
    let stream = RandomStream.philox(Philox(seed: 1, name: "kernel"))
    let values = try draw(.heNormal, [200, 50], under: .strata, stream: stream)
    #expect(abs(deviation(values) - 0.1) < 0.002)
    #expect(values == (try draw(.heNormal, [200, 50], under: .strata, stream: stream)))
  }

  @Test func shapesThatCannotBe() throws {
    let identity = #expect(throws: InitializerError.self) { try draw(.identity(gain: 1), [3]) }
    #expect(
      identity?.description == "identity(gain: 1.0): expected a matrix, but got shape [3].")
    let orthogonal = #expect(throws: InitializerError.self) { try draw(.orthogonal(gain: 1), [3]) }
    #expect(
      orthogonal?.description
        == "orthogonal(gain: 1.0): expected two axes or more, but got shape [3].")
  }

  @Test func namesGoBothWays() throws {
    let (old, new) = (Semantics.keras("1.2.0"), Semantics.keras("2.3.1"))
    for name in ["zero", "one", "uniform", "normal", "glorot_uniform", "he_normal", "orthogonal"] {
      let initializer = try Initializer(named: name, under: old)
      #expect(initializer.name(under: old) == name)
    }
    #expect(try Initializer(named: "orthogonal", under: old) == .orthogonal(gain: 1.1))
    #expect(try Initializer(named: "Orthogonal", under: new) == .orthogonal(gain: 1))
    #expect(Initializer.zeros.name(under: new) == "zeros")
    #expect(Initializer.heNormal.className(under: new) == "HeNormal")
    #expect(Initializer.uniform(scale: 0.5).name(under: new) == nil)
    let error = #expect(throws: UnknownNameError.self) {
      try Initializer(named: "glorot", under: new)
    }
    #expect(error?.description.hasSuffix("but got \"glorot\".") == true)
  }
}
