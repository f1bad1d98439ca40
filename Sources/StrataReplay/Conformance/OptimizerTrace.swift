import Foundation
internal import StrataKeras
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor

/// A recorded run of an optimizer on given gradients: what goes in and what should come out.
struct OptimizerTrace {
  var optimizer: Optimizer
  var initial: [Tensor]
  var constraints: [Constraint?]
  var isDecayed: [Bool]
  /// Gradients by step, then parameter.
  var gradients: [[Tensor]]
  /// The rate set before each step.
  var rates: [Float]
  /// The recorded rates of the optimizer's schedule.
  var recordedRates: [Float]?
  /// Recorded parameters by step, then parameter.
  var recorded: [[[Float]]]
  /// Recorded slots after the last step, by parameter and slot name.
  var recordedSlots: [(parameter: Int, slot: String, values: [Float])]
  var recordedGlobals: [(name: String, value: Float)]
}

/// Why a trace cannot be run.
struct Unrunnable: Error, CustomStringConvertible {
  var reason: String
  var description: String { reason }
}

extension TraceFile {
  /// The class of the recorded optimizer.
  var optimizerName: String? { meta["optimizer"]?.text }
}

extension OptimizerTrace {
  /// A resolved optimizer on recorded gradients, from parameters that are small and not zero; nothing is
  /// recorded of what comes of it.
  init(_ optimizer: Optimizer, _ gradients: TraceFile) throws {
    let rows = try ["p0", "p1", "p2"].map { try Self.rows(try gradients.tensor("grads.\($0)")) }
    self.optimizer = optimizer
    self.gradients = Self.byStep(rows)
    initial = rows.compactMap(\.first).map { first in
      Tensor((0..<first.shape.count).map { 0.1 * Float($0 % 7) - 0.25 }, shape: first.shape)
    }
    constraints = initial.map { _ in nil }
    isDecayed = initial.map { _ in true }
    rates = self.gradients.map { _ in optimizer.rule.learningRate ?? .nan }
    recorded = []
    recordedSlots = []
    recordedGlobals = []
  }

  /// The optimizer of a trace, resolved under its release.
  static func optimizer(
    _ trace: TraceFile, _ registry: OptimizerRegistry, _ semantics: Semantics
  ) throws -> Optimizer {
    let name = trace.meta["optimizer"]?.text ?? ""
    var settings: [String: ConfigurationValue] = [:]
    for (key, value) in trace.meta["kwargs"]?.members ?? [:] {
      try take(key, value, into: &settings)
    }
    let found = try registry.optimizer(name, configuration: settings, semantics)
    guard found.unknownKeys.isEmpty else {
      throw Unrunnable(reason: "settings \(found.unknownKeys.joined(separator: ", "))")
    }
    var optimizer = found.optimizer
    optimizer.globalClipNorm =
      trace.meta["spec"]?["clip_grad_norm"]?.numeric.map(Float.init) ?? optimizer.globalClipNorm
    optimizer.clipValue =
      trace.meta["spec"]?["clip_grad_value"]?.numeric.map(Float.init) ?? optimizer.clipValue
    optimizer.schedule = try schedule(trace, optimizer.rule.learningRate)
    try optimizer.resolve(under: semantics)
    return optimizer
  }

  /// The schedule of a trace; torch's start from the rate of the optimizer, and those that are no
  /// formula are followed by the recorded rates.
  private static func schedule(
    _ trace: TraceFile, _ rate: Float?
  ) throws -> (any LearningRateSchedule)? {
    let entry = trace.meta["spec"]?["schedule"]?.elements ?? []
    guard let name = entry.first?.text else { return nil }
    let isTorch = trace.meta["framework"]?.text == "torch"
    guard !isTorch || ScheduleRegistry.builtIn[name] != nil else { return nil }
    var settings: [String: ConfigurationValue] = [:]
    let takesRate = (ScheduleRegistry.builtIn[name] as? any Configurable)?.configuration.keys
    if isTorch, takesRate?.contains("initial_lr") == true {
      settings["initial_lr"] = .number(trace.meta["kwargs"]?["lr"]?.numeric ?? Double(rate ?? .nan))
    }
    for (key, value) in entry.last?.members ?? [:] where !value.isNull {
      settings[key] =
        value.flag.map { .flag($0) } ?? value.numeric.map { .number($0) }
        ?? value.text.map { .text($0) }
        ?? .numbers(value.elements.compactMap(\.numeric))
    }
    let found = try ScheduleRegistry.builtIn.schedule(name, configuration: settings)
    guard found.unknownKeys.isEmpty else {
      throw Unrunnable(reason: "settings \(found.unknownKeys) of \(name)")
    }
    return found.schedule
  }

  private static func take(
    _ key: String, _ value: JSONValue, into settings: inout [String: ConfigurationValue]
  ) throws {
    switch value {
    case .null: break
    case .integer(let number): settings[key] = .number(Double(number))
    case .number(let number): settings[key] = .number(number)
    case .bool(let flag): settings[key] = .flag(flag)
    case .array(let elements):
      // torch's betas, eps and etas are pairs.
      for (index, element) in elements.enumerated() {
        settings["\(key)_\(index + 1)"] = .number(element.numeric ?? .nan)
      }
    case .string, .object: throw Unrunnable(reason: "setting \(key) of another kind")
    }
  }

  /// A constraint as Keras's configurations write it, in either layout.
  static func constraint(_ name: String, _ settings: [String: JSONValue]) throws -> Constraint {
    func number(_ keys: String..., default value: Double) -> Float {
      Float(keys.lazy.compactMap { settings[$0]?.numeric }.first ?? value)
    }
    let listed = settings["axis"]?.elements.compactMap { $0.numeric.map { Int($0) } } ?? []
    let axes = listed.isEmpty ? [Int(settings["axis"]?.numeric ?? 0)] : listed
    switch name {
    case "MaxNorm", "max_norm":
      return .maxNorm(number("m", "max_value", default: 2), axes: axes)
    case "NonNeg", "non_neg": return .nonNegative
    case "UnitNorm", "unit_norm": return .unitNorm(axes: axes)
    case "MinMaxNorm", "min_max_norm":
      return .minMaxNorm(
        minimum: number("low", "min_value", default: 0),
        maximum: number("high", "max_value", default: 1), rate: number("rate", default: 1),
        axes: axes)
    default: throw Unrunnable(reason: "constraint \(name)")
    }
  }

  /// Rows of `[steps, …]` as tensors.
  static func rows(_ tensor: Tensor) throws -> [Tensor] {
    let values = try tensor.floats()
    let shape = tensor.shape.droppingFirst()
    return (0..<tensor.shape[0]).map { step in
      Tensor(Array(values[step * shape.count..<(step + 1) * shape.count]), shape: shape)
    }
  }

  /// Lists by parameter, then step turned to lists by step, then parameter.
  static func byStep<Element>(_ lists: [[Element]]) -> [[Element]] {
    (0..<(lists.map(\.count).min() ?? 0)).map { step in lists.map { $0[step] } }
  }
}
