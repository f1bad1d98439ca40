internal import StrataCore
internal import StrataTensor

/// The running sums of a compiled model's metrics; none where a release averages batches.
struct MetricMemory {
  struct Slot {
    let name: String
    let shape: Shape
    let storage: Storage
  }

  private(set) var slots: [Slot] = []

  init(_ settings: CompiledSettings, _ outputs: [Shape]) {
    guard settings.metricAggregation == .runningSums else { return }
    for (output, metrics) in settings.metrics.enumerated() {
      for (index, named) in metrics.enumerated() {
        slots += named.metric.states(for: outputs[output]).map { state in
          Slot(
            name: Self.name(output, index, state), shape: state.shape,
            storage: Storage(byteCount: state.shape.count * 4))
        }
      }
    }
  }

  /// The name of a running sum's buffer in programs.
  static func name(_ output: Int, _ metric: Int, _ state: MetricState) -> String {
    "metrics/\(output)/\(metric)/\(state.name)"
  }

  /// Starts all sums anew.
  func reset() {
    for slot in slots {
      slot.storage.base.initializeMemory(
        as: UInt8.self, repeating: 0, count: slot.shape.count * 4)
    }
  }
}
