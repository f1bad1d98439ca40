internal import StrataCore
internal import StrataTensor

extension LayerCodec {
  /// A layer inside of a wrapper, in the form that the wrapper decodes.
  func inner(_ json: JSONValue, _ name: String) throws -> JSONValue {
    guard let className = (json["class_name"] ?? json["name"])?.string,
      let config = json["class_name"] == nil ? json.object : json["config"]?.object
    else {
      throw KerasFileError(
        subject: "layer \(name)", expected: "a layer inside with its class", found: "\(json)")
    }
    let layer = try layer(className, config, name: name)
    return [
      "layer": .string(type(of: layer).name), "settings": .object(try settings(of: layer)),
    ]
  }

  /// A layer inside of a wrapper, in the form of the release.
  func written(_ layer: any Layer, in wrapper: String, input: Shape) throws -> JSONValue {
    let isTimed = wrapper == "TimeDistributed"
    let (className, settings) = try config(
      layer, name: wrapper, input: isTimed ? input.droppingFirst() : input)
    var config = settings
    guard dialect > .keras0 else {
      config["name"] = .string(className)
      return .object(config)
    }
    let name = className.lowercased() + "_1"
    config["name"] = .string(dialect == .keras1 && !isTimed ? "forward_\(name)" : name)
    return ["class_name": .string(className), "config": .object(config)]
  }
}

/// Settings that are lists, where releases write single numbers or other lists.
enum ListForms {
  private static let spatial: Set<String> = [
    "kernelSize", "strides", "dilationRate", "poolSize", "outputPadding", "outputSize",
  ]

  /// The setting as ours holds it.
  static func own(_ value: JSONValue, _ setting: String, layer: String) -> JSONValue {
    let axes = axes(of: layer)
    let isLine = axes.count == 1
    switch setting {
    case _ where spatial.contains(setting) && value.integer != nil:
      return .array(axes.map { _ in value })
    case "size" where !isLine && value.integer != nil: return .array(axes.map { _ in value })
    case "size" where isLine: return value.array?.first ?? value
    case "axis" where listsAxes.contains(layer) && value.integer != nil: return [value]
    case "outputSizes":
      return .array((value.array ?? [value]).map { $0.isNull ? -1 : $0 })
    case "mean" where layer == "Normalization", "variance" where layer == "Normalization":
      return .array(numbers(value))
    case "center" where value.integer != nil, "scale" where flags.contains(layer):
      return value.integer.map { .bool($0 != 0) } ?? value
    case "padding" where layer.hasPrefix("ZeroPadding"), "cropping":
      return borders(value, axes.count)
    default: return value
    }
  }

  /// Layers whose `axis` is a list.
  private static let listsAxes: Set<String> = [
    "LayerNormalization", "RMSNormalization", "UnitNormalization", "Normalization",
  ]
  /// Layers whose `scale` is a flag, which some files hold as a number.
  private static let flags: Set<String> = [
    "BatchNormalization", "GroupNormalization", "LayerNormalization",
  ]

  /// The spatial axes of a layer by its name; two where the name does not say.
  static func axes(of layer: String) -> Range<Int> {
    0..<(layer.contains("1D") ? 1 : layer.contains("3D") ? 3 : 2)
  }

  /// The numbers of a list of lists.
  private static func numbers(_ value: JSONValue) -> [JSONValue] {
    value.array.map { $0.flatMap(numbers) } ?? [value]
  }

  /// `1`, `[1, 2]`, `[1, 1, 2, 2]`, `[[1, 1], [2, 2]]` as pairs; of a sequence as one pair.
  private static func borders(_ value: JSONValue, _ rank: Int) -> JSONValue {
    let isLine = rank == 1
    let items = value.array ?? [JSONValue](repeating: value, count: max(rank, 2))
    guard items.allSatisfy({ $0.integer != nil }) else { return value }
    if isLine { return .array(items.count == 1 ? items + items : items) }
    if rank == 2, items.count == 4 { return [[items[0], items[1]], [items[2], items[3]]] }
    return .array(items.map { [$0, $0] })
  }

  /// Equal borders as Keras 0 and 1 write them: one number for each axis.
  static func early(_ value: JSONValue, _ setting: String) -> JSONValue {
    guard setting == "padding", let items = value.array, items.count > 1 else { return value }
    if items.count == 2, items[0].integer != nil { return items[0] == items[1] ? items[0] : value }
    let pairs = items.compactMap(\.array)
    guard pairs.count == items.count, pairs.allSatisfy({ $0.count == 2 && $0[0] == $0[1] }) else {
      return value
    }
    return .array(pairs.map { $0[0] })
  }

  /// A list with one of its numbers set.
  static func put(_ value: JSONValue, _ element: Int, _ list: JSONValue?) -> JSONValue {
    let number = value.array?.first ?? value
    var items = list?.array ?? []
    while items.count <= element { items.append(0) }
    items[element] = number
    return .array(items)
  }
}
