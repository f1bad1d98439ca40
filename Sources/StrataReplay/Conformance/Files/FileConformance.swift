import Foundation
internal import StrataCore
internal import StrataKeras
internal import StrataSemantics
internal import StrataTensor
public import StrataTraining

/// Loads saved files of real releases and compares: weights, state of the optimizer, predictions,
/// and what a training that goes on from the file comes to.
///
/// A trace `NAME.io.h5` tells what was recorded of the files `NAME.h5`, `NAME.w.h5`, … beside it;
/// each of them gives one result.
public struct FileConformance: Sendable {
  public var registries: Catalog

  public init(registries: Catalog = .builtIn) {
    self.registries = registries
    if registries.layers[ScaleShift.name] == nil {
      self.registries.layers = registries.layers.adding(ScaleShift.name, ScaleShift.self)
    }
  }

  /// The results of all files that a trace tells of.
  public func run(_ trace: TraceFile) -> [ConformanceResult] {
    let record = FileRecord(trace)
    guard !record.files.isEmpty else { return [trace.unknown(.file, "no files are named")] }
    return record.files.map { run($0, record) }
  }

  private func run(_ file: FileRecord.File, _ record: FileRecord) -> ConformanceResult {
    let trace = record.trace
    var result: ConformanceResult
    do {
      var judgement = FileJudgement()
      let loaded = try load(file, record)
      let model = loaded.model
      try judgement.compareStored(model, record, comparesSlots: loaded.holdsState)
      try judgement.comparePredictions(model, record)
      if file.hasTraining, let recorded = record.continuation(of: file) {
        try judgement.compareContinuation(model, record, recorded) {
          try load(file, record).model
        }
      }
      result = judgement.result(trace)
    } catch {
      result = trace.unknown(.file, "\(error)")
    }
    result.name = file.name
    return result
  }

  // MARK: Loading

  /// The model of a file, and whether the file holds the state of its optimizer.
  private func load(
    _ file: FileRecord.File, _ record: FileRecord
  ) throws -> (model: Model, holdsState: Bool) {
    let semantics = try record.trace.semantics()
    let shapes = try record.inputs().map { $0.shape.droppingFirst() }
    if file.hasTraining {
      return try loaded(
        KerasFile.load(
          record.path(file), semantics: semantics, catalog: registries, inputShapes: shapes,
          source: semantics))
    }
    if let json = record.architecture {
      return try loaded(
        KerasFile.load(
          record.path(file), semantics: semantics, architecture: json, catalog: registries,
          inputShapes: shapes, source: semantics))
    }
    // Without a description: into the model saved beside it, its own weights wiped out.
    guard let whole = record.files.first(where: \.hasTraining) else {
      throw Unrunnable(reason: "no description of the model beside the weights")
    }
    let model = try load(whole, record).model
    try model.setWeights(model.weights.map { .zeros($0.value.shape) })
    try KerasFile.loadWeights(record.path(file), into: model, source: semantics)
    return (model, false)
  }

  private func loaded(_ file: LoadedModel) -> (model: Model, holdsState: Bool) {
    (file.model, !file.notes.contains { $0.kind == .missing && $0.subject == "optimizer" })
  }
}

/// What came of the comparisons of one file, each with its own tolerance.
struct FileJudgement {
  private var stored = Comparison(Tolerances.storedValue)
  private var predicted = Comparison(Tolerances.prediction)
  private var continued = Comparison(Tolerances.continuation)

  mutating func compareStored(
    _ model: Model, _ record: FileRecord, comparesSlots: Bool
  ) throws {
    let semantics = try record.trace.semantics()
    let weights = try record.arrays(record.trace.isFlat ? "weights." : record.savedWeights)
    Self.compare(weights, Self.weights(model, semantics), "weight", &stored)
    let state = try record.tensors(
      record.trace.isFlat ? "optimizer_weights." : "saved_optimizer/")
    guard comparesSlots, model.optimizerState != nil, !state.isEmpty else { return }
    try compareState(state, model, semantics)
  }

