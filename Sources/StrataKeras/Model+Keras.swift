internal import StrataCore
public import StrataSemantics
public import StrataTraining

extension Model {
  /// Loads a Keras file of any generation; `KerasFile.load` also tells what the file says.
  ///
  /// - Throws: What `KerasFile.load` throws.
  public static func load(_ path: String, semantics: Semantics? = nil) throws -> Model {
    try KerasFile.load(path, semantics: semantics).model
  }

  /// Saves the model (architecture, weights, training configuration, state of the optimizer).
  ///
  /// - Parameters:
  ///   - path: An existing file is replaced when the new one is complete.
  ///   - release: The release of Keras that will load it; nil: the model's own, or 1.2.2.
  ///   - provenance: A JSON text on where the model comes from; nil: that of the recorded training
  ///     which led to the model's state, if there was one.
  /// - Returns: What the file cannot hold.
  /// - Throws: `KerasFileError` or `HDF5Error`.
  @discardableResult
  public func save(
    to path: String, release: Semantics? = nil, provenance: String? = nil
  ) throws -> [KerasNote] {
    try KerasWriter(release: release, provenance: provenance).save(self, to: path, .model)
  }

  /// Saves the weights alone.
  ///
  /// - Returns: What the file cannot hold.
  /// - Throws: `KerasFileError` or `HDF5Error`.
  @discardableResult
  public func saveWeights(to path: String, release: Semantics? = nil) throws -> [KerasNote] {
    try KerasWriter(release: release).save(self, to: path, .weights)
  }

  /// The configuration as `to_json` of a release of Keras 0 or 1 writes it.
  ///
  /// - Throws: `KerasFileError` for what the release cannot express.
  public func kerasJSON(release: Semantics? = nil) throws -> (json: String, notes: [KerasNote]) {
    let notes = NoteList()
    let target = try KerasWriter(release: release).target(self, .weights)
    let writer = ArchitectureWriter(self, target, notes)
    if KerasDialect(target) == .keras0 {
      var config = try writer.flatConfig()
      try TrainingWriter(semantics: target, notes: notes).add(self, to: &config)
      return (JSONValue.object(config).description, notes.notes)
    }
    guard var config = try writer.config().object else { return ("{}", notes.notes) }
    config["keras_version"] = .string("\(target.version)")
    return (JSONValue.object(config).description, notes.notes)
  }
}
