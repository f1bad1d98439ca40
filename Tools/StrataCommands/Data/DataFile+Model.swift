import StrataHDF5
import StrataTensor
import StrataTraining

extension DataFile {
  /// The inputs that a model takes, each in the shape that it wants.
  ///
  /// - Throws: `CommandError` for a wrong number of inputs.
  func inputs(of model: Model, names: [String] = [], scale: Float? = nil) throws -> [Tensor] {
    let found = try arrays("x", names: names)
    let wanted = model.architecture.inputs
    guard found.count == wanted.count else {
      throw CommandError(
        command: "data", subject: file.path, expected: "\(wanted.count) inputs",
        found: "there are \(found.map(\.name).joined(separator: ", "))")
    }
    return zip(found, wanted).map { array, input in
      let samples = array.value.samples(of: input.shape)
      return scale.map { samples * Tensor($0) } ?? samples
    }
  }
}
