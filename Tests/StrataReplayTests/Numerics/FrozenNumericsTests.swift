import Foundation
import StrataOptimizers
import StrataReplay
import StrataTensor
import TestSupport
import Testing

/// `numerics@1` is frozen: the digests of small runs never change.
@Suite(.choosesMachine) struct FrozenNumericsTests {
  /// The definition has the frozen result, and every kernel has that of the definition.
  @Test(arguments: OperationCase.all)
  func operationsKeepTheirBits(_ item: OperationCase) throws {
    let trace = try item.trace()
    FrozenDigests.check(Digest(of: trace.reference()), of: item.name, "the definition")
    for fuses in [true, false] {
      let session = try trace.session(fuses: fuses)
      try withEveryConfiguration { machine in
        FrozenDigests.check(
          Digest(of: try trace.native(session)), of: item.name, "\(machine), fused: \(fuses)")
      }
    }
  }

  @Test(arguments: ModelCase.all)
  func trainingsKeepTheirBits(_ item: ModelCase) throws {
    // Small sums are not divided among threads.
    let threads = item.isWide ? [1, 2, 3, 4] : [1, 4]
    try withEveryConfiguration(threads: threads) { machine in
      FrozenDigests.check(try item.digest(), of: item.name, machine)
    }
  }

  /// Every type under `Operations/` and every function of one and two operands is in some run.
  @Test func everyOperationHasADigest() throws {
    var seen = Set<String>()
    for item in OperationCase.all {
      for node in try item.trace().graph.nodes {
        guard case .operation(let operation) = node.kind else { continue }
        seen.insert("\(type(of: operation))")
      }
    }
    #expect(try Self.operationsOnDisk() == seen)
    let names = Set(OperationCase.all.map(\.name))
    let functions = UnaryFunction.allCases.map(\.name) + BinaryFunction.allCases.map(\.name)
    for function in functions { #expect(names.contains("operation/\(function)")) }
  }

  @Test func theListOfDigestsIsThatOfTheRuns() {
    let names = OperationCase.all.map(\.name) + ModelCase.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(FrozenDigests.recorded.keys) == Set(names))
  }

  private static func operationsOnDisk() throws -> Set<String> {
    let folder = FrozenDigests.file.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/StrataTensor/Operations")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var names = Set<String>()
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /(?:struct|enum) (\w+): [^{]*\bOperation\b[^{]*\{/) {
        names.insert(String(match.1))
      }
    }
    return names
  }
}
