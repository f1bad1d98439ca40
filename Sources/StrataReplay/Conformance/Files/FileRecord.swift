import Foundation
internal import StrataKeras
internal import StrataTensor
internal import StrataTraining

/// What a trace `NAME.io.h5` tells of the saved files beside it, in either of the two layouts.
struct FileRecord {
  /// One saved file.
  struct File {
    /// The file's name.
    var name: String
    /// The word of the newer traces, for example `model_h5`.
    var kind: String
    /// Whether it holds the whole model, with what its training needs.
    var hasTraining: Bool { kind.hasPrefix("model_") }
  }

  /// Where the values of a training from a loaded file stand.
  struct Continuation {
    var losses: String
    /// The beginning of the names of the weights.
    var weights: String
  }

  let trace: TraceFile
  let files: [File]

  init(_ trace: TraceFile) {
    self.trace = trace
    if let name = trace.meta["file"]?.text {
      let isModel = trace.datasets.contains("loss_resumed")
      files = [File(name: name, kind: isModel ? "model_h5" : "weights_h5")]
    } else {
      files = (trace.meta["files"]?.object?.entries ?? []).compactMap { kind, name in
        guard kind != "json", let name = name.text else { return nil }
        return File(name: name, kind: kind)
      }
    }
  }

  func path(_ file: File) -> String { beside(file.name) }

  /// The description of the model (`to_json`), if it is there.
  var architecture: String? {
    (trace.meta["architecture"]?.text ?? trace.meta["files"]?["json"]?.text).map(beside)
  }

  private func beside(_ name: String) -> String {
    URL(fileURLWithPath: trace.path).deletingLastPathComponent().appendingPathComponent(name).path
  }

  // MARK: Values

  var savedWeights: String {
    trace.datasets.contains("saved/00") ? "saved/" : "weights/"
  }

  func inputs() throws -> [Tensor] {
    if trace.datasets.contains("x") { return [try trace.tensor("x")] }
    return try numbered(trace.isFlat ? "x" : "input/")
  }

  /// The recorded predictions, one for each output.
  func predictions() throws -> [Tensor] {
    let name = trace.isFlat ? "pred" : "predict"
    if trace.datasets.contains(name) { return [try trace.tensor(name)] }
    return try numbered(trace.isFlat ? name : "\(name)/")
  }

  /// The arrays whose names begin with a prefix and end with a number, in order.
  func tensors(_ prefix: String) throws -> [Tensor] {
    try trace.datasets.filter { name in
      name.hasPrefix(prefix) && name.dropFirst(prefix.count).allSatisfy(\.isNumber)
    }.sorted().map { try trace.tensor($0) }
  }

  func arrays(_ prefix: String) throws -> [[Float]] {
    try tensors(prefix).map { try $0.floats() }
  }

  private func numbered(_ prefix: String) throws -> [Tensor] {
    var result: [Tensor] = []
    while trace.datasets.contains("\(prefix)\(result.count)") {
      result.append(try trace.tensor("\(prefix)\(result.count)"))
    }
    return result
  }

  // MARK: Training from the file

  /// nil where nothing was recorded, as for layers that draw random numbers.
  ///
  /// Where the release itself could not go on from this file, what counts is the same training from
  /// another file of the same model, or from the model that was never saved.
  func continuation(of file: File) -> Continuation? {
    guard trace.isFlat else {
      return trace.datasets.contains("loss_resumed")
        ? Continuation(losses: "loss_resumed", weights: "resumed/") : nil
    }
    let kind = file.kind.replacing("_compressed_newer_layout", with: "")
      .replacing("_compressed", with: "")
    for name in ["cont_\(kind)", "cont_model_h5", "cont_model_keras", "cont_unsaved"] {
      let source = trace.meta["same_as"]?[name]?.text ?? name
      if trace.datasets.contains("\(source).loss"), isFinite("\(source).loss") {
        return Continuation(losses: "\(source).loss", weights: "\(source).weights.")
      }
    }
    return nil
  }

  /// A release whose own file leads it to NaN has not gone on from it.
  private func isFinite(_ losses: String) -> Bool {
    (try? trace.floats(losses))?.allSatisfy(\.isFinite) == true
  }

  /// The batches after loading.
  func batches() throws -> [Dataset] {
    guard trace.isFlat else {
      let count = (0..<100).first { !trace.datasets.contains(Self.target($0)) } ?? 0
      return try (count / 2..<count).map { batch in
        Dataset(
          inputs: try numbered("\(Self.target(batch).dropLast())x/"),
          targets: [try trace.tensor(Self.target(batch))])
      }
    }
    let first = trace.meta["steps_before"]?.integer ?? 3
    let (x, y) = (try trace.tensor("train_x"), try trace.tensor("train_y"))
    return try (first..<x.shape[0]).map { batch in
      Dataset(try x.element(batch, axis: 0).concrete(), try y.element(batch, axis: 0).concrete())
    }
  }

  /// The name of a batch's target, `batch/05/y`.
  private static func target(_ batch: Int) -> String {
    "batch/\(batch < 10 ? "0" : "")\(batch)/y"
  }
}

extension Tensor {
  /// The values of a tensor as one that stands alone.
  fileprivate func concrete() throws -> Tensor { Tensor(try floats(), shape: shape) }
}
