internal import Foundation
internal import StrataCore
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Every setting of a training as a release fills it in, as text, and the weights that it draws:
/// what two releases are compared by.
struct ModelImprint {
  struct Entry: Hashable {
    /// For example `BatchNormalization batchnormalization_1`.
    var place: String
    var name: String
    var value: String
  }

  /// By a key that does not depend on names.
  private(set) var entries: [(key: String, entry: Entry)] = []
  /// The digests of initial weights and random streams.
  private(set) var draws: [(path: String, digest: Digest)] = []

  /// The imprint under a release; `drawing` draws the initial weights too.
  ///
  /// - Throws: what building or compiling the model throws.
  init(_ training: TrainingDescription, under semantics: Semantics, drawing: Bool) throws {
    let model = try Model(
      training.architecture, semantics: semantics, seed: training.seed,
      initializesWeights: drawing)
    if let definition = training.compile { try model.compile(definition) }
    for (index, node) in model.architecture.nodes.enumerated() {
      let place = "\(type(of: node.layer).name) \(node.name ?? "")"
      add("node\(index)", place, [("name", node.name ?? "")])
      add("node\(index)", place, Reflection.settings(of: node.layer))
    }
    if let compiled = model.compiled { add(compiled) }
    if let fit = training.fit {
      let batch = fit.batchSize ?? FitHistory.batchSize.value(under: semantics)
      let epochs = fit.epochs ?? FitHistory.epochs.value(under: semantics)
      add("fit", "fit", [("batchSize", "\(batch)"), ("epochs", "\(epochs)")])
    }
    if drawing { try draw(model) }
  }

  private mutating func add(_ compiled: CompiledSettings) {
    let optimizer = compiled.optimizer
    add("optimizer", optimizer.name, Reflection.settings(of: optimizer.rule))
    if let forms = optimizer.forms {
      add("optimizer", optimizer.name, Reflection.settings(of: forms))
    }
    for (index, loss) in compiled.losses.enumerated() {
      add("loss\(index)", type(of: loss).name, Reflection.settings(of: loss))
    }
    for (index, metric) in compiled.metrics.flatMap(\.self).enumerated() {
      add(
        "metric\(index)", "metric \(type(of: metric.metric).name)",
        [("key", metric.key), ("kind", type(of: metric.metric).name)]
          + Reflection.settings(of: metric.metric))
    }
    let known: Set = ["optimizer", "losses", "metrics", "lossWeights"]
    add("compile", "loss", Reflection.settings(of: compiled).filter { !known.contains($0.name) })
  }

  private mutating func add(
    _ key: String, _ place: String, _ settings: [(name: String, value: String)]
  ) {
    entries += settings.map {
      ("\(key).\($0.name)", Entry(place: place, name: $0.name, value: $0.value))
    }
  }

  private mutating func draw(_ model: Model) throws {
    draws = try model.weights.enumerated().map {
      ("\($0): \($1.path)", Digest(of: try $1.value.floats()))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    draws.append(("random streams", Digest(bytes: try encoder.encode(model.random))))
  }

  /// What another imprint has otherwise, in the order of this one.
  func differences(to other: ModelImprint) -> [ExplainedChange.Detail] {
    let theirs = Dictionary(other.entries.map { ($0.key, $0.entry) }) { first, _ in first }
    var result = entries.compactMap { key, mine -> ExplainedChange.Detail? in
      guard let their = theirs[key], their.value != mine.value else { return nil }
      return .init(place: mine.place, name: mine.name, from: mine.value, to: their.value)
    }
    let drawn = zip(draws, other.draws).filter { $0.digest != $1.digest }
    let paths = drawn.map(\.0.path).filter { $0 != "random streams" }.map {
      String($0.split(separator: " ", maxSplits: 1).last ?? "")
    }
    if !paths.isEmpty {
      let listed = paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? ", …" : "")
      result.append(
        .init(
          place: "initial weights", name: listed, from: "drawn by the first release",
          to: "\(paths.count) drawn otherwise"))
    } else if !drawn.isEmpty {
      result.append(
        .init(
          place: "random streams", name: "state before training", from: "the first release's",
          to: "another"))
    }
    return result
  }
}
