internal import StrataCore
internal import StrataSemantics

/// How initializers, regularizers and constraints are written by a release.
struct ValueForms {
  var semantics: Semantics
  var dialect: KerasDialect

  init(_ semantics: Semantics) {
    self.semantics = semantics
    dialect = KerasDialect(semantics)
  }

  /// A form that cannot be read.
  struct Failure: Error {
    var expected: String
    var found: String
  }

  /// The class name and the settings of an object, in the form of any generation.
  private func object(_ value: JSONValue) throws(Failure) -> (name: String, JSONObject) {
    if let name = value.string { return (name, [:]) }
    guard let object = value.object,
      let name = object["class_name"]?.string ?? object["name"]?.string
    else { throw Failure(expected: "a name or an object with its class", found: "\(value)") }
    return (name, object["class_name"] == nil ? object : object["config"]?.object ?? [:])
  }

  private func known<Result>(
    _ kind: String, _ name: String, _ value: Result?, _ names: String
  ) throws(Failure) -> Result {
    guard let value else {
      throw Failure(expected: "one of \(names)", found: "\(kind) \"\(name)\"")
    }
    return value
  }
}

// MARK: Initializers

extension ValueForms {
  func initializer(_ value: JSONValue) throws(Failure) -> Initializer {
    let (name, settings) = try object(value)
    func number(_ key: String, _ otherwise: Float) -> Float {
      settings[key]?.double.map { Float($0) } ?? otherwise
    }
    switch name {
    case "VarianceScaling": return try varianceScaling(settings)
    case "Constant": return .constant(number("value", 0))
    case "RandomUniform":
      let limit = number("maxval", 0.05)
      guard number("minval", -limit) == -limit else {
        throw Failure(expected: "RandomUniform around 0", found: "\(value)")
      }
      return .uniform(scale: limit)
    case "RandomNormal", "TruncatedNormal":
      guard number("mean", 0) == 0 else {
        throw Failure(expected: "\(name) around 0", found: "\(value)")
      }
      let deviation = number("stddev", 0.05)
      return name == "RandomNormal"
        ? .normal(deviation: deviation) : .truncatedNormal(deviation: deviation)
    case "Orthogonal", "OrthogonalInitializer": return .orthogonal(gain: number("gain", 1))
    case "Identity", "IdentityInitializer": return .identity(gain: number("gain", 1))
    default:
      do throws(UnknownNameError) {
        return try Initializer(named: name, under: semantics)
      } catch {
        throw Failure(
          expected: "an initializer such as \(error.known.joined(separator: ", "))",
          found: "\"\(name)\"")
      }
    }
  }

  private static let modes: [(String, Initializer.FanMode)] = [
    ("fan_in", .fanIn), ("fan_out", .fanOut), ("fan_avg", .average),
  ]
  private static let distributions: [(String, Initializer.Distribution)] = [
    ("uniform", .uniform), ("normal", .normal), ("truncated_normal", .truncatedNormal),
    ("untruncated_normal", .untruncatedNormal),
  ]

  private func varianceScaling(_ settings: JSONObject) throws(Failure) -> Initializer {
    let mode = settings["mode"]?.string ?? "fan_in"
    let distribution = settings["distribution"]?.string ?? "normal"
    return .varianceScaling(
      scale: Float(settings["scale"]?.double ?? 1),
      mode: try known(
        "mode", mode, Self.modes.first { $0.0 == mode }?.1, "fan_in, fan_out, fan_avg"),
      distribution: try known(
        "distribution", distribution, Self.distributions.first { $0.0 == distribution }?.1,
        "uniform, normal, truncated_normal, untruncated_normal"))
  }

  /// nil if the release has no words for it.
  func json(_ initializer: Initializer) -> JSONValue? {
    let name = initializer.name(under: semantics)
    if dialect < .keras2 { return name.map { .string($0) } }
    switch initializer {
    case .varianceScaling(let scale, let mode, let distribution)
    where dialect == .keras2 || name == nil:
      return [
        "class_name": "VarianceScaling",
        "config": [
          "scale": .number(scale.asWritten),
          "mode": .string(Self.modes.first { $0.1 == mode }?.0 ?? "fan_avg"),
          "distribution": .string(
            Self.distributions.first { $0.1 == distribution }?.0 ?? "uniform"),
          "seed": nil,
        ],
      ]
    case .uniform(let scale):
      return object(
        "RandomUniform", ["minval": .number(-scale.asWritten), "maxval": .number(scale.asWritten)])
    case .normal(let deviation): return object("RandomNormal", normal(deviation))
    case .truncatedNormal(let deviation): return object("TruncatedNormal", normal(deviation))
    case .constant(let value): return object("Constant", ["value": .number(value.asWritten)])
    case .orthogonal(let gain): return object("Orthogonal", ["gain": .number(gain.asWritten)])
    case .identity(let gain): return object("Identity", ["gain": .number(gain.asWritten)])
    default: return initializer.className(under: semantics).map { object($0, [:]) }
    }
  }

