internal import Foundation
internal import StrataCore
internal import StrataHDF5
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// The parts of one load.
struct ModelLoader {
  private let file: HDF5File
  /// How the model was compiled, as far as anything says it.
  private let training: JSONValue
  private let config: JSONValue
  private let source: Semantics
  private let catalog: Catalog
  private let inputShapes: [Shape]?
  private let notes = NoteList()

  init(
    _ container: KerasContainer, architecture: String?, catalog: Catalog, inputShapes: [Shape]?,
    source: Semantics?
  ) throws {
    file = container.file
    self.catalog = catalog
    self.inputShapes = inputShapes
    if let architecture {
      do {
        config = try JSONValue(
          parsing: String(
            decoding: Data(contentsOf: URL(fileURLWithPath: architecture)), as: UTF8.self))
      } catch let error as JSONError {
        throw KerasFile.located(error, architecture)
      }
    } else {
      guard let found = container.config else {
        throw KerasFileError(
          subject: "model", expected: "the attribute model_config, or a file of the architecture",
          found: try file.root.attributes.names().isEmpty
            ? "no attributes" : file.root.attributes.names().joined(separator: ", "))
      }
      config = found
    }
    training = container.training ?? config
    self.source = try source ?? container.source(config, fallback: nil)
  }

  func load(_ semantics: Semantics?) throws -> LoadedModel {
    let (architecture, outputNames) = try ArchitectureReader.read(
      config, source, catalog.layers, notes, inputShapes: inputShapes)
    let writer = LegacyOptimizer.release(source, training)
    // The file's own release, asked for by name, has the optimizers that the file was made with.
    let chosen = semantics.flatMap { $0 == source ? nil : $0 }
    let model = try Model(
      architecture, semantics: chosen ?? writer, initializesWeights: false)
    try WeightsReader(source: source, notes: notes).read(file.root, into: model)
    let compiled = try compile(model, training, writer, outputNames ?? model.outputNames)
    let attributes = file.root.attributes
    let provenance =
      try attributes.contains(KerasFile.provenanceAttribute)
      ? try attributes.string(KerasFile.provenanceAttribute) : nil
    model.writer = KerasWriter()
    return LoadedModel(
      model: model, source: source, dialect: KerasDialect(source), training: compiled,
      notes: notes.notes, provenance: provenance)
  }

  /// Compiles the model as the file says; what cannot be used is noted and stops nothing.
  private func compile(
    _ model: Model, _ json: JSONValue, _ writer: Semantics, _ outputs: [String]
  ) throws -> TrainingConfiguration? {
    let reader = TrainingReader(semantics: writer, catalog: catalog, notes: notes)
    var compiled: TrainingConfiguration?
    do {
      guard let training = try reader.read(json, outputs: outputs) else {
        notes.add(.missing, "training", "the file does not say how the model was compiled")
        return nil
      }
      try reader.compile(model, training)
      compiled = training
    } catch {
      guard error is KerasFileError || error is HyperparameterError || error is CompileError else {
        throw error
      }
      notes.add(.missing, "training", "the model is loaded without its optimizer: \(error)")
    }
    guard let compiled else { return nil }
    let state = OptimizerStateCodec(semantics: writer, notes: notes)
    guard let arrays = try state.arrays(file.root) else {
      notes.add(.missing, "optimizer", "the file holds no state of the optimizer; it starts anew")
      return compiled
    }
    do {
      try state.read(arrays, into: model)
    } catch let error as KerasFileError {
      notes.add(.missing, "optimizer", "its state cannot be used, it starts anew: \(error)")
      try reader.compile(model, compiled)
    }
    return compiled
  }
}

/// `tf.keras.optimizers.legacy`: the optimizers of 2.10 in releases 2.11 to 2.15.
enum LegacyOptimizer {
  /// The release with what concerns optimizers taken from 2.10.0, if the file's optimizer is one.
  ///
  /// The other optimizers of these releases write `jit_compile`.
  static func release(_ source: Semantics, _ training: JSONValue) -> Semantics {
    guard source.lineage == .tfKeras, source.version >= "2.11.0", source.version < "3.0.0",
      let optimizer = training["optimizer_config"], let config = optimizer["config"],
      config["jit_compile"] == nil, let name = optimizer["class_name"]?.string,
      let rule = try? OptimizerRegistry.builtIn.rule(name, source)
    else { return source }
    let settings = Optimizer(rule).histories.map(\.setting)
    return (settings + ["file.optimizerWeights", "file.optimizerConfig"]).reduce(source) {
      $0.overriding($1, with: "2.10.0")
    }
  }
}
