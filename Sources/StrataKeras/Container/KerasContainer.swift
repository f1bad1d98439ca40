internal import StrataHDF5
internal import StrataSemantics

/// What a saved model consists of, in an HDF5 file or in Keras 3's archive (`.keras`).
struct KerasContainer {
  var file: HDF5File
  /// The configuration of the model; nil in a file of weights.
  var config: JSONValue?
  /// How the model was compiled; nil if nothing says so.
  var training: JSONValue?
  /// nil: as `FileVersion` finds it.
  var version: String?

  init(contentsOf path: String) throws {
    self =
      ZipArchive.isArchive(path)
      ? try KerasContainer(try ZipArchive(contentsOf: path), path)
      : try KerasContainer(try HDF5File.open(path))
  }

  /// What an HDF5 file holds.
  private init(_ file: HDF5File) throws {
    self.file = file
    let attributes = file.root.attributes
    if try attributes.contains("model_config") {
      config = try JSONValue(parsing: try attributes.string("model_config"))
    }
    if try attributes.contains("training_config") {
      training = try JSONValue(parsing: try attributes.string("training_config"))
    }
  }

  /// What an archive holds.
  init(_ archive: ZipArchive, _ path: String) throws {
    file = try HDF5File.open(
      bytes: try archive.bytes(of: "model.weights.h5"), path: "\(path)/model.weights.h5")
    let config = try Self.json("config.json", in: archive)
    self.config = config
    version = try Self.json("metadata.json", in: archive)["keras_version"]?.string
    if let compiled = config["compile_config"], var training = compiled.object {
      training["optimizer_config"] = training["optimizer"]
      self.training = .object(training)
    }
  }

  private static func json(_ name: String, in archive: ZipArchive) throws -> JSONValue {
    try JSONValue(parsing: String(decoding: try archive.bytes(of: name), as: UTF8.self))
  }

  /// The release that wrote it.
  ///
  /// - Throws: `KerasFileError` for a version that is none.
  func source(_ json: JSONValue?, fallback: Semantics?) throws -> Semantics {
    if let version {
      guard let semantics = Semantics.named(version: version, backend: nil) else {
        throw KerasFileError(
          subject: "keras_version", expected: "a version such as 3.0.0", found: "\"\(version)\"")
      }
      return semantics
    }
    return try FileVersion.find(file.root, json: json, fallback: fallback)
  }
}
