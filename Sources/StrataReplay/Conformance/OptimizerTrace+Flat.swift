import Foundation
internal import StrataKeras
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor

extension OptimizerTrace {
  /// Reads the newer layout: `params.steps.p0`, `slots.000`, gradients in a shared file.
  init(flat trace: TraceFile, _ registry: OptimizerRegistry, _ semantics: Semantics) throws {
    optimizer = try Self.optimizer(trace, registry, semantics)
    let names = (0..<100).map { "p\($0)" }.filter {
      trace.datasets.contains("params.init.\($0)")
    }
    let inputs = try TraceFile(try Self.gradientsPath(trace))
    initial = try names.map { try trace.tensor("params.init.\($0)") }
    recorded = Self.byStep(
      try names.map {
        try Self.rows(try trace.tensor("params.steps.\($0)")).map { try $0.floats() }
      })
    gradients = Self.byStep(try names.map { try Self.rows(try inputs.tensor("grads.\($0)")) })
    let spec = trace.meta["spec"]
    constraints = try names.map { name in
      try spec?["constraints"]?[name].map {
        try Self.constraint($0.elements.first?.text ?? "", $0.elements.last?.members ?? [:])
      }
    }
    let excluded = spec?["exclude"]?.elements.compactMap(\.text) ?? []
    isDecayed = names.map { !excluded.contains($0) }
    rates = []
    recordedSlots = []
    recordedGlobals = []
    recordedRates = nil
    rates = try readRates(trace)
    if optimizer.schedule != nil {
      let name = ["extra.schedule_lr", "extra.lr"].first(where: trace.datasets.contains)
      recordedRates = try name.map(trace.floats)
    }
    // A trace that stands for another release's was found equal in the parameters only: which slots
    // there are, and where averages start, may differ.
    if trace.standsFor == nil { try readSlots(trace, names) }
  }

  /// The gradients' file is named from the folder above those of the releases; fixtures have it
  /// beside the trace.
  private static func gradientsPath(_ trace: TraceFile) throws -> String {
    let relative = trace.meta["grads_file"]?.text ?? ""
    let folder = URL(fileURLWithPath: trace.path).deletingLastPathComponent()
    let root = folder.deletingLastPathComponent().deletingLastPathComponent()
    let candidates = [
      root.appendingPathComponent(relative),
      folder.appendingPathComponent(URL(fileURLWithPath: relative).lastPathComponent),
    ]
    let found = candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    guard let found else { throw Unrunnable(reason: "its gradients \(relative) are not there") }
    return found.path
  }

  private func readRates(_ trace: TraceFile) throws -> [Float] {
    if let schedule = optimizer.schedule { return gradients.indices.map(schedule.value) }
    for name in ["extra.schedule_lr", "extra.lr"] where trace.datasets.contains(name) {
      return try trace.floats(name)
    }
    let changes = trace.meta["spec"]?["lr_changes"]?.members ?? [:]
    var rate = optimizer.rule.learningRate ?? .nan
    return gradients.indices.map { step in
      rate = changes["\(step)"]?.numeric.map(Float.init) ?? rate
      return rate
    }
  }

  /// Files the release's variables under parameters and slots: by the parameter's name if it is
  /// part of the variable's, else all parameters of the first slot, then of the second.
  private mutating func readSlots(_ trace: TraceFile, _ names: [String]) throws {
    let variables = (trace.meta["slots"]?.elements ?? []).compactMap { entry -> Variable? in
      guard let dataset = entry["dataset"]?.text else { return nil }
      return Variable(
        dataset: dataset, name: entry["name"]?.text ?? "",
        shape: entry["shape"]?.elements.compactMap { $0.numeric.map { Int($0) } } ?? [])
    }
    for (index, parameter) in names.enumerated() {
      try readSlots(trace, index, parameter, variables)
    }
    try readGlobals(trace, variables)
  }

  private mutating func readSlots(
    _ trace: TraceFile, _ index: Int, _ parameter: String, _ variables: [Variable]
  ) throws {
    let specs = optimizer.slots(for: initial[index].shape)
    var remaining = optimizer.rule.slots(for: initial[index].shape).map(\.name)
    let named = variables.filter { $0.words.contains(parameter) && !$0.shape.isEmpty }
    // Not the length-1 arrays that Keras 2.1.3 to 2.3.1 keep in place of vhat.
    let own =
      named.isEmpty ? variables.filter { $0.shape == initial[index].shape.dimensions } : named
    for variable in own {
      let known = [Optimizer.averageSlot, Optimizer.accumulatorSlot] + remaining
      let slot = known.first { variable.isCalled($0, of: parameter) } ?? remaining.first
      guard let slot else {
        throw Unrunnable(reason: "a variable \(variable.name) beyond \(specs.map(\.name))")
      }
      remaining.removeAll { $0 == slot }
      recordedSlots.append((index, slot, try trace.floats(variable.dataset)))
    }
    guard own.count == specs.count else {
      throw Unrunnable(reason: "\(own.count) slot variables for \(specs.map(\.name))")
    }
  }

  private mutating func readGlobals(_ trace: TraceFile, _ variables: [Variable]) throws {
    guard let global = optimizer.globals.first else { return }
    let counters = ["iteration", "iterations", "iter", "learning_rate", "step"]
    let scalars = variables.filter { variable in
      variable.shape.isEmpty && !counters.contains { variable.words.contains($0) }
    }
    if let scalar = scalars.first {
      recordedGlobals.append((global.name, try trace.floats(scalar.dataset)[0]))
    } else if trace.datasets.contains("extra.\(global.name)") {
      recordedGlobals.append((global.name, try trace.floats("extra.\(global.name)")[0]))
    }
  }
}

/// A variable of a release's optimizer.
private struct Variable {
  var dataset: String
  var name: String
  var shape: [Int]
  /// The parts of the name: `adam/p0_momentum` gives adam, p0, momentum and p0_momentum.
  let words: Set<String>

  init(dataset: String, name: String, shape: [Int]) {
    self.dataset = dataset
    self.name = name
    self.shape = shape
    let parts = name.split { "/:".contains($0) }.map(String.init)
    words = Set(parts + parts.flatMap { $0.split(separator: "_").map(String.init) })
  }

  /// Whether the name is of that slot, as Keras 3 (`p0_average`), tf.keras (`average/p0`) or torch
  /// (`p0/exp_avg`) says.
  func isCalled(_ slot: String, of parameter: String) -> Bool {
    words.contains("\(parameter)_\(slot)") || name.hasPrefix("\(slot)/\(parameter)")
      || name == "\(parameter)/\(slot)"
  }
}
