import CMachine
import CStrataKernels
import Foundation

// Measures every kernel on the shapes of the workloads, beside what the machine can do:
//
//     kernel-benchmarks [--threads N] [--seconds S] [--only TEXT] [--json]

let arguments = CommandLine.arguments
func setting(_ flag: String) -> String? {
  arguments.firstIndex(of: flag).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}
let seconds = setting("--seconds").flatMap(Double.init) ?? 0.2
let threads = setting("--threads").flatMap(Int32.init) ?? 1
let only = setting("--only") ?? ""
let printsJSON = arguments.contains("--json")
strata_set_thread_count(threads)

/// Seconds of wall time, or of processor time, which other processes do not disturb.
func clock(_ id: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(id, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The median time of a call; of several threads it is wall time.
func median(_ body: () -> Void) -> Double {
  let id = threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC
  body()
  var times: [Double] = []
  let start = clock(CLOCK_MONOTONIC)
  while times.count < 3 || clock(CLOCK_MONOTONIC) - start < seconds {
    let before = clock(id)
    body()
    times.append(clock(id) - before)
  }
  return times.sorted()[times.count / 2]
}

/// GFLOP/s in registers and GB/s of reading memory, for all threads.
func peaks() -> (operations: Double, bytes: Double) {
  var operations = 0.0
  let time = median { operations = machine_multiply_adds() }
  let count = 1 << 26
  let values = [Float](repeating: 1, count: count)
  var sink: Float = 0
  let read = median { sink += machine_read(values, Int64(count)) }
  precondition(sink > 0)
  return (
    operations / time * 1e-9 * Double(threads), Double(4 * count) / read * 1e-9 * Double(threads)
  )
}

func report(
  _ family: String, _ shape: String, _ time: Double, _ rate: Double, _ unit: String,
  _ share: Double
) {
  if printsJSON {
    print(
      String(
        format: "{\"kernel\": \"%@\", \"shape\": \"%@\", \"threads\": %d, \"us\": %.3f, "
          + "\"rate\": %.2f, \"unit\": \"%@\", \"share\": %.3f}",
        family, shape, threads, time * 1e6, rate, unit, share))
  } else {
    let name = "\(family) \(shape)".padding(toLength: 46, withPad: " ", startingAt: 0)
    print(
      name + String(format: "%11.1f us %8.1f %@ %4.0f %%", time * 1e6, rate, unit, 100 * share))
  }
  fflush(nil)
}

let peak = peaks()
report("peak of reading", "256 MB", 0, peak.bytes, "GB/s   ", 1)
report(
  "peak of multiply-adds", String(cString: strata_isa_name()), 0, peak.operations, "GFLOP/s", 1)
for kernel in Kernel.all where only.isEmpty || "\(kernel.family) \(kernel.shape)".contains(only) {
  let program = Program()
  kernel.build(program)
  let time = median(program.run)
  switch kernel.work {
  case .operations(let count):
    let rate = count / time * 1e-9
    report(kernel.family, kernel.shape, time, rate, "GFLOP/s", rate / peak.operations)
  case .bytes(let count):
    let rate = count / time * 1e-9
    report(kernel.family, kernel.shape, time, rate, "GB/s   ", rate / peak.bytes)
  }
}
