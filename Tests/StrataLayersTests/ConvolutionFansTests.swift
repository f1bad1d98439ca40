import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// Initial kernels of Conv1D by release: 3 taps, 50 channels, 250 filters.
@Suite struct ConvolutionFansTests {
  private func kernel(_ release: Version) throws -> ParameterSpec {
    var layer = Conv1D(filters: 250, kernelSize: [3])
    layer.resolve(under: .keras(release))
    return try #require(try layer.parameters(for: [[7, 50]]).first)
  }

  /// c·k and n·k; from 1.1.0 the kernel [k, 1, c, n] is read as if filters came first: c·n and k·c·n.
  @Test(arguments: [
    ("1.0.8", 150.0, 750.0), ("1.1.0", 12500, 37500), ("1.2.2", 12500, 37500),
    ("2.0.9", 150, 750),
  ])
  func theFansOfARelease(_ release: String, _ fanIn: Double, _ fanOut: Double) throws {
    let version = try #require(Version(parsing: release))
    let fans = try #require(try kernel(version).fans)
    #expect(fans.fanIn == fanIn && fans.fanOut == fanOut)
  }

  @Test func theDefaultWasUniformBefore112() throws {
    #expect(try kernel("1.1.1").initializer == .uniform(scale: 0.05))
    #expect(try kernel("1.1.2").initializer == .glorotUniform)
  }
}
