internal import StrataCore
internal import StrataLayers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Reads the configuration of a model, of every generation.
///
/// Files for the parts: sequences, functional models, the Graph of Keras 0, merging.
struct ArchitectureReader {
  var codec: LayerCodec
  /// Shapes of one sample for inputs whose sizes the file leaves open.
  var inputShapes: [Shape]?
  private(set) var result = Architecture(
    form: .sequential, inputs: [], nodes: [], calls: [], outputs: [])
  /// The names under which losses and weights refer to outputs, where not those of layers.
  var outputNames: [String]?
  /// The models inside of which the reader is.
  var models: [Architecture.NestedModel] = []
  /// Whether the layers are read for every time step.
  private var isTimed = false
  /// The nodes of layers in nested models, which may be called several times.
  private var shared: [String: Int] = [:]

  init(
    _ semantics: Semantics, _ registry: Registry<any Layer.Type>, _ notes: NoteList,
    inputShapes: [Shape]?
  ) {
    codec = LayerCodec(semantics, registry, notes)
    self.inputShapes = inputShapes
  }

  /// The architecture of a configuration as `model_config` and `to_json` hold it.
  static func read(
    _ json: JSONValue, _ semantics: Semantics, _ registry: Registry<any Layer.Type>,
    _ notes: NoteList, inputShapes: [Shape]? = nil
  ) throws -> (architecture: Architecture, outputNames: [String]?) {
    var reader = ArchitectureReader(semantics, registry, notes, inputShapes: inputShapes)
    if reader.codec.dialect < .keras2 { reader.codec.dataFormat = reader.imageOrder(json) }
    try reader.read(json)
    return (reader.result, reader.outputNames)
  }

  private mutating func read(_ json: JSONValue) throws {
    let isFlat = json["class_name"] == nil
    let className = (json["class_name"] ?? json["name"])?.string ?? "none"
    let config = isFlat ? json : json["config"] ?? nil
    switch className {
    case "Sequential":
      result.name = isFlat ? nil : config["name"]?.string
      guard let layers = config.array ?? config["layers"]?.array else {
        throw missing("Sequential", "layers", config)
      }
      let end = try sequence(layers, from: nil)
      guard let end else { throw missing("Sequential", "layers", config) }
      result.outputs = [end]
    case "Graph" where isFlat: try graph(config)
    case "Graph": try graph(config)
    case "Model", "Functional":
      let outputs = try functional(config, given: nil)
      setGraph(outputs: outputs, name: config["name"]?.string)
    default:
      throw KerasFileError(
        subject: "model", expected: "class Sequential, Model, Functional or Graph",
        found: className)
    }
  }

  func missing(_ subject: String, _ key: String, _ found: JSONValue) -> KerasFileError {
    let keys = found.object?.keys.joined(separator: ", ") ?? "\(found)"
    return KerasFileError(subject: subject, expected: "the key \(key)", found: keys)
  }

  // MARK: Building

  mutating func addInput(_ shape: Shape, name: String?) -> Architecture.Source {
    result.inputs.append(.init(shape, name: name))
    return .input(result.inputs.count - 1)
  }

  mutating func addNode(_ layer: any Layer, name: String?) -> Int {
    let isTaken = name.map { name in result.nodes.contains { $0.name == name } } ?? false
    result.nodes.append(.init(layer, name: isTaken ? nil : name, models: models))
    return result.nodes.count - 1
  }

  /// The node of a layer of the file, the same one for all calls of the layer and its model.
  mutating func node(_ entry: Entry, at index: Int) throws -> Int {
    let key = models.map(\.name).joined(separator: "/") + "/\(index)"
    if let node = shared[key] { return node }
    let layer = try layer(entry)
    let isMerge = layer is Add || layer is Multiply || layer is Average || layer is Subtract
    let node = addNode(
      isTimed && !isMerge ? TimeDistributed(layer: layer) : layer, name: entry.name)
    shared[key] = node
    return node
  }

  /// Reads a model inside of the model: its layers become layers of the whole.
  ///
  /// - Parameters:
  ///   - entry: The nested model.
  ///   - sources: What it is called with; empty: it is the beginning of the whole.
  /// - Returns: Its outputs.
  mutating func nested(
    _ entry: Entry, _ sources: [Architecture.Source]
  ) throws -> [Architecture.Source] {
    let config = JSONValue.object(entry.config)
    let name = entry.name ?? entry.config["name"]?.string ?? entry.label
    models.append(.init(name: name, className: entry.className))
    defer { models.removeLast() }
    if models.count == 1 {
      codec.notes.add(
        .mapped, "layer \(name)", "the layers of the nested model are layers of the whole")
    }
    if entry.isTimedModel, let json = config["layer"] {
      isTimed = true
      defer { isTimed = false }
      return try nested(try self.entry(json), sources)
    }
    guard entry.className == "Sequential" else {
      becomeGraph()
      return try functional(config, given: sources.isEmpty ? nil : sources)
    }
    guard let layers = config["layers"]?.array else { throw missing(name, "layers", config) }
    guard let end = try sequence(layers, from: sources.first) else {
      throw missing(name, "layers", config)
    }
    return [end]
  }

