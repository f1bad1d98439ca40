import Foundation
internal import StrataKeras
import StrataCore
import StrataOptimizers
import StrataSemantics
import StrataTensor

extension OptimizerTrace {
  /// Reads the older layout: groups `params`, `slots`, `state`, and gradients in a file beside it.
  init(grouped trace: TraceFile, _ registry: OptimizerRegistry, _ semantics: Semantics) throws {
    optimizer = try Self.optimizer(trace, registry, semantics)
    let folder = URL(fileURLWithPath: trace.path).deletingLastPathComponent()
    let inputs = try TraceFile(
      folder.appendingPathComponent(trace.meta["inputs"]?.text ?? "inputs.h5").path)
    let count = (0..<100).first { !trace.datasets.contains("params/\($0)") } ?? 0
    let indices = Array(0..<count)
    let histories = try indices.map { try Self.rows(try trace.tensor("params/\($0)")) }
    initial = histories.compactMap(\.first)
    recorded = Self.byStep(try histories.map { try $0.dropFirst().map { try $0.floats() } })
    gradients = Self.byStep(try indices.map { try Self.rows(try inputs.tensor("grads/\($0)")) })
    constraints = try indices.map { index in
      try trace.meta["constraints"]?["\(index)"].map {
        try Self.constraint($0["name"]?.text ?? "", $0.members)
      }
    }
    isDecayed = indices.map { _ in true }
    rates = Array(repeating: optimizer.rule.learningRate ?? .nan, count: gradients.count)
    recordedSlots = []
    recordedGlobals = []
    recordedRates = nil
    try readState(trace, indices)
  }

  /// The older names of slots, in the order of the rules' slots.
  private static let slotOrder = ["m", "a", "v", "u", "d_a"]

  private mutating func readState(_ trace: TraceFile, _ indices: [Int]) throws {
    let names = Self.slotOrder.filter { trace.datasets.contains("slots/\($0)/0") }
    for (name, slot) in zip(names, optimizer.slots) {
      for index in indices {
        recordedSlots.append((index, slot.name, try trace.floats("slots/\(name)/\(index)")))
      }
    }
    guard names.count == optimizer.slots.count else {
      throw Unrunnable(reason: "slots \(names) for \(optimizer.slots.map(\.name))")
    }
    for global in optimizer.globals where trace.datasets.contains("state/\(global.name)") {
      recordedGlobals.append((global.name, try trace.floats("state/\(global.name)")[0]))
    }
  }
}
