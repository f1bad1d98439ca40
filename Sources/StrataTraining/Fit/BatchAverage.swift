internal import StrataCore
internal import StrataSemantics

/// The logs of an epoch, batch by batch.
///
/// Averages of batch values weighted by batch size, in Float64, as Keras's BaseLogger takes them; of
/// metrics with running sums their last result.
struct BatchAverage {
  /// How a value of the epoch follows from the batches.
  private enum Way {
    case bySamples, byBatches
    /// The result at that place of a step's values.
    case last(Int)
  }

  private let keys: [String]
  private let ways: [Way]
  private var totals: [Double]
  private(set) var seen = 0
  private var batches = 0

  init(_ model: Model) {
    keys = model.logKeys
    let loss = LossAverage.history.value(under: model.semantics)
    let outputs = LossAverage.ofOutputs.value(under: model.semantics)
    let hasSums = model.compiled?.metricAggregation == .runningSums
    let count = keys.count
    let first = count - (model.compiled?.metrics.map(\.count).reduce(0, +) ?? 0)
    ways = keys.indices.map { index in
      if index >= first, hasSums { return .last(count + index - first) }
      let average = index == 0 ? loss : index < first ? outputs : .bySamples
      return average == .byBatches ? .byBatches : .bySamples
    }
    totals = keys.map { _ in 0 }
  }

  /// Takes up the values of a step, results of running sums included.
  mutating func add(_ values: [Float], size: Int) {
    for index in totals.indices {
      switch ways[index] {
      case .bySamples: totals[index] += Double(values[index]) * Double(size)
      case .byBatches: totals[index] += Double(values[index])
      case .last(let place): totals[index] = Double(values[place])
      }
    }
    seen += size
    batches += 1
  }

  private func value(_ index: Int) -> Double {
    switch ways[index] {
    case .bySamples: totals[index] / Double(seen)
    case .byBatches: totals[index] / Double(batches)
    case .last: totals[index]
    }
  }

  var logs: Logs {
    var logs = Logs()
    for (index, key) in keys.enumerated() { logs[key] = value(index) }
    return logs
  }

  /// Adds what a batch logs where averages are left to the end of the epoch: its own values, and what
  /// the release keeps running.
  func add(_ values: [Float], to logs: inout Logs) {
    for (index, key) in keys.enumerated() {
      if case .bySamples = ways[index] {
        logs[key] = Double(values[index])
      } else {
        logs[key] = value(index)
      }
    }
  }
}
