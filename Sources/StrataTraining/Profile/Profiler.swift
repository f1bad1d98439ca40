internal import StrataTensor

/// Measures where the time of a training goes, operation by operation.
///
///     let profiler = Profiler()
///     options.profiler = profiler
///     try model.fit(data, options)
///     print(profiler)
///
/// A chain of elementwise operations that runs as one is one row. Measuring costs about 50
/// nanoseconds for each operation.
public final class Profiler {
  /// One operation of a program.
  public struct Row: Sendable {
    /// Operations, the types they read, the type they make: `matMul [128, 784] [784, 512] -> …`.
    public var label: String
    /// How often it ran.
    public var count: Int
    /// In all, in seconds.
    public var seconds: Double
    /// Floating point operations of one run.
    public var operations: Double
    /// Of its operands, each counted once.
    public var bytes: Double

    /// Billions of floating point operations a second.
    public var gigaflops: Double { rate(operations) }
    /// Billions of bytes a second.
    public var gigabytes: Double { rate(bytes) }

    private func rate(_ amount: Double) -> Double {
      seconds > 0 ? amount * Double(count) / seconds * 1e-9 : 0
    }
  }

  private let timelineLimit: Int
  private var profiles: [(key: ProgramKey, profile: PlanProfile)] = []

  /// - Parameter timelineSteps: of how many first steps every instruction's start and end is kept,
  ///   for `timeline`.
  public init(timelineSteps: Int = 8) { timelineLimit = timelineSteps }

  /// The steps that were measured.
  public var steps: Int { profiles.reduce(0) { $0 + $1.profile.runs } }

  /// Operations with equal labels taken together, the slowest first.
  public var rows: [Row] {
    var rows: [String: Row] = [:]
    for (_, profile) in profiles {
      for (index, label) in profile.labels.enumerated() {
        let cost = profile.costs[index]
        var row =
          rows[label]
          ?? Row(
            label: label, count: 0, seconds: 0, operations: cost.operations, bytes: cost.bytes)
        row.count += profile.runs
        row.seconds += Double(profile.nanoseconds[index]) * 1e-9
        rows[label] = row
      }
    }
    return rows.values.sorted { ($0.seconds, $1.label) > ($1.seconds, $0.label) }
  }

  /// The time of each layer, forward and backward, in the order of their first operations; the name
  /// is empty for what belongs to none: loss, metrics and updates.
  public var layers: [(name: String, seconds: Double)] {
    var order: [String] = []
    var seconds: [String: Double] = [:]
    for (_, profile) in profiles {
      for (layer, time) in zip(profile.layers, profile.nanoseconds) {
        if seconds[layer] == nil { order.append(layer) }
        seconds[layer, default: 0] += Double(time) * 1e-9
      }
    }
    return order.map { ($0, seconds[$0] ?? 0) }
  }

  func profile(of key: ProgramKey, _ plan: Plan) -> PlanProfile {
    if let known = profiles.first(where: { $0.key == key }) { return known.profile }
    let profile = PlanProfile(plan, timelineLimit: timelineLimit)
    profiles.append((key, profile))
    return profile
  }

  /// The first steps instruction by instruction.
  var timelines: [(name: String, labels: [String], clock: [Int64])] {
    profiles.flatMap { key, profile in
      profile.timelines.map { ("\(key.mode) \(key.batchSize)", profile.labels, $0) }
    }
  }
}
