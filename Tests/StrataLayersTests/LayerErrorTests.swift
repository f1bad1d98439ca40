import StrataCore
import StrataLayers
import StrataTensor
import Testing

/// The messages for inputs and settings that a layer cannot take, word for word.
@Suite struct LayerErrorTests {
  private func message(_ layer: any Layer, _ shapes: Shape...) -> String? {
    do {
      _ = try layer.outputShape(for: shapes)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func denseNeedsFeatures() {
    #expect(
      message(Dense(units: 2), [])
        == "Dense(units: 2, activation: .linear, useBias: true, "
        + "kernelInitializer: .glorotUniform, biasInitializer: .zeros, isTrainable: true): "
        + "expected input [..., features], but got [].")
  }

  @Test func sizesAreAtLeastOne() {
    #expect(
      message(RepeatVector(n: 0), [3])
        == "RepeatVector(n: 0): expected n of at least 1, but got 0.")
  }

  @Test func oneInputMeansOne() {
    #expect(
      message(ELU(), [3], [3]) == "ELU(alpha: 1.0): expected one input, but got 2.")
  }

  @Test func ratesAreFractions() {
    #expect(
      message(Dropout(rate: 1), [3])
        == "Dropout(rate: 1.0): expected rate in 0..<1, but got 1.0.")
    #expect(
      message(GaussianDropout(rate: -0.5), [3])
        == "GaussianDropout(rate: -0.5): expected rate in 0..<1, but got -0.5.")
    #expect(
      message(GaussianNoise(stddev: -1), [3])
        == "GaussianNoise(stddev: -1.0): expected stddev of at least 0, but got -1.0.")
  }

  @Test func shapesMustFit() {
    #expect(
      message(InputLayer(shape: [3]), [4])
        == "InputLayer(shape: [3], element: .float32): expected input [3], but got [4].")
    #expect(
      message(Reshape(targetShape: [2, -1]), [3])
        == "Reshape(targetShape: [2, -1]): expected input of as many elements as targetShape, "
        + "but got [3].")
    #expect(
      message(Permute(dims: [1, 3]), [2, 2])
        == "Permute(dims: [1, 3]): expected an input whose axes dims names once each, "
        + "but got [2, 2].")
    #expect(
      message(RepeatVector(n: 2), [2, 2])
        == "RepeatVector(n: 2): expected input [features], but got [2, 2].")
    #expect(
      message(Masking(), [3])
        == "Masking(maskValue: 0.0): expected input [time, features], but got [3].")
    #expect(
      message(Softmax(axis: 2), [3])
        == "Softmax(axis: 2): expected an input with an axis 2, but got [3].")
    #expect(
      message(Softmax(axis: 0), [3])
        == "Softmax(axis: 0): expected an input with an axis 0, but got [3].")
  }

  @Test func mergedInputsMustMatch() {
    #expect(message(Add(), [3]) == "Add(): expected two inputs or more, but got 1.")
    #expect(
      message(Add(), [3], [4])
        == "Add(): expected inputs of matching shapes, but got [3] and [4].")
    #expect(
      message(Multiply(), [3], [3], [1, 3])
        == "Multiply(): expected inputs of matching shapes, but got [3], [3] and [1, 3].")
    #expect(
      message(Subtract(), [3], [3], [3]) == "Subtract(): expected two inputs, but got 3.")
    #expect(
      message(Concatenate(axis: 1), [2, 3], [2, 4])
        == "Concatenate(axis: 1): expected inputs equal but for axis 1, but got [2, 3] and [2, 4].")
    #expect(
      message(Dot(axes: [1, 1]), [2], [3])
        == "Dot(axes: [1, 1], normalize: false): expected inputs of one or two axes with equal "
        + "sizes along [1, 1], but got [2] and [3].")
  }

  @Test func recurrentLayersNeedSequences() {
    let settings =
      "activation: .tanh, useBias: true, kernelInitializer: .glorotUniform, "
      + "biasInitializer: .zeros, dropout: 0.0, recurrentDropout: 0.0, returnSequences: false, "
      + "goBackwards: false"
    #expect(
      message(LSTM(units: 2), [3])
        == "LSTM(units: 2, \(settings), stateful: false, isTrainable: true): "
        + "expected input [time, features] with at least one time step, but got [3].")
    #expect(
      message(LSTM(units: 2, stateful: true), [3, 2])
        == "LSTM(units: 2, \(settings), stateful: true, isTrainable: true): "
        + "expected stateful: false (states are not kept between batches), "
        + "but got stateful: true.")
  }

  @Test func separateGatesHaveOneBias() {
    let layer = GRU(units: 2, resetAfter: true, gateLayout: .separate)
    let error = #expect(throws: LayerError.self) { try layer.parameters(for: [[3, 2]]) }
    #expect(error?.expected == "resetAfter: false where each gate has its own matrices")
    #expect(error?.found == "resetAfter: true")
  }

  /// A layer that was never resolved says so when it is traced.
  @Test func unresolvedSettingsAreAnError() throws {
    let chain = try LayerChain(
      [Dropout(rate: 0.5)], inputs: [.zeros([1, 2])], weights: [:], isTraining: true)
    let error = #expect(throws: OperationError.self) { try chain.native([chain.output]) }
    #expect(
      error?.description
        == "scaling: expected a value filled in when the model is built, but got none.")
  }
}
