import Foundation

typealias Field = (name: String, value: Report.Value)

/// A line of results: a JSON object.
struct Report {
  enum Value {
    case number(Double)
    case text(String)
    case flag(Bool)
  }
  var fields: [Field]

  init(_ workload: String, threads: Int, _ fields: [Field]) {
    self.fields =
      [
        ("workload", .text(workload)), ("framework", .text("strata")),
        ("threads", .number(Double(threads))),
      ] + fields
  }

  var line: String {
    "{" + fields.map { "\"\($0.name)\": \(text($0.value))" }.joined(separator: ", ") + "}"
  }

  private func text(_ value: Value) -> String {
    switch value {
    case .number(let number): number.isFinite ? String(format: "%.6g", number) : "null"
    case .text(let text): "\"\(text)\""
    case .flag(let flag): "\(flag)"
    }
  }
}
