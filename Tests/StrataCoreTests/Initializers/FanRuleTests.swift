import StrataCore
import StrataSemantics
import StrataTensor
import Testing

@Suite struct FanRuleTests {
  private func fans(
    _ shape: Shape, _ version: Version, _ layout: KernelLayout = .filtersLast
  ) -> [Double] {
    let fans = Fans.of(
      kernel: shape, rule: FanRule.history.value(under: .keras(version)), layout: layout)
    return [fans.fanIn, fans.fanOut]
  }

  @Test func matricesNeverChanged() {
    for version in ["0.1.0", "0.3.3", "1.0.8", "1.2.2", "2.0.0", "2.3.1", "3.15.1"] as [Version] {
      #expect(fans([3, 5], version) == [3, 5])
    }
  }

  /// 8 filters of 3×3 on 4 channels, filters first (Theano) and last.
  @Test func imagesByRelease() {
    #expect(fans([8, 4, 3, 3], "0.3.3", .filtersFirst) == [36, 8])
    #expect(fans([3, 3, 4, 8], "0.3.3") == [36, 8])
    #expect(fans([8, 4, 3, 3], "1.0.8", .filtersFirst) == [36, 72])
    // 1.2.0 measures filters last as if they were first.
    #expect(fans([3, 3, 16, 32], "1.2.0") == [1536, 1536])
    #expect(fans([3, 3, 16, 32], "1.2.2") == [144, 288])
    #expect(fans([3, 3, 4, 8], "2.3.1") == [36, 72])
  }

  /// A kernel of length 3 on 4 channels with 8 filters, and a volume.
  @Test func sequencesAndVolumesByRelease() {
    #expect(fans([3, 4, 8], "2.0.0") == [48, 96])
    #expect(fans([3, 4, 8], "2.0.6") == [12, 24])
    #expect(fans([2, 3, 5, 4, 8], "2.0.0") == [24, 48])
    #expect(fans([2, 3, 5, 4, 8], "2.0.6") == [120, 240])
  }

  @Test func vectors() {
    #expect(fans([16], "1.2.0") == [4, 4])
    #expect(fans([16], "2.3.1") == [4, 4])
    #expect(fans([16], "2.15.0") == [16, 16])
  }
}
