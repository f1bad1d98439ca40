import StrataHDF5
import StrataTensor

/// An HDF5 file with samples: `x` or `x0`, `x1`, … and likewise `y`, along the first axis.
struct DataFile {
  let file: HDF5File

  init(_ path: String) throws { file = try HDF5File.open(path) }

  /// The arrays of a role.
  ///
  /// - Parameters:
  ///   - role: `x` or `y`.
  ///   - names: The datasets to take; empty: `x`, or else `x0`, `x1`, … as far as they go.
  /// - Returns: Float32 tensors, integers converted.
  /// - Throws: `CommandError` if there is none.
  func arrays(_ role: String, names: [String] = []) throws -> [(name: String, value: Tensor)] {
    let found = names.isEmpty ? try numbered(role) : names
    guard !found.isEmpty else {
      throw CommandError(
        command: "data", subject: file.path, expected: "a dataset \(role) or \(role)0, \(role)1, …",
        found: "there is \(try listing())")
    }
    return try found.map { ($0, try tensor($0)) }
  }

  /// The shapes of one sample of a role's arrays, or nil if there are none.
  func sampleShapes(_ role: String) throws -> [Shape]? {
    let names = try numbered(role)
    guard !names.isEmpty else { return nil }
    return try names.map { Shape(Array(try file.root.dataset($0).shape.dropFirst())) }
  }

  private func numbered(_ role: String) throws -> [String] {
    if try file.root.exists(role) { return [role] }
    var names: [String] = []
    while try file.root.exists("\(role)\(names.count)") { names.append("\(role)\(names.count)") }
    return names
  }

  private func listing() throws -> String {
    let names = try file.root.names()
    return names.isEmpty ? "nothing" : names.prefix(20).joined(separator: ", ")
  }

  private func tensor(_ name: String) throws -> Tensor {
    let dataset = try file.root.dataset(name)
    return Tensor(try dataset.read(as: Float.self), shape: Shape(dataset.shape))
  }
}

extension Tensor {
  /// Samples in the shape that a model wants, where only the arrangement differs.
  func samples(of shape: Shape) -> Tensor {
    guard rank > 0, self.shape.droppingFirst() != shape,
      self.shape.droppingFirst().count == shape.count
    else { return self }
    return reshaped(shape.batched(self.shape[0]))
  }
}
