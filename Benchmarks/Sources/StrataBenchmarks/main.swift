import Foundation
import Strata

// Runs workloads and prints a JSON line for each:
//
//     StrataBenchmarks [--threads N] [--seconds S] [--workload NAME,...]

struct Arguments {
  var threads = 1
  var seconds = 3.0
  var workloads: [String] = []

  init(_ arguments: [String]) {
    var rest = arguments.dropFirst().makeIterator()
    while let flag = rest.next(), let value = rest.next() {
      switch flag {
      case "--threads": threads = Int(value) ?? 1
      case "--seconds": seconds = Double(value) ?? 3
      case "--workload": workloads = value.split(separator: ",").map(String.init)
      default: print("unknown option \(flag)")
      }
    }
    if workloads.isEmpty { workloads = Workload.all.map(\.name) }
  }
}

func measure(_ name: String, seconds: Double) throws -> [Field]? {
  if let workload = Workload.named(name) {
    return try TrainingBenchmark(workload: workload, seconds: seconds).run()
  }
  return nil
}

let arguments = Arguments(CommandLine.arguments)
setThreadCount(arguments.threads)
for name in arguments.workloads {
  if let fields = try measure(name, seconds: arguments.seconds) {
    print(Report(name, threads: arguments.threads, fields).line)
    fflush(nil)
  } else {
    print("unknown workload \(name)")
  }
}
