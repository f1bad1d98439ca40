import StrataHDF5
import Testing

/// A file that Keras 1.2.0 wrote with h5py under Python 2.
@Suite struct KerasFileTests {
  @Test func readsTheWeightsFile() throws {
    let root = try fixture("keras-1.2.0-weights_reg.h5").root
    let layers = try root.attributes.strings("layer_names")
    #expect(layers == ["dense_20", "batchnormalization_4", "dense_21"])
    try #expect(
      root.attributes.dataType(of: "layer_names") == .string(.bytes(fitting: layers)))
    try #expect(root.names() == layers.sorted())
    let dense = try root.group("dense_20")
    try #expect(dense.attributes.strings("weight_names") == ["dense_20_W", "dense_20_b"])
    let kernel = try dense.dataset("dense_20_W")
    #expect(kernel.shape == [6, 8])
    #expect(kernel.dataType == .float32)
    let values = try kernel.read(as: Float.self)
    #expect(values.count == 48)
    #expect(values.prefix(2) == [0.11050163209438324, -0.17023250460624695])
  }
}
