import Testing

@testable import StrataKeras

@Suite("JSON as Python writes it")
struct JSONValueTests {
  @Test("whole numbers, fractions and non-finite ones stay apart")
  func numbers() throws {
    let value = try JSONValue(parsing: "[1, 1.0, 1e-08, NaN, Infinity, -Infinity, -3]")
    #expect(value.description == "[1, 1.0, 1e-08, NaN, Infinity, -Infinity, -3]")
    guard case .array(let items) = value, case .integer(1) = items[0], case .number(1) = items[1]
    else {
      Issue.record("\(value)")
      return
    }
  }

  @Test("keys keep their order")
  func order() throws {
    let text = "{\"b\": null, \"a\": [true, false], \"c\": {}}"
    #expect(try JSONValue(parsing: text).description == text)
  }

  @Test("texts are escaped as json.dumps does")
  func texts() throws {
    let value = try JSONValue(parsing: "\"a\\u00e9\\ud83d\\ude00\\n\\\"é\"")
    #expect(value == .string("aé😀\n\"é"))
    #expect(value.description == "\"a\\u00e9\\ud83d\\ude00\\n\\\"\\u00e9\"")
  }

  @Test(
    "what is not JSON is an error",
    arguments: ["", "[1,", "{\"a\" 1}", "[1] 2", "\"a", "nul", "{1: 2}", "[01x]"])
  func failures(_ text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test("deep nesting is an error, not a crash")
  func depth() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }
}