  private func normal(_ deviation: Float) -> JSONObject {
    ["mean": 0.0, "stddev": .number(deviation.asWritten), "seed": nil]
  }

  private func object(_ name: String, _ settings: JSONObject) -> JSONValue {
    ["class_name": .string(name), "config": .object(settings)]
  }
}

// MARK: Regularizers and constraints

extension ValueForms {
  func regularizer(_ value: JSONValue) throws(Failure) -> Regularizer {
    let (name, settings) = try object(value)
    let l1 = settings["l1"]?.double.map { Float($0) }
    let l2 = settings["l2"]?.double.map { Float($0) }
    switch name {
    case "l1", "activity_l1": return .l1(0.01)
    case "l2", "activity_l2": return .l2(0.01)
    case "l1l2", "l1_l2", "activity_l1l2": return .l1l2()
    case "L1": return .l1(l1 ?? 0.01)
    case "L2": return .l2(l2 ?? 0.01)
    case "L1L2", "L1L2Regularizer", "WeightRegularizer", "ActivityRegularizer":
      return Regularizer(l1: l1 ?? 0, l2: l2 ?? 0)
    default: return try known("regularizer", name, nil, "L1, L2, L1L2, L1L2Regularizer")
    }
  }

  func json(_ regularizer: Regularizer, isActivity: Bool) -> JSONValue {
    // 1.x keeps the factors as Float32; 0.x writes them as they were given.
    let l1 = dialect == .keras0 ? regularizer.l1.asWritten : Double(regularizer.l1)
    let l2 = dialect == .keras0 ? regularizer.l2.asWritten : Double(regularizer.l2)
    let factors: JSONObject = ["l1": .number(l1), "l2": .number(l2)]
    guard dialect < .keras2 else { return object("L1L2", factors) }
    let isOld = semantics.position(for: "file.regularizerName") < "1.2.0"
    var object = factors
    object["name"] =
      !isOld ? "L1L2Regularizer" : isActivity ? "ActivityRegularizer" : "WeightRegularizer"
    return .object(object)
  }

  func constraint(_ value: JSONValue) throws(Failure) -> Constraint {
    let (name, settings) = try object(value)
    func number(_ keys: String..., otherwise: Float) -> Float {
      keys.lazy.compactMap { settings[$0]?.double }.first.map { Float($0) } ?? otherwise
    }
    let axes =
      settings["axis"]?.array?.compactMap(\.integer) ?? [settings["axis"]?.integer ?? 0]
    switch name {
    case "MaxNorm", "maxnorm", "max_norm":
      return .maxNorm(number("m", "max_value", otherwise: 2), axes: axes)
    case "NonNeg", "nonneg", "non_neg": return .nonNegative
    case "UnitNorm", "unitnorm", "unit_norm": return .unitNorm(axes: axes)
    case "MinMaxNorm", "min_max_norm":
      return .minMaxNorm(
        minimum: number("low", "min_value", otherwise: 0),
        maximum: number("high", "max_value", otherwise: 1),
        rate: number("rate", otherwise: 1), axes: axes)
    default:
      return try known("constraint", name, nil, "MaxNorm, NonNeg, UnitNorm, MinMaxNorm")
    }
  }

  func json(_ constraint: Constraint) -> JSONValue {
    let isOld = dialect < .keras2
    let name: String
    var settings: JSONObject = [:]
    switch constraint {
    case .maxNorm(let value, let axes):
      name = "MaxNorm"
      settings = [isOld ? "m" : "max_value": .number(value.asWritten), "axis": axis(axes)]
    case .nonNegative: name = "NonNeg"
    case .unitNorm(let axes):
      name = "UnitNorm"
      settings = ["axis": axis(axes)]
    case .minMaxNorm(let minimum, let maximum, let rate, let axes):
      name = "MinMaxNorm"
      settings = [
        isOld ? "low" : "min_value": .number(minimum.asWritten),
        isOld ? "high" : "max_value": .number(maximum.asWritten),
        "rate": .number(rate.asWritten), "axis": axis(axes),
      ]
    }
    guard isOld else { return object(name, settings) }
    settings["name"] = .string(name)
    return .object(settings)
  }

  private func axis(_ axes: [Int]) -> JSONValue {
    axes.count == 1 ? .integer(axes[0]) : .array(axes.map { .integer($0) })
  }
}

extension Float {
  /// The Float64 that the same digits mean: 0.3, not 0.30000001192092896.
  var asWritten: Double { Double(description) ?? Double(self) }
}
