internal import StrataCallbacks
internal import StrataCore
internal import StrataKeras
internal import StrataLosses
internal import StrataOptimizers
internal import StrataSemantics
internal import StrataTensor
internal import StrataTraining

/// Runs recorded trainings: every batch loss of the first epoch must agree; later epochs must lie
/// within what rounding alone makes of the training.
public struct FitConformance: TraceRunner {
  /// The digits data; nil looks for `data/digits.h5` above the trace.
  public var data: String?
  /// How many runs from perturbed weights span the envelope.
  public var perturbedRuns = 20

  public init(data: String? = nil) { self.data = data }

  public func takes(_ trace: TraceFile) -> Bool { trace.kind == .fit }

  public func run(_ trace: TraceFile) -> ConformanceResult {
    do {
      let recorded = try FitTrace(trace, data: data)
      let ours = try Self.train(recorded, recorded.initial)
      var comparison = Comparison(Tolerances.fitBatchLoss)
      let perEpoch = (recorded.training.count + recorded.batchSize - 1) / recorded.batchSize
      for batch in 0..<min(perEpoch, recorded.batchLosses.count) {
        comparison.add(
          "batch \(batch)", [ours.batchLosses[batch]], [recorded.batchLosses[batch]])
      }
      if let first = comparison.firstDifference {
        return trace.result(.fit, comparison, verdict: .differs("\(first) of the first epoch"))
      }
      let later = try laterDifference(recorded, ours)
      return trace.result(.fit, comparison, verdict: later.map { .differs($0) } ?? .agrees)
    } catch {
      return trace.unknown(.fit, "\(error)")
    }
  }

  // MARK: Later epochs

  /// The first logged value after the first epoch that lies outside of the envelope.
  private func laterDifference(_ recorded: FitTrace, _ ours: Training) throws -> String? {
    let keys = ["loss", "val_loss"].filter { recorded.history[$0] != nil }
    let isClose = keys.allSatisfy { key in
      zip(ours.history[key], recorded.history[key] ?? []).allSatisfy {
        ($0 - $1).magnitude <= Tolerances.fitBatchLoss.relative * $1.magnitude
      }
    }
    if isClose { return nil }
    let envelope = try Envelope(ours, keys: keys, runs: perturbedRuns) { run in
      try Self.train(
        ours.isRandom ? recorded : recorded.reordered(run), Self.perturbed(recorded.initial, run))
    }
    for key in keys {
      for (epoch, value) in (recorded.history[key] ?? []).enumerated() {
        let distance = (value - envelope.center(key, epoch)).magnitude
        let bound =
          envelope.bound(key, epoch) + Tolerances.fitBatchLoss.relative * value.magnitude
        if distance > bound {
          return "\(key) of epoch \(epoch): \(distance), envelope \(bound)"
        }
      }
    }
    return nil
  }

  /// Every weight moved up or down by one unit in the last place, or left, at random.
  private static func perturbed(_ weights: [[Float]], _ run: Int) -> [[Float]] {
    var random = Philox(seed: UInt64(run), name: "perturbation")
    return weights.map { values in
      zip(values, random.uniform(count: values.count)).map { value, draw in
        value == 0 ? value : draw < 0.5 ? value.nextUp : value.nextDown
      }
    }
  }

  // MARK: Training

  struct Training {
    var batchLosses: [Float]
    var history: TrainingHistory
    /// Whether rows get random draws of their own, so that their order matters.
    var isRandom: Bool
  }

  private static func train(_ trace: FitTrace, _ weights: [[Float]]) throws -> Training {
    let model = try Model(
      trace.architecture, semantics: trace.semantics, seed: 1, initializesWeights: false)
    try model.setWeights(inOrderOf: trace.semantics, weights)
    try model.compile(
      optimizer: trace.optimizer, losses: [CategoricalCrossentropy()], metrics: [.accuracy])
    let watch = LossWatch()
    var options = FitOptions()
    options.batchSize = trace.batchSize
    options.epochs = trace.epochs
    options.shuffle = .none
    options.verbosity = .silent
    options.validationData = trace.validation
    let schedule = trace.rates.map { rates in
      LearningRateScheduler { epoch in Double(rates[epoch]) }
    }
    let history = try model.fit(
      trace.training, options, callbacks: schedule.map { [$0] } ?? [], observer: watch)
    return Training(
      batchLosses: watch.losses, history: history, isRandom: model.isRandom)
  }
}

/// Keeps the loss of every batch.
private final class LossWatch: FitObserver {
  private(set) var losses: [Float] = []
  func fitBegan(_ model: Model, _ plan: FitPlan) {}
  func batchEnded(_ epoch: Int, _ batch: Int, _ values: [Float], _ model: Model) {
    losses.append(values[0])
  }
  func epochEnded(_ epoch: Int, _ logs: Logs, _ model: Model) {}
  func fitEnded(_ model: Model, _ end: FitEnd) {}
}

/// How far apart trainings come to lie whose initial weights differ in the last bit and whose batches
/// hold the same rows in another order, so that every sum rounds differently: the span of the logged
/// values of all such runs, ours included.
///
/// A recorded run is one more member of that cloud: it may lie the cloud's span from the cloud's
/// center, the mean, which stands for the result without rounding. (A single member, ours too, lies
/// anywhere in the cloud. In `mlp_bn__adam` of 2.0.9 a bias before a batch normalisation has no
/// gradient but rounding, which Adam turns into steps: with Float64 val_loss of epoch 0 is 1.72112,
/// the mean 1.72110, ours 1.72090, recorded 1.72136.)
struct Envelope {
  /// Per key, the largest span in each epoch or an earlier one: drift does not shrink.
  private var bounds: [String: [Double]] = [:]
  private var centers: [String: [Double]] = [:]

  init(
    _ ours: FitConformance.Training, keys: [String], runs: Int,
    _ train: (Int) throws -> FitConformance.Training
  ) throws {
    var low: [String: [Double]] = [:]
    var high: [String: [Double]] = [:]
    for run in 0...runs {
      let training = run == 0 ? ours : try train(run)
      for key in keys {
        let values = training.history[key]
        low[key] = zip(low[key] ?? values, values).map { min($0, $1) }
        high[key] = zip(high[key] ?? values, values).map { max($0, $1) }
        let share = values.map { $0 / Double(runs + 1) }
        centers[key] = centers[key].map { zip($0, share).map { $0 + $1 } } ?? share
      }
    }
    for key in keys {
      var largest = 0.0
      bounds[key] = zip(low[key] ?? [], high[key] ?? []).map { low, high in
        largest = max(largest, high - low)
        return largest
      }
    }
  }

  /// The mean of all runs.
  func center(_ key: String, _ epoch: Int) -> Double {
    guard let list = centers[key], list.indices.contains(epoch) else { return .nan }
    return list[epoch]
  }

  func bound(_ key: String, _ epoch: Int) -> Double {
    guard let list = bounds[key], list.indices.contains(epoch) else { return 0 }
    return list[epoch]
  }
}
