internal import Foundation
internal import StrataCore
package import StrataHDF5
public import StrataSemantics
public import StrataTensor
public import StrataTraining

/// A model from a file, and what the file says of it.
public struct LoadedModel {
  public var model: Model
  /// The release that wrote the file.
  public var source: Semantics
  public var dialect: KerasDialect
  /// nil if the file does not say how the model was compiled.
  public var training: TrainingConfiguration?
  /// What is missing, unknown or expressed in another way.
  public var notes: [KerasNote]
  /// What Strata wrote of the model's origin: a JSON text.
  public var provenance: String?
}

/// Keras files of every generation.
public enum KerasFile {
  /// The attribute that holds where a model comes from; Keras takes no notice of it.
  public static let provenanceAttribute = "strata_provenance"

  /// Loads a model with its weights, compiled with its optimizer's state if the file holds them.
  ///
  ///     let loaded = try KerasFile.load("model.h5")
  ///     let y = try loaded.model.predict(x)
  ///
  /// - Parameters:
  ///   - path: A model file, or a weights file if `architecture` is given.
  ///   - semantics: The release to follow; nil: the one that wrote the file.
  ///   - architecture: The path of a JSON file (`to_json`) for files that hold weights only.
  ///   - catalog: By which names are found.
  ///   - inputShapes: Shapes of one sample, where the file leaves sizes open.
  ///   - source: The release and backend that wrote the file; nil: what the file says or looks like.
  /// - Returns: The model, and what the file says of it.
  /// - Throws: `KerasFileError`, `HDF5Error`, `JSONError`, `LayerError` or `HyperparameterError`,
  ///   each naming the place, what was expected and what was found.
  public static func load(
    _ path: String, semantics: Semantics? = nil, architecture: String? = nil,
    catalog: Catalog = .builtIn, inputShapes: [Shape]? = nil, source: Semantics? = nil
  ) throws -> LoadedModel {
    do {
      let container = try KerasContainer(contentsOf: path)
      let loader = try ModelLoader(
        container, architecture: architecture, catalog: catalog, inputShapes: inputShapes,
        source: source)
      return try loader.load(semantics)
    } catch {
      throw located(error, path)
    }
  }

  /// The HDF5 file that a model file is or, of an archive (`.keras`), holds, and what else the archive
  /// holds of the model; nil for no archive.
  ///
  /// - Throws: `KerasFileError` or `HDF5Error`.
  package static func contents(
    of path: String
  ) throws -> (file: HDF5File, members: [String]?) {
    do {
      guard ZipArchive.isArchive(path) else { return (try HDF5File.open(path), nil) }
      let archive = try ZipArchive(contentsOf: path)
      return (try KerasContainer(archive, path).file, archive.names)
    } catch {
      throw located(error, path)
    }
  }

  /// Loads weights of any generation into a model.
  ///
  /// - Parameters:
  ///   - path: A weights or model file.
  ///   - model: The model whose weights are replaced.
  ///   - source: The release that wrote the file; nil: what the file says, else the model's.
  /// - Returns: What was mapped or converted.
  /// - Throws: `KerasFileError` or `HDF5Error`.
  @discardableResult
  public static func loadWeights(
    _ path: String, into model: Model, source: Semantics? = nil
  ) throws -> [KerasNote] {
    do {
      let container = try KerasContainer(contentsOf: path)
      let notes = NoteList()
      let found = try source ?? container.source(nil, fallback: model.semantics)
      try WeightsReader(source: found, notes: notes).read(container.file.root, into: model)
      return notes.notes
    } catch {
      throw located(error, path)
    }
  }

  /// The architecture in a JSON text of any generation.
  ///
  /// - Parameters:
  ///   - json: What `to_json` of a release gave.
  ///   - release: The release that wrote it; nil: what the text says or looks like.
  ///   - catalog: By which names are found.
  ///   - inputShapes: Shapes of one sample, where the text leaves sizes open.
  /// - Throws: `KerasFileError` or `JSONError`.
  public static func architecture(
    json: String, release: Semantics? = nil, catalog: Catalog = .builtIn,
    inputShapes: [Shape]? = nil
  ) throws -> (architecture: Architecture, source: Semantics, notes: [KerasNote]) {
    let value = try JSONValue(parsing: json)
    let notes = NoteList()
    let source = try release ?? FileVersion.find(nil, json: value, fallback: nil)
    let read = try ArchitectureReader.read(
      value, source, catalog.layers, notes, inputShapes: inputShapes)
    return (read.architecture, source, notes.notes)
  }

  static func located(_ error: any Error, _ path: String) -> any Error {
    guard var error = error as? KerasFileError else {
      guard let error = error as? JSONError else { return error }
      return KerasFileError(
        file: path, subject: "configuration", expected: "JSON", found: "\(error)")
    }
    if error.file == nil { error.file = path }
    return error
  }
}

/// Which release wrote a file.
enum FileVersion {
  static func find(
    _ root: HDF5Group?, json: JSONValue?, fallback: Semantics?
  ) throws -> Semantics {
    var version = json?["keras_version"]?.string
    var backend = json?["backend"]?.string
    if let root {
      var places = [root.attributes]
      if try root.exists("model_weights") {
        places.append(try root.group("model_weights").attributes)
      }
      for attributes in places {
        if version == nil, try attributes.contains("keras_version") {
          version = try attributes.string("keras_version")
        }
        if backend == nil, try attributes.contains("backend") {
          backend = try attributes.string("backend")
        }
      }
    }
    if let version {
      guard let semantics = Semantics.named(version: version, backend: backend) else {
        throw KerasFileError(
          subject: "keras_version", expected: "a version such as 1.2.0", found: "\"\(version)\"")
      }
      return backend == nil ? try guessed(semantics, root) : semantics
    }
    if let json, json["class_name"] == nil { return .keras("0.3.3") }
    if let root, try root.attributes.contains("nb_layers") { return .keras("0.3.3") }
    if let root, try root.exists("graph") { return .keras("0.3.3") }
    // Keras 3 names the module of every object, and no version.
    if let json, json["module"] != nil { return .keras("3.0.0") }
    // The class names of Keras 2 come with keras_version; without it Keras takes version 1.
    return try fallback ?? guessed(.keras("1.2.0"), root)
  }

  /// Keras 1 does not write its backend; TensorFlow's names of weights end in `:0`.
  private static func guessed(_ release: Semantics, _ root: HDF5Group?) throws -> Semantics {
    guard release.version >= "1.0.0", release.version < "2.0.0", let root else { return release }
    let weights =
      try root.exists("model_weights") ? try root.group("model_weights") : root
    for layer in try WeightsReader.names("layer_names", weights.attributes) ?? []
    where try weights.exists(layer) {
      let attributes = try weights.group(layer).attributes
      guard let name = try WeightsReader.names("weight_names", attributes)?.first else { continue }
      return name.hasSuffix(":0") ? release.onTensorFlow : release
    }
    return release
  }
}
