import StrataCore
public import StrataOptimizers
public import StrataSemantics
import StrataTensor

/// Runs recorded optimizers: given gradients for 25 steps; every parameter after every step and all
/// slots after the last must agree.
public struct OptimizerConformance: TraceRunner {
  public var registry: OptimizerRegistry
  /// Single settings taken from another release, to see whether a trace can tell.
  public var overrides: [String: Version]

  public init(
    registry: OptimizerRegistry = .builtIn, overriding overrides: [String: Version] = [:]
  ) {
    self.registry = registry
    self.overrides = overrides
  }

  public func takes(_ trace: TraceFile) -> Bool { trace.kind == .optimizer }

  public func run(_ trace: TraceFile) -> ConformanceResult {
    do {
      var semantics = try trace.semantics()
      semantics.overrides = overrides
      // Recorded with `apply_gradients` outside of a compiled function, where the product is right.
      let isCompiled = semantics.version < "2.11.0" || semantics.version >= "3.0.0"
      if !isCompiled, overrides[Nadam.productHistory.setting] == nil {
        semantics = semantics.overriding(Nadam.productHistory.setting, with: "3.0.0")
      }
      let run =
        try trace.isFlat
        ? OptimizerTrace(flat: trace, registry, semantics)
        : OptimizerTrace(grouped: trace, registry, semantics)
      return trace.result(.optimizer, try compare(run))
    } catch let error as Unrunnable {
      return trace.unknown(.optimizer, error.reason)
    } catch {
      return trace.unknown(.optimizer, "\(error)")
    }
  }

  private func compare(_ trace: OptimizerTrace) throws -> Comparison {
    let replay = try OptimizerReplay(trace)
    let results = try replay.native()
    // Only where Float32 alone does not decide is the Float64 run made.
    var exact: [OptimizerReplay.State<[Double]>]?
    func shadow(_ step: Int) -> OptimizerReplay.State<[Double]> {
      let states = exact ?? replay.shadow()
      exact = states
      return states[step]
    }
    var comparison = Comparison(Tolerances.optimizer)
    for (step, recorded) in trace.recorded.enumerated() {
      for (index, values) in recorded.enumerated() {
        comparison.add("p\(index), step \(step + 1)", results[step].parameters[index], values) {
          shadow(step).parameters[index]
        }
      }
    }
    if let rates = trace.recordedRates { comparison.add("rates", trace.rates, rates) }
    let last = trace.recorded.count - 1
    for (index, slot, values) in trace.recordedSlots {
      comparison.add("\(slot) of p\(index)", results[last].slots[index][slot] ?? [], values) {
        shadow(last).slots[index][slot]
      }
    }
    for (name, value) in trace.recordedGlobals {
      comparison.add(name, results[last].globals[name] ?? [], [value]) {
        shadow(last).globals[name]
      }
    }
    return comparison
  }
}
