internal import Foundation
internal import StrataHDF5
internal import StrataTensor
internal import StrataTraining

/// Reads the datasets of a run file, each checked against its digest.
struct RunReader {
  let file: HDF5File
  let path: String

  func checkFormat() throws {
    guard try file.root.attributes.contains("strata_run") else {
      throw RunFileError(
        file: path, place: "/", expected: "a recorded run (attribute strata_run)",
        found: "another HDF5 file")
    }
    let format = try file.root.attributes.value("strata_run") as Int32
    guard format == 1 else {
      throw RunFileError(file: path, place: "/", expected: "run format 1", found: "\(format)")
    }
  }

  func names(_ group: String) throws -> [String] {
    try file.root.group(group).names(order: .name)
  }

  func bytes(_ name: String) throws -> Data {
    let dataset = try file.root.dataset(name)
    let data = Data(try dataset.read(as: UInt8.self))
    try check(dataset, name, Digest(bytes: data))
    return data
  }

  func floats(_ name: String) throws -> (values: [Float], shape: Shape) {
    let dataset = try file.root.dataset(name)
    let values = try dataset.read(as: Float.self)
    try check(dataset, name, Digest(of: values))
    return (values, Shape(dataset.shape))
  }

  func doubles(_ name: String) throws -> [Double] {
    let dataset = try file.root.dataset(name)
    let values = try dataset.read(as: Double.self)
    try check(dataset, name, Digest(of: values))
    return values
  }

  private func check(_ dataset: HDF5Dataset, _ name: String, _ digest: Digest) throws {
    let recorded = try dataset.attributes.string("sha256")
    guard recorded == digest.description else {
      throw RunFileError(
        file: path, place: name, expected: "values with the digest \(recorded.prefix(12))",
        found: "changed values (\(digest.short))")
    }
  }

  /// The samples of a group, or nil if the file holds none.
  func dataset(_ group: String) throws -> Dataset? {
    guard try file.root.exists(group) else { return nil }
    let names = try names(group)
    func tensors(_ prefix: String) throws -> [Tensor] {
      try (0..<names.count).filter { names.contains("\(prefix)\($0)") }.map { index in
        let (values, shape) = try floats("\(group)/\(prefix)\(index)")
        return Tensor(values, shape: shape)
      }
    }
    let targets = try tensors("y")
    let weights: [Tensor?] = try targets.indices.map { index in
      guard names.contains("w\(index)") else { return nil }
      let (values, shape) = try floats("\(group)/w\(index)")
      return Tensor(values, shape: shape)
    }
    return Dataset(inputs: try tensors("x"), targets: targets, weights: weights)
  }
}
