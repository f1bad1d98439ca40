import Foundation
import Strata

// Runs workloads and prints a JSON line for each:
//
//     StrataBenchmarks [--threads N] [--seconds S] [--workload NAME,...] [--profile OPERATIONS]

struct Arguments {
  var threads = 1
  var seconds = 3.0
  var workloads = Workload.all.map(\.name)
  var model: String?
  var fits = false
  /// How many of a training's operations to print, the slowest first.
  var profile = 0

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst().makeIterator()
    while let flag = rest.next(), let value = rest.next() {
      switch flag {
      case "--threads": threads = Int(value) ?? 1
      case "--seconds": seconds = Double(value) ?? 3
      case "--workload": workloads = value.split(separator: ",").map(String.init)
      case "--profile": profile = Int(value) ?? 0
      case "--predict": model = value
      case "--fit": fits = true
      default: print("unknown option \(flag)")
      }
    }
  }
}

/// The results of a workload; nil for an unknown one.
func measure(_ name: String, threads: Int, seconds: Double, profile: Int = 0) throws -> [Field]? {
  if let workload = Workload.named(name) {
    let profiler = profile > 0 ? Profiler() : nil
    defer { profiler.map { print($0.table(limit: profile)) } }
    return try TrainingBenchmark(workload: workload, seconds: seconds, profiler: profiler).run()
  }
  if name.hasPrefix("infer-"), let workload = Workload.named(name.dropFirst(6)) {
    return try InferenceBenchmark(workload: workload, seconds: seconds).run()
  }
  if name.hasPrefix("gemm-") {
    return try ProductBenchmark(name.dropFirst(5), seconds: seconds)?.run()
  }
  switch name {
  case "adam-10m-one": return try UpdateBenchmark(tensors: 1, seconds: seconds).run()
  case "adam-10m-200": return try UpdateBenchmark(tensors: 200, seconds: seconds).run()
  case "io-save": return try FileBenchmark(direction: .save, seconds: seconds).run()
  case "io-load": return try FileBenchmark(direction: .load, seconds: seconds).run()
  default: return try ProcessBenchmark(name, threads: threads, seconds: seconds)?.run()
  }
}

let arguments = Arguments(CommandLine.arguments)
setThreadCount(arguments.threads)
if let model = arguments.model {
  try ProcessBenchmark.predict(model)
} else if arguments.fits {
  try ProcessBenchmark.fitDigits()
} else {
  for name in arguments.workloads {
    let fields = try measure(
      name, threads: arguments.threads, seconds: arguments.seconds,
      profile: arguments.profile)
    print(
      fields.map { Report(name, threads: arguments.threads, $0).line }
        ?? "unknown workload \(name)")
    fflush(nil)
  }
}
