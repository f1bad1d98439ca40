import StrataHDF5
import Testing

/// A file that Keras 1.2.0 wrote with h5py under Python 2.
@Suite struct KerasFileTests {
  @Test func readsTheWeightsFile() throws {
    let root = try fixture("keras-1.2.0-weights_reg.h5").root
    let layers = try root.attributes.strings("layer_names")
    try #expect(Set(layers) == Set(root.names()))
    try #expect(root.attributes.string("keras_version") == "1.2.0")
    for layer in layers {
      let group = try root.group(layer)
      for name in try group.attributes.strings("weight_names") {
        let dataset = try group.dataset(name)
        #expect(dataset.dataType == .float32)
        try #expect(dataset.read(as: Float.self).count == dataset.count)
      }
    }
  }
}
