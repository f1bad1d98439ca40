import Foundation
import StrataHDF5
import StrataReplay
import Testing

/// Runs over the traces in `Tests/Fixtures`.
@Suite struct ConformanceRunTests {
  private static let fixtures = RecordedTraceTests.fixtures

  private func run(
    _ path: String, _ only: Set<ConformanceKind>? = nil
  ) throws -> ConformanceResults {
    try ConformanceRun(
      paths: [path], only: only, data: Self.fixtures.appending(path: "digits.h5").path
    ).run()
  }

  @Test(arguments: [
    ("layers", ConformanceKind.layers, 30), ("keras", .files, 20), ("losses", .losses, 25),
    ("metrics", .metrics, 20),
  ])
  func aFolderOfTracesAgrees(_ folder: String, _ kind: ConformanceKind, _ least: Int) throws {
    let results = try run(Self.fixtures.appending(path: folder).path, [kind])
    for result in results.results { #expect(result.verdict == .agrees, "\(result)") }
    #expect(results.agrees)
    #expect(results.results.count >= least)
    #expect(results.summaries.allSatisfy { $0.axis == kind.axis && $0.agrees > 0 })
  }

  @Test func decisionsAndEventsOfCallbacksAgree() throws {
    let results = try run(Self.fixtures.appending(path: "callbacks/keras-1.2.0").path)
    #expect(results.agrees, "\(results.results.filter { $0.verdict != .agrees })")
    #expect(results.results.contains { $0.name == "trace_noacc_val" })
    #expect(results.results.count > 50)
  }

  @Test func otherKindsAreLeftOut() throws {
    let layers = Self.fixtures.appending(path: "layers/keras-0.3.3").path
    #expect(try run(layers, [.losses]).results.isEmpty)
    #expect(!(try run(layers, [.losses]).agrees), "nothing was run")
  }

  @Test func resultsAreReportedAsTheyCome() throws {
    var names: [String] = []
    let path = Self.fixtures.appending(path: "losses/keras-0.3.3").path
    let results = try ConformanceRun(paths: [path]).run { names.append($0.name) }
    #expect(!names.isEmpty && names == results.results.map(\.name))
  }

  // MARK: What must not agree

  /// Each recorded value of an output, times 1.001.
  @Test(arguments: [
    ("layers/keras-1.2.0/lstm_default.h5", "output_test"),
    ("layers/keras-2.3.1/LSTM__masked.h5", "grad.weights.000"),
    ("layers/keras-0.3.3/batchnorm_default.h5", "updated/weights/02"),
    ("losses/keras-0.3.3/mean_squared_error.h5", "per_sample"),
    ("metrics/keras-3.15.1/AUC__pr.h5", "result"),
    ("metrics/keras-2.3.1/Recall__default_weighted.h5", "batch1.state.001"),
  ])
  func anAlteredTraceDiffers(_ file: String, _ dataset: String) throws {
    let folder = try Scratch()
    let copy = try folder.copy(Self.fixtures.appending(path: file))
    #expect(try run(copy).agrees)
    try alter(copy, dataset)
    let results = try run(copy).results
    guard case .differs? = results.first?.verdict, results.count == 1 else {
      Issue.record("expected a difference, but got \(results)")
      return
    }
    #expect(results[0].largestRelativeError > 5e-4)
  }

  @Test(arguments: ["predict", "saved/00", "saved_optimizer/01", "loss_resumed", "resumed/00"])
  func anAlteredRecordOfAFileDiffers(_ dataset: String) throws {
    let folder = try Scratch()
    let source = Self.fixtures.appending(path: "keras/1.2.0")
    for ending in [".h5", ".json", ".io.h5"] {
      _ = try folder.copy(source.appending(path: "model_dense_nodrop_adam\(ending)"))
    }
    #expect(try run(folder.path).agrees)
    try alter("\(folder.path)/model_dense_nodrop_adam.io.h5", dataset)
    let results = try run(folder.path).results
    guard case .differs? = results.first?.verdict, results.count == 1 else {
      Issue.record("expected a difference, but got \(results)")
      return
    }
  }

  @Test func aTraceOfAnUnknownKindIsNoAgreement() throws {
    let folder = try Scratch()
    _ = try folder.copy(Self.fixtures.appending(path: "layers/keras-1.2.0/lstm_default.h5"))
    let file = try HDF5File.create("\(folder.path)/dance.h5")
    try file.root.attributes.set(
      "meta", to: #"{"framework": "keras", "version": "1.2.0", "kind": "dance"}"#)
    try file.close()
    for only: Set<ConformanceKind>? in [nil, [.layers], [.fit]] {
      let results = try run(folder.path, only)
      #expect(!results.agrees)
      #expect(results.results.contains { $0.name == "dance" && isUnknown($0) })
    }
  }

  @Test(arguments: ["text.h5", "notes.txt", "other.json", "model.keras"])
  func aFileThatIsNoTraceIsNoAgreement(_ name: String) throws {
    let folder = try Scratch()
    try "{}".write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    let results = try run(folder.path).results
    #expect(results.count == 1 && results.allSatisfy(isUnknown))
  }

  @Test func listsAndInputsAreNoTraces() throws {
    let folder = try Scratch()
    _ = try folder.copy(Self.fixtures.appending(path: "optimizers/keras-0.3.3/inputs.h5"))
    _ = try folder.copy(Self.fixtures.appending(path: "losses/keras-0.3.3/mean_squared_error.h5"))
    for name in ["README.md", "not_available.json", "index-new.json"] {
      try "[]".write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }
    #expect(try run(folder.path).results.map(\.name) == ["mean_squared_error"])
    #expect(try run(folder.path).agrees)
  }

  @Test func aPathWithoutTracesIsAnError() throws {
    #expect(throws: TraceError.self) { try run("/nowhere/none.h5") }
    let folder = try Scratch()
    #expect(throws: TraceError.self) { try run(folder.path) }
  }

  // MARK: Files that stand for others

  @Test func aTraceThatStandsForAnotherCountsForBoth() throws {
    let folder = try Scratch()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/keras-1.2.0/losses", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.fixtures.appending(path: "losses/keras-0.3.3/mean_squared_error.h5").path,
      toPath: "\(folder.path)/keras-1.2.0/losses/mse.h5")
    try #"{"keras-1.0.8/losses/mse.h5": "keras-1.2.0/losses/mse.h5"}"#.write(
      toFile: "\(folder.path)/same-as.json", atomically: true, encoding: .utf8)
    let all = try run(folder.path)
    #expect(all.agrees)
    #expect(all.results.map(\.release).sorted() == ["keras-0.3.3", "keras-1.0.8"])
    // Asked for alone, although there is no such folder.
    let one = try run("\(folder.path)/keras-1.0.8")
    #expect(one.agrees && one.results.map(\.release) == ["keras-1.0.8"])
  }

  // MARK: Support

  private func isUnknown(_ result: ConformanceResult) -> Bool {
    if case .unknown = result.verdict { true } else { false }
  }

  private func alter(_ path: String, _ dataset: String) throws {
    let file = try HDF5File.open(path, access: .readWrite)
    let values = try file.root.dataset(dataset).read(as: Float.self)
    try file.root.dataset(dataset).write(values.map { $0 * 1.001 })
    try file.close()
  }
}

/// A folder for one test.
private final class Scratch {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "strata-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func copy(_ file: URL) throws -> String {
    let target = "\(path)/\(file.lastPathComponent)"
    try FileManager.default.copyItem(atPath: file.path, toPath: target)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
    return target
  }
}
