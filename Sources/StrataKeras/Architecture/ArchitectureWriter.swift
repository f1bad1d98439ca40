internal import StrataCore
internal import StrataLayers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Writes the configuration of a model in the words of Keras 0 or 1.
struct ArchitectureWriter {
  var model: Model
  var codec: LayerCodec

  init(_ model: Model, _ semantics: Semantics, _ notes: NoteList) {
    self.model = model
    codec = LayerCodec(semantics, .builtIn, notes)
  }

  private var architecture: Architecture { model.architecture }

  /// Keras before 2 has layers with one output only.
  private func refuseStates() throws {
    for source in architecture.calls.flatMap(\.inputs) + architecture.outputs {
      guard case .further(let call, _) = source else { continue }
      throw KerasFileError(
        subject: "layer \(architecture.nodes[architecture.calls[call].node].name ?? "")",
        expected: "a layer with one output, as Keras \(codec.semantics.version) has them",
        found: "a use of its states")
    }
  }

  /// `{"class_name": …, "config": …}`.
  func config() throws -> JSONValue {
    try refuseStates()
    switch architecture.form {
    case .sequential:
      let layers = try architecture.nodes.indices.map { index -> JSONValue in
        let entry = try entry(index, isFirst: index == 0)
        return ["class_name": .string(entry.className), "config": .object(entry.config)]
      }
      return ["class_name": "Sequential", "config": .array(layers)]
    case .graph:
      return ["class_name": "Model", "config": try functional()]
    }
  }

  /// The flat configuration of Keras 0; models that are no sequence have none here.
  func flatConfig() throws -> JSONObject {
    guard architecture.form == .sequential else {
      throw KerasFileError(
        subject: "model", expected: "a Sequential, for a configuration of Keras 0",
        found: "a graph of layers")
    }
    let layers = try architecture.nodes.indices.map { index -> JSONValue in
      let entry = try entry(index, isFirst: index == 0)
      var config = entry.config
      config["custom_name"] = .string(Self.customName(entry.name, entry.className))
      config["name"] = .string(entry.className)
      config["cache_enabled"] = true
      return .object(config)
    }
    return ["name": "Sequential", "layers": .array(layers)]
  }

  /// A name that was made up is the class name alone, as Keras 0 has it.
  private static func customName(_ name: String, _ className: String) -> String {
    let base = className.lowercased()
    guard name.hasPrefix(base) else { return name }
    let rest = name.dropFirst(base.count)
    return rest.isEmpty || rest.first == "_" && rest.dropFirst().allSatisfy(\.isNumber)
      ? base : name
  }

  private struct Entry {
    var className: String
    var name: String
    var config: JSONObject
  }

  private func entry(_ index: Int, isFirst: Bool) throws -> Entry {
    let node = architecture.nodes[index]
    let name = node.name ?? ""
    if codec.dialect == .keras1, var config = MergeForms.config(node.layer) {
      config["name"] = .string(name)
      return Entry(className: "Merge", name: name, config: config)
    }
    var (className, config) = try codec.config(node.layer, name: name, input: input(of: index))
    config["name"] = .string(name)
    if isFirst { addInput(&config, className) }
    if !isFirst, className == "Dense", codec.semantics.version < "1.2.0" {
      config["input_dim"] = .null  // What the user gave; filled in since 1.2.0.
    }
    return Entry(className: className, name: name, config: config)
  }

  private func input(of node: Int) -> Shape {
    guard let source = architecture.calls.first(where: { $0.node == node })?.inputs.first else {
      return []
    }
    return model.shape(of: source)
  }

  /// What the first layer of a sequence says of the input.
  private func addInput(_ config: inout JSONObject, _ className: String) {
    let shape = architecture.inputs[0].shape
    if className == "Embedding" {
      config["input_length"] = shape.dimensions.first.map { .integer($0) }
    }
    let sizes = shape.dimensions.map { JSONValue.integer($0) }
    if codec.dialect == .keras0 {
      config["input_shape"] =
        className == "Embedding" ? .array([config["input_dim"] ?? nil]) : .array(sizes)
    } else {
      config["batch_input_shape"] = .array([nil] + sizes)
      config["input_dtype"] = .string(Self.element(className))
    }
  }

  private static func element(_ className: String) -> String {
    className == "Embedding" ? "int32" : "float32"
  }

  // MARK: Functional

  private func functional() throws -> JSONValue {
    let references = references()
    func json(_ source: Architecture.Source) -> JSONValue {
      let (name, call) = references(source)
      return [.string(name), .integer(call), 0]
    }
    let inputs = architecture.inputs.indices.map { inputEntry($0) }
    let layers = try architecture.nodes.indices.map { index -> JSONValue in
      let entry = try entry(index, isFirst: false)
      let calls = architecture.calls.filter { $0.node == index }
      return [
        "class_name": .string(entry.className), "name": .string(entry.name),
        "config": .object(entry.config),
        "inbound_nodes": .array(calls.map { .array($0.inputs.map(json)) }),
      ]
    }
    return [
      "name": .string(architecture.name ?? "model_1"), "layers": .array(inputs + layers),
      "input_layers": .array(architecture.inputs.indices.map { json(.input($0)) }),
      "output_layers": .array(architecture.outputs.map(json)),
    ]
  }

  /// Name and number of the call for every value.
  private func references() -> (Architecture.Source) -> (String, Int) {
    var numbers: [Int: Int] = [:]
    let calls = architecture.calls.map { call -> (String, Int) in
      let number = numbers[call.node, default: 0]
      numbers[call.node] = number + 1
      return (architecture.nodes[call.node].name ?? "", number)
    }
    let names = architecture.inputs.map { $0.name ?? "" }
    return { source in
      switch source {
      case .input(let index): (names[index], 0)
      case .call(let index), .further(let index, _): calls[index]
      }
    }
  }

  private func inputEntry(_ index: Int) -> JSONValue {
    let input = architecture.inputs[index]
    let readers = architecture.calls.filter { $0.inputs.contains(.input(index)) }
    let isIndex = readers.contains { architecture.nodes[$0.node].layer is Embedding }
    let name = JSONValue.string(input.name ?? "")
    var config: JSONObject = [
      "batch_input_shape": .array([nil] + input.shape.dimensions.map { .integer($0) }),
      "input_dtype": isIndex ? "int32" : "float32", "name": name,
    ]
    if codec.semantics.version >= "1.2.0" { config["sparse"] = false }
    return [
      "class_name": "InputLayer", "name": name, "config": .object(config), "inbound_nodes": [],
    ]
  }
}
