internal import Foundation
internal import StrataCallbacks
internal import StrataCore
internal import StrataHDF5
internal import StrataKeras
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// A recorded training: the model, its weights at the start, its data, what came of it.
struct FitTrace {
  var architecture: Architecture
  var semantics: Semantics
  var optimizer: Optimizer
  /// In the order of the release's `get_weights`.
  var initial: [[Float]]
  var training: Dataset
  var validation: Dataset
  var batchSize: Int
  var epochs: Int
  /// The rate set before each epoch, if a schedule did.
  var rates: [Float]?
  var batchLosses: [Float]
  /// The recorded history by key.
  var history: [String: [Double]]

  init(_ trace: TraceFile, data path: String?) throws {
    semantics = try trace.semantics()
    let meta = trace.meta
    let json = meta["architecture_json"]?.text ?? meta["model_json"]?.description ?? ""
    architecture = try KerasFile.architecture(json: json, release: semantics).architecture
    let shape = Shape((meta["input_shape"]?.elements ?? []).compactMap(\.integer))
    let count = meta["n_train"]?.integer ?? 1500
    let first = meta["val"]?.elements.first?.integer ?? count
    let samples = try Self.digits(trace, path, shape)
    training = samples.slice(0..<count)
    validation = samples.slice(first..<samples.count)
    batchSize = meta["batch_size"]?.integer ?? 32
    epochs = meta["epochs"]?.integer ?? 1
    initial = try Self.initialWeights(trace)
    batchLosses = try trace.floats(trace.isFlat ? "batch.loss" : "batch/loss")
    history = Self.history(meta)
    rates = Self.rates(meta, epochs)
    optimizer = try Self.optimizer(meta, &semantics)
  }

  /// The same training with the rows of each batch in another order: the same numbers but for
  /// rounding, in every sum over a batch.
  func reordered(_ run: Int) -> FitTrace {
    var random = Philox(seed: UInt64(run), name: "order of rows")
    var rows = Array(0..<training.count)
    for start in stride(from: 0, to: rows.count, by: batchSize) {
      let batch = start..<min(start + batchSize, rows.count)
      let keys = random.uniform(count: batch.count)
      let order = batch.indices.sorted { keys[$0 - start] < keys[$1 - start] }
      rows.replaceSubrange(batch, with: order)
    }
    var copy = self
    copy.training = training.rows(rows)
    return copy
  }

  // MARK: Parts

  private static func digits(_ trace: TraceFile, _ path: String?, _ shape: Shape) throws -> Dataset
  {
    guard let path = path ?? nearestDigits(to: trace.path) else {
      throw Unrunnable(reason: "the digits data were not found; give --data")
    }
    let file = try HDF5File.open(path)
    let x = try file.root.dataset("x").read(as: Float.self).map { $0 / 16 }
    let labels = try file.root.dataset("y").read(as: Int32.self)
    var y = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { y[row * 10 + Int(label)] = 1 }
    return Dataset(
      Tensor(x, shape: shape.batched(labels.count)), Tensor(y, shape: [labels.count, 10]))
  }

  /// `data/digits.h5` in a folder above the trace.
  private static func nearestDigits(to path: String) -> String? {
    var folder = URL(filePath: path).standardizedFileURL.deletingLastPathComponent()
    while folder.path.count > 1 {
      let candidate = folder.appending(path: "data/digits.h5").path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  private static func initialWeights(_ trace: TraceFile) throws -> [[Float]] {
    guard trace.isFlat else {
      let folder = URL(filePath: trace.path).deletingLastPathComponent()
      let source =
        try trace.meta["initial_in"]?.text.map { name in
          try TraceFile(Self.find(name, from: folder))
        } ?? trace
      let names = source.datasets.filter { $0.hasPrefix("initial/") }.sorted()
      return try names.map { try source.floats($0) }
    }
    if let name = trace.meta["initial_file"]?.text {
      let source = try TraceFile(
        Self.find(name, from: URL(filePath: trace.path).deletingLastPathComponent()))
      let names = source.datasets.filter { $0.hasPrefix("weights.") }.sorted()
      return try names.map { try source.floats($0) }
    }
    // Row 0 of each weight's record is the start.
    let names = trace.datasets.filter { $0.hasPrefix("weights.") }.sorted()
    return try names.map { name in
      let tensor = try trace.tensor(name)
      return try tensor.element(0, axis: 0).floats()
    }
  }

  /// A file named relative to its folder, the release's folder or the whole record.
  private static func find(_ name: String, from folder: URL) -> String {
    var base = folder
    for _ in 0..<4 {
      let candidate = base.appending(path: name).path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      base.deleteLastPathComponent()
    }
    return folder.appending(path: name).path
  }

  private static func history(_ meta: JSONValue) -> [String: [Double]] {
    (meta["history"]?.members ?? [:]).mapValues { $0.elements.compactMap(\.numeric) }
  }

  private static func rates(_ meta: JSONValue, _ epochs: Int) -> [Float]? {
    if let rates = meta["step_lr_per_epoch"]?.elements, !rates.isEmpty {
      return rates.compactMap { $0.numeric.map(Float.init) }
    }
    guard let schedule = meta["lr_schedule"], !schedule.isNull else { return nil }
    let steps = schedule["steps"]?.elements.compactMap(\.integer) ?? []
    let rates = schedule["rates"]?.elements.compactMap(\.numeric) ?? []
    return (0..<epochs).map { epoch in
      let index = steps.filter { $0 <= epoch }.count
      return Float(rates.indices.contains(index) ? rates[index] : .nan)
    }
  }

  private static func optimizer(
    _ meta: JSONValue, _ semantics: inout Semantics
  ) throws -> Optimizer {
    let name = meta["optimizer"]?.text ?? meta["optimizer"]?["class"]?.text ?? ""
    let kwargs = meta["optimizer_kwargs"] ?? meta["optimizer"]?["kwargs"]
    var settings: [String: ConfigurationValue] = [:]
    for (key, value) in kwargs?.members ?? [:] {
      if let flag = value.flag {
        settings[key] = .flag(flag)
      } else if let number = value.numeric {
        settings[key] = .number(number)
      }
    }
    let found = try OptimizerRegistry.builtIn.optimizer(
      name, configuration: settings, semantics)
    guard found.unknownKeys.isEmpty else {
      throw Unrunnable(reason: "settings \(found.unknownKeys.joined(separator: ", "))")
    }
    if meta["optimizer"]?["legacy"]?.flag == true {
      // The legacy optimizers are those of the last release in which they were the ordinary ones.
      let histories = found.optimizer.histories
      for history in histories {
        semantics = semantics.overriding(history.setting, with: "2.10.0")
      }
    }
    return found.optimizer
  }
}
