import Foundation
import StrataTraining
import Testing

/// What a profile says of a small training.
@Suite struct ProfilerTests {
  private func profile(epochs: Int = 3) throws -> (Profiler, Model) {
    let (profiler, model) = (Profiler(timelineSteps: 2), try Small.model())
    try model.fit(Small.data(8), Small.options(epochs: epochs) { $0.profiler = profiler })
    return (profiler, model)
  }

  @Test func everyStepAndOperationIsCounted() throws {
    let (profiler, _) = try profile()
    #expect(profiler.steps == 6)
    #expect(profiler.rows.allSatisfy { $0.count % 6 == 0 })
    #expect(profiler.rows.map(\.seconds) == profiler.rows.map(\.seconds).sorted(by: >))
  }

  /// The product of 4 samples of 2 features with a kernel for 3 classes: 2 * 4 * 2 * 3 operations;
  /// its operands are 4 * 2 + 2 * 3 + 4 * 3 numbers, with 3 more where a bias is added in the sum.
  @Test func operationsAndBytesOfAProduct() throws {
    let (profiler, _) = try profile()
    let product = try #require(profiler.rows.first { $0.label.contains("[4, 2] [2, 3]") })
    #expect(product.operations == 48)
    #expect([26 * 4, 29 * 4].contains(product.bytes))
  }

  @Test func measuringChangesNoBit() throws {
    let (_, measured) = try profile()
    let plain = try Small.model()
    try plain.fit(Small.data(8), Small.options(epochs: 3))
    #expect(try measured.weightBits() == plain.weightBits())
  }

  /// An event for each operation within one for its step, for the first two steps.
  @Test func theTimelineHasStepsAndOperations() throws {
    struct Timeline: Decodable {
      struct Event: Decodable {
        var name, cat, ph: String
        var ts, dur: Double
      }
      var traceEvents: [Event]
    }
    let (profiler, _) = try profile()
    let events = try JSONDecoder().decode(Timeline.self, from: profiler.timeline()).traceEvents
    let steps = events.filter { $0.cat == "step" }
    #expect(steps.map(\.name) == ["train 4", "train 4"])
    #expect(events.allSatisfy { $0.ph == "X" && $0.dur >= 0 })
    let first = try #require(steps.first)
    let end = first.ts + first.dur + 1e-3
    let inside = events.filter { $0.cat == "operation" && $0.ts + $0.dur <= end }
    #expect(inside.count == (events.count - 2) / 2)
  }

  /// The one layer, and what belongs to none.
  @Test func timeByLayer() throws {
    let (profiler, _) = try profile()
    let all = profiler.rows.reduce(0) { $0 + $1.seconds }
    #expect(Set(profiler.layers.map(\.name)) == ["dense_1", ""])
    #expect(abs(profiler.layers.reduce(0) { $0 + $1.seconds } - all) <= 1e-9 * all)
    #expect(profiler.layerTable.split(separator: "\n").count == 3)
  }

  @Test func theTableHasALineForEachOperation() throws {
    let (profiler, _) = try profile()
    let lines = profiler.table(limit: 2).split(separator: "\n")
    #expect(lines[0].hasPrefix("steps 6, "))
    #expect(lines.count == 5 && lines[4] == "and \(profiler.rows.count - 2) more")
  }
}
