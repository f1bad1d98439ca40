/// How long the instructions of a plan took, added up over its runs.
package final class PlanProfile {
  package let labels: [String]
  package let layers: [String]
  package let costs: [InstructionCost]
  package private(set) var runs = 0
  /// Nanoseconds of each instruction, over all runs.
  package private(set) var nanoseconds: [Int64]
  /// The clock before each instruction and after the last, for the first runs.
  package private(set) var timelines: [[Int64]] = []

  private let timelineLimit: Int
  private var times: [Int64]

  package init(_ plan: Plan, timelineLimit: Int) {
    labels = plan.labels
    layers = plan.layers
    costs = plan.costs
    nanoseconds = plan.labels.map { _ in 0 }
    times = [0] + plan.labels.map { _ in 0 }
    self.timelineLimit = timelineLimit
  }

  func record(_ run: (UnsafeMutablePointer<Int64>) -> Void) {
    times.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { run(base) }
    }
    for index in nanoseconds.indices { nanoseconds[index] += times[index + 1] - times[index] }
    if timelines.count < timelineLimit { timelines.append(times) }
    runs += 1
  }
}