  /// Compares the slots, which are at the end of a recorded state: after the counter and rates, and
  /// before the placeholders of slots that are not used.
  private mutating func compareState(
    _ recorded: [Tensor], _ model: Model, _ semantics: Semantics
  ) throws {
    let count = model.optimizerState(inOrderOf: semantics, fitting: []).count
    var recorded = recorded
    if semantics.version >= "3.0.0" { recorded.removeAll { $0.shape == [] } }
    let placeholder: Shape = semantics.version < "2.4.0" ? [1] : []
    while recorded.count > count + 1, recorded.last?.shape == placeholder {
      recorded.removeLast()
    }
    if recorded.count < count {
      // A release without this slot where it is not used: ours must be untouched.
      recorded = model.optimizerState(inOrderOf: semantics, fitting: []).map {
        Tensor([Float](repeating: 0, count: $0.count), shape: [$0.count])
      }
    }
    recorded = recorded.suffix(count)
    let ours = model.optimizerState(
      inOrderOf: semantics, fitting: recorded.map(\.shape.dimensions))
    Self.compare(try recorded.map { try $0.floats() }, ours, "slot", &stored)
  }

  mutating func comparePredictions(_ model: Model, _ record: FileRecord) throws {
    let ours = try model.predictAll(try record.inputs())
    let recorded = try record.predictions()
    guard ours.count == recorded.count else {
      throw Unrunnable(reason: "\(ours.count) outputs, \(recorded.count) recorded")
    }
    for (output, expected) in zip(ours, recorded) {
      predicted.add("prediction", try output.floats(), try expected.floats())
    }
  }

  /// Compares losses and weights of a training that goes on; `reload` gives the model anew.
  ///
  /// Beyond the tolerance, a difference must lie within what the last bit of the weights does to the
  /// training: the gradient of a bias before a batch normalization is nothing but rounding.
  mutating func compareContinuation(
    _ model: Model, _ record: FileRecord, _ recorded: FileRecord.Continuation,
    _ reload: () throws -> Model
  ) throws {
    let batches = try record.batches()
    let theirs =
      try record.trace.floats(recorded.losses).map { [$0] } + record.arrays(recorded.weights)
    let semantics = try record.trace.semantics()
    let ours = try Self.train(model, batches, semantics)
    let names =
      batches.indices.map { "loss of batch \($0) after loading" }
      + (0..<max(0, ours.count - batches.count)).map { "weight \($0) after the batches" }
    guard ours.count == theirs.count else {
      throw Unrunnable(
        reason: "\(ours.count) losses and weights to compare with \(theirs.count) recorded")
    }
    for (name, pair) in zip(names, zip(ours, theirs)) { continued.add(name, pair.0, pair.1) }
    guard continued.firstDifference != nil else { return }
    let spans = try RoundingSpan(of: ours, runs: 20) { run in
      let model = try reload()
      try model.setWeights(model.weights.map { try RoundingSpan.moved($0.value, run) })
      return try Self.train(model, batches, semantics)
    }.distances
    continued = Comparison(Tolerances.continuation)
    for (index, name) in names.enumerated() {
      continued.add(name, ours[index], theirs[index], allowance: spans[index])
    }
  }

  /// The losses of the batches, then all weights.
  private static func train(
    _ model: Model, _ batches: [Dataset], _ semantics: Semantics
  ) throws -> [[Float]] {
    let losses = try batches.map { batch in
      [try model.trainOnBatch(batch).first { $0.key == "loss" }?.value ?? .nan]
    }
    return losses + weights(model, semantics)
  }

  func result(_ trace: TraceFile) -> ConformanceResult {
    let all = [stored, predicted, continued]
    var result = trace.result(.file, predicted)
    result.verdict =
      all.compactMap(\.firstDifference).first.map { .differs($0) } ?? .agrees
    result.largestError = all.map(\.largestError).max() ?? 0
    result.largestValue = all.map(\.largestValue).max() ?? 0
    result.largestRelativeError = all.map(\.largestRelativeError).max() ?? 0
    return result
  }

  // MARK: Arrays

  private static func compare(
    _ recorded: [[Float]], _ ours: [[Float]], _ what: String, _ comparison: inout Comparison
  ) {
    guard recorded.count == ours.count else {
      comparison.add("\(what): the number of arrays", [Float(ours.count)], [Float(recorded.count)])
      return
    }
    for (index, pair) in zip(ours, recorded).enumerated() {
      comparison.add("\(what) \(index)", pair.0, pair.1)
    }
  }

  private static func weights(_ model: Model, _ semantics: Semantics) -> [[Float]] {
    model.parameterOrder(of: semantics).map { position in
      let parameter = model.parameters[position]
      return parameter.storage.array(of: Float.self, count: parameter.spec.shape.count)
    }
  }
}
