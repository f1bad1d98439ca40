import Foundation
import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

@Suite struct CSVLoggerTests {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("strata-csv-\(UUID().uuidString).csv").path

  private func text() throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  private func log(
    _ logger: CSVLogger, _ rows: [Logs], under semantics: Semantics = .keras("2.0.9"),
    from start: Int = 0, ends: Bool = true
  ) throws {
    let control = RecordingControl(TrainingProgress(epochs: 10, initialEpoch: start))
    logger.resolve(under: semantics)
    try logger.trainBegin(control)
    for (index, row) in rows.enumerated() {
      var logs = row
      try logger.epochEnd(start + index, &logs, control)
    }
    if ends { try logger.trainEnd(control) }
  }

  @Test func writesSortedColumnsAndPythonNumbers() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try log(
      CSVLogger(path), [["loss": 1e-5, "acc": 1], ["loss": 0.25, "acc": .nan]].map(Logs.init))
    #expect(try text() == "epoch,acc,loss\r\n0,1.0,1e-05\r\n1,nan,0.25\r\n")
  }

  @Test func theSeparatorIsIgnoredBeforeItWasHonoured() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try log(CSVLogger(path, separator: ";"), [Logs(["loss": 1])], under: .keras("1.2.0"))
    #expect(try text() == "epoch,loss\r\n0,1.0\r\n")
    try log(CSVLogger(path, separator: ";"), [Logs(["loss": 1])], under: .keras("1.2.1"))
    #expect(try text() == "epoch;loss\r\n0;1.0\r\n")
  }

  @Test func appendingWritesNoSecondHeader() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try log(CSVLogger(path), [Logs(["loss": 1])])
    try log(CSVLogger(path, append: true), [Logs(["loss": 2])])
    #expect(try text() == "epoch,loss\r\n0,1.0\r\n0,2.0\r\n")
  }

  @Test func everyRowIsInTheFileBeforeTheTrainingEnds() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let logger = CSVLogger(path)
    try log(logger, [Logs(["loss": 1])], ends: false)
    #expect(try text() == "epoch,loss\r\n0,1.0\r\n")
  }

  @Test func aResumedTrainingContinuesAndReplacesEpochsThatRunAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = CSVLogger(path)
    let rows = [1.0, 2, 3].map { Logs(["loss": $0]) }
    try log(first, Array(rows.prefix(2)), ends: false)
    let state = first.state
    var late = rows[2]
    try first.epochEnd(2, &late, RecordingControl())
    let second = CSVLogger(path)
    try second.restore(state)
    try log(second, [Logs(["loss": 9])], from: 2)
    #expect(try text() == "epoch,loss\r\n0,1.0\r\n1,2.0\r\n2,9.0\r\n")
  }

  @Test func aMissingValueIsAnErrorOrNotAvailable() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let rows = [Logs(["loss": 1, "val_loss": 2]), Logs(["loss": 1])]
    let error = #expect(throws: CSVLoggerError.self) { try log(CSVLogger(path), rows) }
    #expect(
      error?.description == "CSVLogger: expected a value of \"val_loss\" in every epoch (the first "
        + "had one) at \"\(path)\".")
    try log(CSVLogger(path), rows, under: .tfKeras("2.15.0"))
    #expect(try text() == "epoch,loss,val_loss\r\n0,1.0,2.0\r\n1,1.0,NA\r\n")
  }

  @Test func aFolderIsNoFile() {
    let error = #expect(throws: CSVLoggerError.self) {
      try log(CSVLogger("/nowhere/at/all.csv"), [])
    }
    #expect(
      error?.description
        == "CSVLogger: expected a file that can be created at \"/nowhere/at/all.csv\".")
  }
}
