public import Foundation

extension Profiler: CustomStringConvertible {
  /// The thirty slowest operations, then the layers.
  public var description: String { "\(table(limit: 30))\n\n\(layerTable)" }

  /// Each layer's share and length of a step's time.
  public var layerTable: String {
    let layers = layers
    let total = layers.reduce(0) { $0 + $1.seconds }
    let lines = layers.map { layer in
      Self.line([
        Self.format(total > 0 ? 100 * layer.seconds / total : 0, 1) + "%",
        Self.format(layer.seconds * 1e6 / Double(max(steps, 1)), 1),
      ]) + "  \(layer.name.isEmpty ? "loss, metrics, updates" : layer.name)"
    }
    return ([Self.line(["share", "us/step"]) + "  layer"] + lines).joined(separator: "\n")
  }

  /// The slowest operations: share and length of a step's time, rates, what they are.
  public func table(limit: Int) -> String {
    let rows = rows
    let total = rows.reduce(0) { $0 + $1.seconds }
    let perStep = 1e6 / Double(max(steps, 1))
    let head = "steps \(steps), \(Self.format(total * perStep, 1)) us each in operations"
    let columns = Self.line(["share", "us/step", "runs", "GFLOP/s", "GB/s"]) + "  operation"
    let lines = rows.prefix(limit).map { row in
      Self.line([
        Self.format(total > 0 ? 100 * row.seconds / total : 0, 1) + "%",
        Self.format(row.seconds * perStep, 1),
        Self.format(Double(row.count) / Double(max(steps, 1)), 0),
        Self.format(row.gigaflops, 1), Self.format(row.gigabytes, 1),
      ]) + "  \(row.label)"
    }
    let rest = rows.count > limit ? ["and \(rows.count - limit) more"] : []
    return ([head, columns] + lines + rest).joined(separator: "\n")
  }

  private static func line(_ cells: [String]) -> String {
    cells.map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }.joined()
  }

  private static func format(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}

extension Profiler {
  /// The first steps in the Trace Event format, which Perfetto and chrome://tracing open: one row,
  /// an event for each operation, times in microseconds.
  public func timeline() throws -> Data {
    let start = timelines.first?.clock.first ?? 0
    let events = timelines.flatMap { step in
      [Event(step.name, "step", from: step.clock.first, to: step.clock.last, start)]
        + step.labels.indices.map { index in
          Event(
            step.labels[index], "operation", from: step.clock[index], to: step.clock[index + 1],
            start)
        }
    }
    return try JSONEncoder().encode(Timeline(traceEvents: events))
  }

  private struct Timeline: Encodable {
    var traceEvents: [Event]
    var displayTimeUnit = "ns"
  }

  private struct Event: Encodable {
    var name: String
    var cat: String
    var ph = "X"
    var ts: Double
    var dur: Double
    var pid = 1
    var tid = 1

    init(_ name: String, _ category: String, from: Int64?, to: Int64?, _ start: Int64) {
      self.name = name
      cat = category
      ts = Double((from ?? start) - start) / 1000
      dur = Double((to ?? start) - (from ?? start)) / 1000
    }
  }
}
