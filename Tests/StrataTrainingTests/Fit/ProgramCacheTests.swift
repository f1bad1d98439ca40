import StrataLosses
import StrataOptimizers
import StrataTensor
import StrataTraining
import Testing

/// Programs by batch size.
@Suite struct ProgramCacheTests {
  /// More sizes than are kept, each twice: the second time its program may have been let go.
  @Test func batchesOfManySizes() throws {
    let (data, model) = (Small.data(40), try Small.model())
    let fresh = try Small.model()
    for _ in 0..<2 {
      for size in 1...40 {
        let values = try model.trainOnBatch(data.slice(0..<size))
        try fresh.compileAgain()
        #expect(try fresh.trainOnBatch(data.slice(0..<size)).map(\.value) == values.map(\.value))
      }
    }
    #expect(try model.weightBits() == fresh.weightBits())
  }
}

extension Model {
  /// Forgets every program; plain SGD has no other state.
  fileprivate func compileAgain() throws {
    try compile(optimizer: SGD(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
  }
}
