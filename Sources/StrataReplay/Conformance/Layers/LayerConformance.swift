internal import StrataKeras
public import StrataCore
public import StrataLayers
internal import StrataSemantics
internal import StrataTensor

/// Runs recorded layers: outputs at inference and in training, gradients with respect to inputs and
/// weights, statistics after one training step, masks.
public struct LayerConformance: TraceRunner {
  public var registry: Registry<any Layer.Type>

  public init(registry: Registry<any Layer.Type> = .builtIn) { self.registry = registry }

  public func takes(_ trace: TraceFile) -> Bool { trace.kind == .layer }

  public func run(_ trace: TraceFile) -> ConformanceResult {
    do {
      let recorded = try LayerTrace(trace, registry)
      var comparison = Comparison(Tolerances.layer)
      for isTraining in [false, true] where trace.datasets.contains(recorded.output(isTraining)) {
        try recorded.compare(isTraining: isTraining, &comparison)
      }
      guard comparison.count > 0 else {
        return trace.unknown(.layer, "no values that could be compared")
      }
      return trace.result(.layer, comparison)
    } catch {
      return trace.unknown(.layer, "\(error)")
    }
  }
}

extension LayerTrace {
  /// Compares what one mode recorded.
  func compare(isTraining: Bool, _ comparison: inout Comparison) throws {
    let chain = try LayerChain(layers, inputs: inputs, weights: weights, isTraining: isTraining)
    var wanted: [(what: String, dataset: String, value: Tensor)] = [
      ("output", output(isTraining), chain.output)
    ]
    let numbers = furtherOutputs
    guard numbers.count == chain.further.count else {
      throw Unrunnable(
        reason: "\(numbers.count + 1) outputs recorded, where there are \(chain.further.count + 1)")
    }
    for (number, value) in zip(numbers, chain.further) {
      wanted.append(("output \(number)", output(isTraining, number), value))
    }
    let gradients = chain.gradients(
      of: try trace.tensor(lossWeights), further: try numbers.map { try trace.tensor("R\($0)") }
    ).gradients
    for (variable, gradient) in zip(chain.variables, gradients) {
      guard let name = gradientDataset(of: variable.name, isTraining) else { continue }
      wanted.append(("gradient of \(variable.name)", name, gradient))
    }
    if isTraining {
      for update in chain.updates {
        guard let name = updateDataset(of: update.name) else { continue }
        wanted.append(("updated \(update.name)", name, update.value))
      }
    }
    if !isTraining, let mask = chain.mask, trace.datasets.contains("mask") {
      wanted.append(("mask", "mask", mask))
    }
    try reportMissing(Set(wanted.map(\.dataset)), isTraining)
    let values = try chain.native(wanted.map(\.value))
    for (entry, value) in zip(wanted, values) {
      comparison.add(
        "\(isTraining ? "training" : "inference"), \(entry.what)", value,
        try trace.floats(entry.dataset))
    }
  }

  /// What was recorded of this mode must be compared, all of it.
  private func reportMissing(_ compared: Set<String>, _ isTraining: Bool) throws {
    var recorded = datasets.keys.compactMap { gradientDataset(of: $0, isTraining) }
    if isTraining {
      // A weight that a training step leaves alone may be recorded all the same.
      recorded += try datasets.keys.filter { name in
        guard let dataset = updateDataset(of: name) else { return false }
        return try trace.floats(dataset) != weights[name]?.floats()
      }.compactMap(updateDataset)
    }
    if !isTraining, trace.datasets.contains("mask") { recorded.append("mask") }
    let missing = Set(recorded).subtracting(compared).sorted()
    guard missing.isEmpty else {
      throw Unrunnable(reason: "nothing to compare with \(missing.joined(separator: ", "))")
    }
  }
}
