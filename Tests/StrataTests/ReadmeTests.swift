import Foundation
import Testing

/// The README's example is one that compiles.
@Suite struct ReadmeTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func theExampleIsTheOneThatIsBuilt() throws {
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let source = try String(
      contentsOf: root.appending(path: "Examples/FirstSteps/main.swift"), encoding: .utf8)
    let parts = readme.components(separatedBy: "```swift\n")
    try #require(parts.count == 2)
    let block = try #require(parts[1].components(separatedBy: "```").first)
    #expect(source.hasSuffix("\n" + block))
  }
}
