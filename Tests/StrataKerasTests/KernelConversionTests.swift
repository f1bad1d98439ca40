import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@testable import StrataKeras

/// Kernels of convolutions read under the semantics of another release.
@Suite struct KernelConversionTests {
  /// Theano rotates [filters, channels, rows, columns]; TensorFlow takes [rows, columns, channels,
  /// filters] as they are.
  @Test func kernelsOfTheanoAreTurnedForTensorFlow() throws {
    let file = RecordedFile.named("0.3.3", "weights_conv2d_th")
    let loaded = try KerasFile.load(
      file.path, semantics: .keras("2.3.1"), architecture: file.json)
    let kernels = loaded.notes.filter { $0.kind == .converted && "\($0)".contains("kernel") }
    #expect(kernels.count == 2)
    let shapes = loaded.model.weights.map(\.value.shape).filter { $0.rank == 4 }
    #expect(shapes.allSatisfy { $0[0] <= 3 && $0[1] <= 3 })
  }
}
