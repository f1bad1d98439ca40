import Foundation
import StrataReplay
import StrataSemantics

/// The words of a replay: a line for each epoch.
struct ReplayLines {
  private let recorded: Semantics
  /// Another release than the recorded one.
  private let release: Semantics?
  private let keys: [String]

  init(_ recorded: Semantics, _ release: Semantics?, _ keys: [String]) {
    self.recorded = recorded
    self.release = release == recorded ? nil : release
    self.keys = keys
  }

  var heading: [String] {
    guard let release else { return ["\(recorded)"] }
    let columns = keys.map { Self.padded($0, to: 2 * Self.width + 3) }
    return [
      "left: \(recorded), recorded    right: \(release)",
      TextTable.trimmed("epoch  " + columns.joined(separator: "   ")),
    ]
  }

  func line(_ epoch: EpochReplay) -> String {
    release == nil ? comparison(epoch) : sideBySide(epoch)
  }

  private func comparison(_ epoch: EpochReplay) -> String {
    let values = epoch.values.map { "\($0.key) \(Self.number($0.replayed))" }
    let head = "epoch \(epoch.epoch) digest \(epoch.replayedDigest)"
    let verdict = epoch.isIdentical ? "identical" : "differs (recorded \(epoch.recordedDigest))"
    return "\(head) \(verdict)  \(values.joined(separator: "  "))"
  }

  private func sideBySide(_ epoch: EpochReplay) -> String {
    let columns = keys.map { key in
      let value = epoch.values.first { $0.key == key }
      let left = value?.recorded.map(Self.number) ?? "-"
      let right = value.map { Self.number($0.replayed) } ?? "-"
      return Self.padded(left, to: Self.width) + " | " + Self.padded(right, to: Self.width)
    }
    let number = "\(epoch.epoch)"
    let line =
      String(repeating: " ", count: max(0, 5 - number.count)) + number + "  "
      + columns.joined(separator: "   ")
    return TextTable.trimmed(line)
  }

  func conclusion(_ report: ReplayReport) -> String {
    let count = report.epochs.count
    if release != nil {
      guard let first = report.firstDifference else {
        return "the histories do not part in \(count) epochs"
      }
      let batch = first.firstDifferentBatch.map { ", batch \($0)" } ?? ""
      return "the histories part in epoch \(first.epoch)\(batch)"
    }
    return report.difference.map { "first difference: \($0)" }
      ?? "\(count) epochs, all identical to the last bit"
  }

  /// Loss and metrics of an epoch, each with two spaces before it.
  static func values(_ keys: [String], _ values: [Double]) -> String {
    zip(keys, values).map { "  \($0) \(number($1))" }.joined()
  }

  private static let width = 9

  private static func number(_ value: Double) -> String { String(format: "%.6f", value) }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
