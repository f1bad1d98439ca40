internal import StrataTensor
internal import StrataTraining

extension ArchitectureReader {
  /// The Graph of Keras 0: named inputs, nodes and outputs; several inputs of a node are merged.
  mutating func graph(_ config: JSONValue) throws {
    var values: [String: Architecture.Source] = [:]
    for input in config["input_config"]?.array ?? [] {
      guard let name = input["name"]?.string, let shape = input["input_shape"]?.array else {
        throw missing("Graph input", "input_shape", input)
      }
      let entry = Entry(className: "Input", config: [:], name: name)
      values[name] = addInput(try closed(shape.map(\.integer), entry), name: name)
    }
    for node in config["node_config"]?.array ?? [] {
      guard let name = node["name"]?.string, let json = config["nodes"]?[name] else {
        throw missing("Graph", "nodes", config)
      }
      var entry = try entry(json)
      entry.name = name
      try refuseNested(entry)
      let source = try merged(node, values, name)
      values[name] = call(addNode(try layer(entry), name: name), [source])
    }
    var outputs: [Architecture.Source] = []
    for output in config["output_config"]?.array ?? [] {
      outputs.append(try merged(output, values, output["name"]?.string ?? "output"))
    }
    outputNames = (config["output_config"]?.array ?? []).compactMap { $0["name"]?.string }
    setGraph(outputs: outputs, name: nil)
  }

  private mutating func merged(
    _ node: JSONValue, _ values: [String: Architecture.Source], _ name: String
  ) throws -> Architecture.Source {
    let names = node["inputs"]?.array?.compactMap(\.string) ?? []
    let sources = try (names.isEmpty ? [node["input"]?.string ?? ""] : names).map { input in
      guard let source = values[input] else {
        throw KerasFileError(
          subject: "Graph node \(name)", expected: "an input that comes before it",
          found: "\"\(input)\"")
      }
      return source
    }
    guard sources.count > 1 else { return sources[0] }
    var config = node.object ?? [:]
    config["mode"] = node["merge_mode"] ?? "concat"
    return call(addNode(try MergeForms.layer(config, name), name: nil), sources)
  }
}
