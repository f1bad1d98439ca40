public import StrataCore
internal import StrataHDF5
public import StrataSemantics
public import StrataTraining

/// Writes files that a release of Keras loads; an existing file stays until the new one is complete.
public struct KerasWriter: Sendable {
  /// The release whose form is written; nil: the model's, if it is one of Keras 0 or 1, else 1.2.2.
  public var release: Semantics?
  /// A JSON text on where the model comes from, kept in an attribute that Keras takes no notice of;
  /// nil: that of the recorded training which led to the model's state, if there was one.
  public var provenance: String?

  public init(release: Semantics? = nil, provenance: String? = nil) {
    self.release = release
    self.provenance = provenance
  }

  /// The release whose form is written for a model.
  func target(_ model: Model, _ content: CheckpointContent) throws -> Semantics {
    if let release {
      guard KerasDialect(release) < .keras2 else {
        throw KerasFileError(
          subject: "writing", expected: "a release of Keras 0 or 1", found: "\(release)")
      }
      return release
    }
    let own = model.semantics
    let isOld = own.lineage == .keras && KerasDialect(own) < .keras2
    return isOld && (content == .weights || own.version >= "1.0.0") ? own : .keras("1.2.2")
  }

  /// Writes a model or its weights.
  ///
  /// - Returns: What the file cannot hold.
  /// - Throws: `KerasFileError` or `HDF5Error`; an existing file is kept then.
  @discardableResult
  package func save(
    _ model: Model, to path: String, _ content: CheckpointContent
  ) throws -> [KerasNote] {
    let target = try target(model, content)
    let notes = NoteList()
    let recorded = content == .model ? model.origin : nil
    let provenance = try provenance ?? recorded?.provenance(of: model)
    do {
      guard content == .weights || KerasDialect(target) == .keras1 else {
        throw KerasFileError(
          subject: "writing", expected: "a release that saves whole models (1.0.7 on)",
          found: "\(target)")
      }
      try HDF5File.writeAtomically(to: path) { file in
        if let provenance {
          try file.root.attributes.set(
            KerasFile.provenanceAttribute, to: provenance, as: .variableUTF8)
        }
        let weights = WeightsWriter(target: target, notes: notes)
        if content == .weights {
          try weights.write(model, to: file.root)
        } else {
          try write(model, to: file.root, target, notes, weights)
        }
      }
    } catch {
      throw KerasFile.located(error, path)
    }
    return notes.notes
  }

  private func write(
    _ model: Model, to root: HDF5Group, _ target: Semantics, _ notes: NoteList,
    _ weights: WeightsWriter
  ) throws {
    let config = try ArchitectureWriter(model, target, notes).config()
    let attributes = root.attributes
    try attributes.set("keras_version", to: "\(target.version)", as: .variableASCII)
    try attributes.set("backend", to: target.backend.kind.rawValue, as: .variableASCII)
    try attributes.set("model_config", to: config.description, as: .variableASCII)
    if let training = try TrainingWriter(semantics: target, notes: notes).config(model) {
      try attributes.set("training_config", to: training.description, as: .variableASCII)
    }
    try weights.write(model, to: try root.createGroup("model_weights"))
    try OptimizerStateCodec(semantics: target, notes: notes).write(model, to: root)
  }
}

extension KerasWriter: ModelFileWriter {
  public func write(_ model: Model, to path: String, _ content: CheckpointContent) throws {
    try save(model, to: path, content)
  }
}
