import Foundation
import StrataReplay
import TestSupport
import Testing

/// The events of a training in this framework against those that real releases sent.
@Suite struct EventTraceFitTests {
  private static let fixtures = "\(CallbackConformanceTests.fixtures)/callbacks"

  private static func traces(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      let file = (name as NSString).lastPathComponent
      return file == "event_trace.json" || file.hasPrefix("trace_") && file.hasSuffix(".json")
    }.sorted().map { "\(folder)/\($0)" }
  }

  @Test(arguments: traces(in: fixtures) + (RecordedTraces.folder.map(traces) ?? []))
  func fitSendsTheEventsOfTheRelease(_ path: String) {
    let result = EventTraceConformance().run(file: path)
    #expect(result.verdict == .agrees, "\(result.release) \(result.name)")
  }

  @Test func thereAreTraces() {
    #expect(Self.traces(in: Self.fixtures).count >= 2)
  }
}
