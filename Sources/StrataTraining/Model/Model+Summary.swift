internal import StrataCore
internal import StrataTensor

extension Model: CustomStringConvertible {
  /// The code that builds the model, under its semantics.
  public var description: String { "\(semantics)\n\(architecture)" }

  /// A table of layers, output shapes and parameter counts, as Keras prints it.
  public func summary() -> String {
    var rows = [["Layer (type)", "Output shape", "Params", "Reads"]]
    for (index, input) in architecture.inputs.enumerated() where architecture.form == .graph {
      rows.append([input.name ?? "input \(index)", Self.text(input.shape), "0", ""])
    }
    var counted = Set<Int>()
    for (call, shape) in zip(architecture.calls, callShapes) {
      let node = architecture.nodes[call.node]
      let count = parameters.filter { $0.node == call.node }.map(\.spec.shape.count).reduce(0, +)
      let isFirst = counted.insert(call.node).inserted
      rows.append([
        "\(node.name ?? "") (\(type(of: node.layer).name))", Self.text(shape),
        isFirst ? "\(count)" : "shared", call.inputs.map(sourceName).joined(separator: ", "),
      ])
    }
    let counts = parameterCounts
    return Self.table(rows)
      + """

      Total params: \(counts.total)
      Trainable params: \(counts.trainable)
      Non-trainable params: \(counts.total - counts.trainable)
      """
  }

  private func sourceName(_ source: Architecture.Source) -> String {
    switch source {
    case .input(let index): architecture.inputs[index].name ?? "input"
    case .call(let index), .further(let index, _):
      architecture.nodes[architecture.calls[index].node].name ?? ""
    }
  }

  private static func text(_ shape: Shape) -> String {
    "(None" + shape.dimensions.map { ", \($0)" }.joined() + ")"
  }

  private static func table(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }.joined()
    }
    let rule = String(repeating: "=", count: widths.reduce(0) { $0 + $1 + 2 })
    return ([lines[0], rule] + lines.dropFirst() + [rule]).joined(separator: "\n")
  }
}
