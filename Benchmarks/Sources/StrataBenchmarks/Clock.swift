import Foundation

/// A moment: on the wall, and in the processor time of this process.
struct Moment {
  var wall: Double
  var cpu: Double

  static var now: Moment {
    Moment(wall: seconds(CLOCK_MONOTONIC), cpu: seconds(CLOCK_PROCESS_CPUTIME_ID))
  }

  static func - (a: Moment, b: Moment) -> Moment {
    Moment(wall: a.wall - b.wall, cpu: a.cpu - b.cpu)
  }
  static func / (a: Moment, b: Double) -> Moment { Moment(wall: a.wall / b, cpu: a.cpu / b) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The largest resident memory of this process so far, in MiB.
var peakMemory: Double {
  var usage = rusage()
  #if os(macOS)
    getrusage(RUSAGE_SELF, &usage)
  #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #endif
  return usage.peakMemory
}

extension rusage {
  /// In MiB.
  var peakMemory: Double {
    #if os(macOS)
      Double(ru_maxrss) / 1_048_576
    #else
      Double(ru_maxrss) / 1024
    #endif
  }
}

/// Durations of one thing done many times.
struct Samples {
  private(set) var durations: [Moment] = []

  mutating func append(_ duration: Moment) { durations.append(duration) }

  /// Runs `body` for `seconds` after a warm-up of a quarter of that, at most `warmUp` seconds.
  static func measure(
    seconds: Double, warmUp: Double = 1, least: Int = 5, _ body: (Int) throws -> Void
  ) rethrows -> Samples {
    var samples = Samples()
    var number = 0
    let start = Moment.now
    while number == 0 || Moment.now.wall - start.wall < min(warmUp, seconds / 4) {
      try body(number)
      number += 1
    }
    let begin = Moment.now
    var end = begin
    while end.wall - begin.wall < seconds || samples.durations.count < least {
      let before = Moment.now
      try body(number)
      end = Moment.now
      samples.append(end - before)
      number += 1
    }
    return samples
  }

  private func milliseconds(_ part: KeyPath<Moment, Double>, _ share: Double) -> Double {
    let sorted = durations.map { $0[keyPath: part] }.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count - 1) + 0.5))] * 1e3
  }

  var median: Double { milliseconds(\.wall, 0.5) }
  var cpuMedian: Double { milliseconds(\.cpu, 0.5) }
  /// The median of the clock that other processes disturbed less.
  var best: Double { min(median, cpuMedian) }

  /// What the harness of the peers prints of a measurement.
  var fields: [Field] {
    [
      ("median_ms", .number(median)), ("p10", .number(milliseconds(\.wall, 0.1))),
      ("p90", .number(milliseconds(\.wall, 0.9))), ("p99_ms", .number(milliseconds(\.wall, 0.99))),
      ("cpu_median_ms", .number(cpuMedian)), ("cpu_p10_ms", .number(milliseconds(\.cpu, 0.1))),
      ("cpu_p99_ms", .number(milliseconds(\.cpu, 0.99))),
      ("steps_per_s", .number(1e3 / median)), ("timed", .number(Double(durations.count))),
    ]
  }
}
