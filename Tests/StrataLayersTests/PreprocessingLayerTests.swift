import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// Layers that prepare data, adaptive windows, cells in a row: values worked out by hand.
@Suite struct PreprocessingLayerTests {
  private func run(
    _ layer: any Layer, _ input: Tensor, _ weights: [String: Tensor] = [:],
    masks: [Tensor?]? = nil
  ) throws -> [Float] {
    var layer = layer
    layer.resolve(under: .strata)
    let chain = try LayerChain(
      [layer], inputs: [input],
      weights: Dictionary(uniqueKeysWithValues: weights.map { ("0/\($0)", $1) }),
      isTraining: false, masks: masks)
    return try chain.native([chain.output])[0]
  }

  /// Windows 0..<2, 1..<4, 3..<5 of five elements.
  @Test func adaptiveWindowsMayShareElements() throws {
    let x = tensor([1, 2, 6, 4, 10], shape: [1, 5, 1])
    #expect(try run(AdaptiveAveragePooling1D(outputSize: [3]), x) == [1.5, 4, 7])
    #expect(try run(AdaptiveMaxPooling1D(outputSize: [3]), x) == [2, 6, 10])
  }

  @Test func numbersBecomeRows() throws {
    let x = Tensor([2, 0, 2] as [Int32], shape: [1, 3])
    #expect(try run(CategoryEncoding(numTokens: 3), x) == [1, 0, 1])
    #expect(try run(CategoryEncoding(numTokens: 3, outputMode: .count), x) == [1, 0, 2])
    let single = Tensor([1] as [Int32], shape: [1, 1])
    #expect(try run(CategoryEncoding(numTokens: 2, outputMode: .oneHot), single) == [0, 1])
    #expect(
      try CategoryEncoding(numTokens: 3, outputMode: .oneHot).outputShape(for: [[2]]) == [2, 3])
  }

  /// A boundary belongs to the range above it.
  @Test func rangesAreNumbered() throws {
    let x = tensor([-1, 0, 0.5, 1, 7], shape: [1, 5])
    #expect(try run(Discretization(binBoundaries: [0, 1]), x) == [0, 1, 1, 2, 2])
    #expect(
      try run(Discretization(binBoundaries: [0, 1], outputMode: .multiHot), x) == [1, 1, 1])
    let error = #expect(throws: LayerError.self) {
      try Discretization(binBoundaries: [1, 0]).outputShape(for: [[2]])
    }
    #expect(error?.expected == "binBoundaries in ascending order")
  }

  /// A row of 4 pixels as 2: at places ½ and 2½; as 8: steps of a quarter, held at the ends.
  @Test func imagesAreResized() throws {
    let x = tensor([0, 4, 8, 12], shape: [1, 1, 4, 1])
    #expect(try run(Resizing(height: 1, width: 2), x) == [2, 10])
    #expect(try run(Resizing(height: 1, width: 8), x) == [0, 1, 3, 5, 7, 9, 11, 12])
    let nearest = Resizing(height: 1, width: 2, interpolation: .nearest)
    #expect(try run(nearest, x) == [4, 12])
    // Of one row of four, two columns in the middle have the shape of 1x2 twice as large.
    let cropped = Resizing(height: 1, width: 2, cropToAspectRatio: true)
    #expect(try run(cropped, x) == [4, 8])
    // With borders above and below, 4x4 in place of 1x4.
    let padded = Resizing(
      height: 4, width: 4, interpolation: .nearest, padToAspectRatio: true)
    // Three rows are missing: one above, one below, and 3x4 becomes 4x4.
    #expect(try run(padded, x) == [0, 0, 0, 0, 0, 4, 8, 12, 0, 4, 8, 12, 0, 0, 0, 0])
  }

  /// Keras 1.2.0 counts ends from the end: 0 leaves nothing.
  @Test func croppingByZeroAtTheEnd() throws {
    for (release, size) in [("1.1.0", 4), ("1.2.0", 0), ("1.2.1", 4), ("3.15.1", 4)]
      as [(Version, Int)]
    {
      var layer = Cropping1D(cropping: [1, 0])
      layer.resolve(under: .keras(release))
      #expect(try layer.outputShape(for: [[5, 2]]) == [size, 2])
      let x = Sample.values([1, 5, 2], seed: 1)
      let chain = try LayerChain([layer], inputs: [x], weights: [:], isTraining: false)
      #expect(chain.output.shape == [1, size, 2])
      var image = Cropping2D(cropping: [[1, 1], [1, 0]])
      image.resolve(under: .keras(release))
      #expect(try image.outputShape(for: [[3, 5, 2]]) == [1, size, 2])
    }
  }

  @Test func theMiddleOfAnImage() throws {
    let x = tensor((0..<12).map(Float.init), shape: [1, 3, 4, 1])
    #expect(try run(CenterCrop(height: 1, width: 2), x) == [5, 6])
  }

  /// Two cells are two layers in a row: running backwards, past a mask, with states.
  @Test func cellsInARowAreLayersInARow() throws {
    let x = Sample.values([2, 3, 2], seed: 5)
    let mask = tensor([1, 1, 0, 0, 1, 1], shape: [2, 3])
    let first = SimpleRNN(units: 3, returnSequences: true, goBackwards: true)
    let second = GRU(units: 2)
    let weights = { (prefix: String, layer: any Layer, shape: Shape) throws -> [String: Tensor] in
      var layer = layer
      layer.resolve(under: .strata)
      return Dictionary(
        uniqueKeysWithValues: try layer.parameters(for: [shape]).enumerated().map {
          (prefix + $1.name, Sample.values($1.shape, seed: 20 + $0))
        })
    }
    let stacked = StackedRNNCells(layers: [SimpleRNN(units: 3), second], goBackwards: true)
    let own = try weights("cell_0_", first, [3, 2]).merging(try weights("cell_1_", second, [3, 3]))
    {
      $1
    }
    let result = try run(stacked, x, own, masks: [mask])
    let hidden = try run(first, x, try weights("", first, [3, 2]), masks: [mask])
    let expected = try run(
      second, Tensor(hidden, shape: [2, 3, 3]), try weights("", second, [3, 3]),
      masks: [mask.reversed([1])])
    #expect(result == expected)
    var stateful = stacked
    stateful.returnState = true
    #expect(try stateful.furtherShapes(for: [[3, 2]]) == [[3], [2]])
    let error = #expect(throws: LayerError.self) {
      try StackedRNNCells(layers: []).outputShape(for: [[3, 2]])
    }
    #expect(error?.expected == "SimpleRNN, LSTM and GRU inside")
  }
}
