import Strata

/// Trains a workload through `fit`; each epoch is timed and divided by its steps.
struct TrainingBenchmark {
  var workload: Workload
  var seconds: Double
  /// Told how long each operation takes.
  var profiler: Profiler?

  func run() throws -> [Field] {
    let data = workload.dataset()
    let stopwatch = Stopwatch(steps: workload.stepsPerEpoch, seconds: seconds)
    var options = FitOptions()
    options.batchSize = workload.batch
    options.epochs = .max
    options.shuffle = .none
    options.verbosity = .silent
    options.profiler = profiler
    try workload.model().fit(data, options, callbacks: [stopwatch])
    let memory = peakMemory
    let samples = stopwatch.samples
    let loss = stopwatch.losses.first ?? .nan
    let error = abs(loss - workload.firstEpochLoss) / workload.firstEpochLoss
    return samples.fields + [
      ("samples_per_s", .number(Double(workload.batch) * 1e3 / samples.median)),
      ("first_epoch_s", .number(stopwatch.firstEpoch)),
      ("compile_ms", .number(try compilation(data, samples))),
      ("peak_rss_mb", .number(memory)),
      ("gflops", .number(workload.gigaflops * 1e3 / samples.best)),
      ("first_epoch_loss", .number(loss)), ("expected_loss", .number(workload.firstEpochLoss)),
      ("agrees", .flag(error <= workload.tolerance)), ("per", .text("epoch")),
    ]
  }

  /// Milliseconds that the first step of a new model takes longer than a usual one: trace, plan,
  /// memory.
  ///
  /// By the clock that other processes disturbed less.
  private func compilation(_ data: Dataset, _ usual: Samples) throws -> Double {
    let model = try workload.model()
    let batch = data.slice(0..<workload.batch)
    let start = Moment.now
    try model.trainOnBatch(batch)
    let first = Moment.now - start
    return min(first.wall * 1e3 - usual.median, first.cpu * 1e3 - usual.cpuMedian)
  }
}

/// Times the epochs from the third on and stops after some seconds.
private final class Stopwatch: Callback {
  private(set) var samples = Samples()
  private(set) var losses: [Double] = []
  private(set) var firstEpoch = 0.0
  private let steps: Int
  private let seconds: Double
  private var start = Moment.now
  private var timed = 0.0

  init(steps: Int, seconds: Double) {
    self.steps = steps
    self.seconds = seconds
  }

  func trainBegin(_ training: any TrainingControl) { start = Moment.now }

  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    let time = Moment.now - start
    losses.append(logs["loss"] ?? .nan)
    if epoch == 0 { firstEpoch = time.wall }
    if epoch >= 2 {
      samples.append(time / Double(steps))
      timed += time.wall
    }
    if timed > seconds, samples.durations.count >= 2 { training.stop() }
    start = Moment.now
  }
}