  mutating func call(_ node: Int, _ inputs: [Architecture.Source]) -> Architecture.Source {
    result.calls.append(.init(node: node, inputs: inputs))
    return .call(result.calls.count - 1)
  }

  mutating func setGraph(outputs: [Architecture.Source], name: String?) {
    result.form = .graph
    result.outputs = outputs
    result.name = name
  }

  mutating func becomeGraph() { result.form = .graph }

  // MARK: Layers

  /// The parts of an entry of a list of layers.
  struct Entry {
    var className: String
    var config: JSONObject
    /// nil for a name that the release made up from the class alone.
    var name: String?
    var label: String { name ?? className }
    var isModel: Bool { Self.models.contains(className) || isTimedModel }
    /// A model at every time step.
    var isTimedModel: Bool {
      className == "TimeDistributed"
        && Self.models.contains(config["layer"]?["class_name"]?.string ?? "")
    }
    private static let models: Set<String> = ["Sequential", "Model", "Functional"]
  }

  func entry(_ json: JSONValue) throws -> Entry {
    if let className = json["class_name"]?.string {
      if let layers = json["config"]?.array {
        return Entry(className: className, config: ["layers": .array(layers)], name: nil)
      }
      guard let config = json["config"]?.object else { throw missing(className, "config", json) }
      return Entry(
        className: className, config: config, name: (json["name"] ?? config["name"])?.string)
    }
    guard let config = json.object, let className = json["name"]?.string else {
      throw missing("layer", "class_name", json)
    }
    let name = json["custom_name"]?.string
    return Entry(
      className: className, config: config, name: name == className.lowercased() ? nil : name)
  }

  func layer(_ entry: Entry) throws -> any Layer {
    if entry.className == "Merge" { return try MergeForms.layer(entry.config, entry.label) }
    return try codec.layer(entry.className, entry.config, name: entry.label)
  }

  /// Where the images of a configuration of Keras 0 or 1 hold their channels: some layers leave it
  /// out, so that the first to say it counts; else the default of the release.
  private func imageOrder(_ json: JSONValue) -> JSONValue {
    func first(_ json: JSONValue) -> String? {
      if let order = json["dim_ordering"]?.string, order != "default" { return order }
      let children = json.array ?? json.object?.entries.map(\.value) ?? []
      return children.lazy.compactMap(first).first
    }
    let otherwise = codec.semantics.version < "1.1.0" ? "th" : "tf"
    return (first(json) ?? otherwise) == "th" ? "channels_first" : "channels_last"
  }

  // MARK: Shapes

  /// The shape of one sample that an entry states, if it states one.
  func inputShape(_ entry: Entry) throws -> [Int?]? {
    let config = entry.config
    if let shape = (config["batch_input_shape"] ?? config["batch_shape"])?.array {
      return shape.dropFirst().map(\.integer)
    }
    if entry.className == "Embedding", codec.dialect == .keras0 {
      return [config["input_length"]?.integer]
    }
    if let shape = config["input_shape"]?.array { return shape.map(\.integer) }
    guard let size = config["input_dim"]?.integer else { return nil }
    if let length = config["input_length"] { return [length.integer, size] }
    return [size]
  }

  /// The shape of the next input: what the entry states, open sizes filled in by the caller.
  func closed(_ shape: [Int?]?, _ entry: Entry) throws -> Shape {
    let given = inputShapes.flatMap {
      $0.count > result.inputs.count ? $0[result.inputs.count] : nil
    }
    if let shape {
      let sizes = shape.compactMap(\.self)
      if sizes.count == shape.count { return Shape(sizes) }
      if let given, given.rank == shape.count,
        zip(shape, given.dimensions).allSatisfy({ $0 == nil || $0 == $1 })
      {
        return given
      }
      let text = shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
      throw KerasFileError(
        subject: "layer \(entry.label)",
        expected: "an input of fixed size, or inputShapes that give the open sizes",
        found: "[\(text)]")
    }
    if let given { return given }
    throw KerasFileError(
      subject: "layer \(entry.label)", expected: "the shape of the input (batch_input_shape)",
      found: entry.config.keys.joined(separator: ", "))
  }
}
