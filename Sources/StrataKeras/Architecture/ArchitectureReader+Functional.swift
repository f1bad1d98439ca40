internal import StrataTensor
internal import StrataTraining

extension ArchitectureReader {
  /// A use of a layer's output: name of the layer, number of its call, number of the output.
  private struct Reference: Hashable {
    var layer: String
    var call: Int
    var output = 0

    init?(_ json: JSONValue) {
      guard let items = json.array, items.count >= 2, let layer = items[0].string,
        let call = items[1].integer
      else { return nil }
      self.layer = layer
      self.call = call
      output = items.count > 2 ? items[2].integer ?? 0 : 0
    }

    init(_ layer: String, _ call: Int) {
      self.layer = layer
      self.call = call
    }
  }

  /// A call that waits for its inputs.
  private struct Pending {
    var entry: Entry
    var index: Int
    var result: Reference
    var inputs: [Reference]
  }

  /// A functional model of Keras 1 to 3: layers with `inbound_nodes`.
  ///
  /// - Parameters:
  ///   - config: The configuration.
  ///   - given: The values of its inputs where it stands inside of another model.
  /// - Returns: Its outputs.
  mutating func functional(
    _ config: JSONValue, given: [Architecture.Source]?
  ) throws -> [Architecture.Source] {
    guard let layers = config["layers"]?.array else { throw missing("model", "layers", config) }
    var values: [Reference: Architecture.Source] = [:]
    var pending: [Pending] = []
    let entries = try layers.map(entry)
    for (index, reference) in references(config["input_layers"] ?? nil).enumerated() {
      guard let entry = entries.first(where: { $0.name == reference.layer }) else {
        throw KerasFileError(
          subject: "model", expected: "a layer for each input", found: "none for \(reference.layer)"
        )
      }
      if let given {
        guard index < given.count else {
          throw KerasFileError(
            subject: "model \(config["name"]?.string ?? "inside")",
            expected: "a value for the input \(reference.layer)", found: "\(given.count) values")
        }
        values[reference] = given[index]
      } else {
        values[reference] = addInput(try closed(try inputShape(entry), entry), name: entry.name)
      }
    }
    for (index, (entry, json)) in zip(entries, layers).enumerated()
    where entry.className != "InputLayer" {
      if !entry.isModel { _ = try node(entry, at: index) }
      for (call, inbound) in (json["inbound_nodes"]?.array ?? []).enumerated() {
        pending.append(
          Pending(
            entry: entry, index: index, result: Reference(entry.label, call),
            inputs: references(inbound)))
      }
    }
    try resolve(pending, &values)
    return try references(config["output_layers"] ?? nil).map { reference in
      guard let source = value(reference, values) else { throw unresolved(reference) }
      return source
    }
  }

  /// A value; outputs of a layer after the first are what it gives besides.
  private func value(
    _ reference: Reference, _ values: [Reference: Architecture.Source]
  ) -> Architecture.Source? {
    if let value = values[reference] { return value }
    guard reference.output > 0,
      case .call(let call)? = values[Reference(reference.layer, reference.call)]
    else { return nil }
    return .further(call, output: reference.output)
  }

  private func unresolved(_ reference: Reference) -> KerasFileError {
    KerasFileError(
      subject: "model", expected: "a value from layer \(reference.layer), call \(reference.call)",
      found: "no such call")
  }

  /// Makes the calls in an order in which each finds its inputs.
  private mutating func resolve(
    _ pending: [Pending], _ values: inout [Reference: Architecture.Source]
  ) throws {
    var waiting = pending
    while !waiting.isEmpty {
      var later: [Pending] = []
      for item in waiting {
        let sources = item.inputs.compactMap { value($0, values) }
        guard sources.count == item.inputs.count else {
          later.append(item)
          continue
        }
        let outputs =
          item.entry.isModel
          ? try nested(item.entry, sources)
          : [call(try node(item.entry, at: item.index), sources)]
        for (index, output) in outputs.enumerated() {
          var result = item.result
          result.output = index
          values[result] = output
        }
      }
      guard later.count < waiting.count else {
        let open = later[0].inputs.first { value($0, values) == nil } ?? later[0].result
        throw unresolved(open)
      }
      waiting = later
    }
  }

  /// Every reference in a list, or in Keras 3's arguments (`keras_history`), in order.
  private func references(_ json: JSONValue) -> [Reference] {
    if let reference = Reference(json) { return [reference] }
    if let items = json.array { return items.flatMap(references) }
    guard let object = json.object else { return [] }
    if let history = object["keras_history"] { return references(history) }
    return object.entries.flatMap { references($0.value) }
  }
}
