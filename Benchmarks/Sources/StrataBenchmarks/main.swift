import Foundation
import Strata

/// Trains workloads through `fit` and prints a JSON line for each:
///
///     StrataBenchmarks [--threads N] [--seconds S] [--only NAME,...]
struct Arguments {
  var threads = 1
  var seconds = 3.0
  var only: Set<String> = []

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst().makeIterator()
    while let flag = rest.next(), let value = rest.next() {
      switch flag {
      case "--threads": threads = Int(value) ?? 1
      case "--seconds": seconds = Double(value) ?? 3
      case "--only": only = Set(value.split(separator: ",").map(String.init))
      default: print("unknown option \(flag)")
      }
    }
  }
}

/// Process CPU time in seconds.
func cpuTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Notes loss and CPU time of every epoch.
final class Stopwatch: Callback {
  private(set) var steps: [Double] = []
  private(set) var losses: [Double] = []
  private let stepsPerEpoch: Int
  private let limit: Double
  private var start = 0.0
  private var total = 0.0

  init(stepsPerEpoch: Int, limit: Double) {
    self.stepsPerEpoch = stepsPerEpoch
    self.limit = limit
  }
  func epochBegin(_ epoch: Int, _ training: any TrainingControl) { start = cpuTime() }
  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    let time = cpuTime() - start
    losses.append(logs["loss"] ?? .nan)
    if epoch >= 2 { steps.append(time / Double(stepsPerEpoch)) }
    total += time
    if epoch >= 4, total > limit { training.stop() }
  }
}

let arguments = Arguments(CommandLine.arguments)
setThreadCount(arguments.threads)
for workload in Workload.all
where arguments.only.isEmpty || arguments.only.contains(workload.name) {
  let (model, data) = try workload.prepare()
  let stopwatch = Stopwatch(stepsPerEpoch: workload.stepsPerEpoch, limit: arguments.seconds)
  var options = FitOptions()
  options.batchSize = workload.batch
  options.epochs = 100_000
  options.shuffle = .none
  options.verbosity = .silent
  let start = cpuTime()
  try model.fit(data, options, callbacks: [stopwatch])
  let sorted = stopwatch.steps.sorted()
  let median = sorted[sorted.count / 2] * 1e3
  let error = abs(stopwatch.losses[0] - workload.firstEpochLoss) / workload.firstEpochLoss
  print(
    """
    {"workload": "\(workload.name)", "framework": "strata", "threads": \(arguments.threads), \
    "cpu_median_ms": \(median), "cpu_p10_ms": \(sorted[sorted.count / 10] * 1e3), \
    "steps": \(sorted.count * workload.stepsPerEpoch), "first_epoch_loss": \(stopwatch.losses[0]), \
    "expected_loss": \(workload.firstEpochLoss), "agrees": \(error <= workload.tolerance), \
    "total_s": \(cpuTime() - start)}
    """)
}
