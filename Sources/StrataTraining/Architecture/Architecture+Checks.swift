internal import StrataCore
internal import StrataTensor

extension Architecture {
  /// Checks what a build relies on: references lead to what exists and comes earlier, names are
  /// different, sizes are positive.
  ///
  /// - Throws: `LayerError` naming what does not fit.
  func check() throws(LayerError) {
    guard !outputs.isEmpty, !inputs.isEmpty else {
      throw LayerError(layer: "model", expected: "an input and an output", found: "none")
    }
    try checkNames()
    for (index, input) in inputs.enumerated() {
      let dimensions = input.shape.dimensions
      guard dimensions.allSatisfy({ $0 > 0 }), input.shape.checkedCount != nil else {
        throw LayerError(
          layer: input.name ?? "input \(index)", expected: "a shape of sizes of at least 1",
          found: "\(input.shape)")
      }
    }
    for (index, call) in calls.enumerated() {
      guard nodes.indices.contains(call.node) else {
        throw LayerError(
          layer: "model", expected: "calls of its \(nodes.count) layers",
          found: "a call of layer \(call.node)")
      }
      for source in call.inputs { try check(source, before: index, nodes[call.node]) }
    }
    for source in outputs { try check(source, before: calls.count, nil) }
  }

  private func check(_ source: Source, before call: Int, _ node: Node?) throws(LayerError) {
    let isKnown =
      switch source {
      case .input(let index): inputs.indices.contains(index)
      case .call(let index): (0..<call).contains(index)
      case .further(let index, let output): (0..<call).contains(index) && output > 0
      }
    guard !isKnown else { return }
    throw LayerError(
      layer: node?.layer.description ?? "output", name: node?.name,
      expected: "inputs of the model, or values made before",
      found: source == GraphBuilder.foreign ? "a value of another graph" : "\(source)")
  }

  private func checkNames() throws(LayerError) {
    let kinds = [("layers", nodes.compactMap(\.name)), ("inputs", inputs.compactMap(\.name))]
    for (kind, names) in kinds {
      var seen = Set<String>()
      for name in names where !seen.insert(name).inserted {
        throw LayerError(
          layer: "model", expected: "\(kind) with different names", found: "two called \"\(name)\"")
      }
    }
  }
}
