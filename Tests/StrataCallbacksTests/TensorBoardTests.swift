import Foundation
import StrataCallbacks
import StrataCore
import StrataSemantics
import Testing

/// Event files, read back by a reader of their own; `make interop` reads them with TensorFlow.
@Suite struct TensorBoardTests {
  private let folder = NSTemporaryDirectory() + "tensorboard-\(UUID().uuidString)"

  /// Two epochs of three batches of 4, 4 and 2 samples, validated.
  private func train(
    _ callback: TensorBoard, under semantics: Semantics, control: EventControl = EventControl()
  ) throws -> [String] {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try callback.resolve(under: semantics)
    try callback.trainBegin(control)
    for epoch in 0..<2 {
      for (batch, size) in [4, 4, 2].enumerated() {
        control.progress.iterations += 1
        let logs = Logs(["batch": Double(batch), "size": Double(size), "loss": 0.5])
        let means = Logs(["loss": Double(batch)])
        if callback.observesBatches {
          try callback.batchEnd(batch, semantics.version < "2.4.0" ? logs : means, control)
        }
      }
      var logs = Logs(["acc": 0.25, "loss": 2, "val_loss": 3])
      try callback.epochEnd(epoch, &logs, control)
    }
    // Everything is on the disk when an epoch ends.
    let lines = try EventReader.lines(in: folder)
    try callback.trainEnd(control)
    #expect(try EventReader.lines(in: folder) == lines)
    return lines
  }

  @Test func keras2HasOneFileWithTheNamesOfTheLogs() throws {
    #expect(
      try train(try TensorBoard(folder), under: .keras("2.3.1")) == [
        "0 acc 0.25", "0 loss 2.0", "0 val_loss 3.0", "1 acc 0.25", "1 loss 2.0", "1 val_loss 3.0",
      ])
  }

  @Test func keras2CountsSamplesWithinEpochs() throws {
    let callback = try TensorBoard(folder, updateFrequency: .every(5))
    #expect(
      try train(callback, under: .keras("2.3.1")) == [
        "8 loss 0.5", "10 acc 0.25", "10 loss 2.0", "10 val_loss 3.0", "14 loss 0.5",
        "20 loss 0.5", "20 acc 0.25", "20 loss 2.0", "20 val_loss 3.0",
      ])
  }

  @Test func tfKerasHasFoldersAndTheRateOfASchedule() throws {
    let plain = [
      "train 0 epoch_acc 0.25", "train 0 epoch_loss 2.0", "train 1 epoch_acc 0.25",
      "train 1 epoch_loss 2.0", "validation 3 evaluation_loss_vs_iterations 3.0",
      "validation 0 epoch_loss 3.0", "validation 6 evaluation_loss_vs_iterations 3.0",
      "validation 1 epoch_loss 3.0",
    ]
    #expect(try train(try TensorBoard(folder), under: .tfKeras("2.15.0")) == plain)
    let control = EventControl()
    control.progress.followsSchedule = true
    let lines = try train(try TensorBoard(folder), under: .tfKeras("2.15.0"), control: control)
    #expect(
      lines.filter { !plain.contains($0) } == [
        "train 0 epoch_learning_rate 0.1", "train 1 epoch_learning_rate 0.1",
      ])
  }

  /// As in the files of Keras 3.15.1 on TensorFlow: of epochs that end between the batches that are
  /// written nothing is written.
  @Test func keras3WritesTheEpochsWhoseLastBatchIsWritten() throws {
    let callback = try TensorBoard(folder, updateFrequency: .every(2))
    #expect(
      try train(callback, under: .keras("3.15.1")) == [
        "train 2 batch_loss 1.0", "train 4 batch_loss 0.0", "train 6 batch_loss 2.0",
        "train 1 epoch_acc 0.25", "train 1 epoch_loss 2.0", "train 1 epoch_learning_rate 0.1",
        "validation 3 evaluation_loss_vs_iterations 3.0",
        "validation 6 evaluation_loss_vs_iterations 3.0", "validation 1 epoch_loss 3.0",
      ])
  }

  /// By hand: of 0, 0, 1, 3 in 30 ranges of 0.1, two are in the first, one in the tenth or eleventh
  /// (1 / 0.1 rounds to 10), one in the last.
  @Test func histogramsOfWeightsStandUnderTheirNames() throws {
    let control = EventControl()
    let callback = try TensorBoard(folder, histogramFrequency: 1)
    let lines = try train(callback, under: .keras("3.15.1"), control: control)
    let kernel = lines.filter { $0.hasPrefix("train 1 sequential/dense/kernel/histogram") }
    #expect(
      kernel == ["train 1 sequential/dense/kernel/histogram 30 rows, 0.0...3.0: 0:2 10:1 29:1"])
    let bias = lines.filter { $0.hasPrefix("train 1 sequential/dense/bias/histogram") }
    #expect(bias == ["train 1 sequential/dense/bias/histogram 30 rows, 7.0...7.0: 29:2"])
    let older = try train(callback, under: .tfKeras("2.15.0"), control: control)
    #expect(older.contains { $0.hasPrefix("train 0 dense/kernel_0/histogram") })
  }

  @Test func histogramsOfKeras2AreRefused() throws {
    let callback = try TensorBoard(folder, histogramFrequency: 1)
    let error = #expect(throws: HyperparameterError.self) {
      try callback.resolve(under: .keras("2.3.1"))
    }
    #expect(
      error?.description
        == "TensorBoard: histogram_freq must be 0 before 2.4, whose histograms are "
        + "taken over validation data, but got 1.")
  }

  @Test func whatIsNotWrittenIsNamed() throws {
    let error = #expect(throws: HyperparameterError.self) {
      try TensorBoard(configuration: CallbackConfiguration("TensorBoard", ["profile_batch": 2]))
    }
    #expect(
      error?.description
        == "TensorBoard: profile_batch must be 0 (Strata does not write it), but got 2.")
    let control = EventControl()
    let callback = try TensorBoard(
      configuration: CallbackConfiguration(
        "TensorBoard", ["log_dir": .text(folder), "write_images": false]))
    _ = try train(callback, under: .keras("3.15.1"), control: control)
    #expect(control.reports == ["TensorBoard: the graph is not written."])
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let callback = try TensorBoard("/dev/null/logs")
    try callback.resolve(under: .keras("2.3.1"))
    let error = #expect(throws: EventFileError.self) { try callback.trainBegin(EventControl()) }
    #expect(
      error?.description
        == "TensorBoard: expected a folder that can be made at \"/dev/null/logs\".")
  }
}

/// A training with two weights.
private final class EventControl: TrainingControl {
  var progress = TrainingProgress(epochs: 2, modelName: "sequential")
  var learningRate: Float = 0.1
  let weightNames = ["dense/kernel", "dense/bias"]
  private(set) var reports: [String] = []

  func stop() {}
  func write(to path: String, _ content: CheckpointContent) {}
  func snapshotWeights() -> WeightSnapshot { WeightSnapshot([[0, 3, 1, 0], [7, 7]]) }
  func restoreWeights(_ snapshot: WeightSnapshot) {}
  func report(_ message: String) { reports.append(message) }
}

/// Reads event files bit by bit: framing with its checksums, then messages field by field.
private enum EventReader {
  /// A line for each value, the folder first.
  static func lines(in folder: String) throws -> [String] {
    try ["", "train", "validation"].flatMap { part in
      let path = folder + "/" + part
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return try names.filter { $0.hasPrefix("events.out.tfevents.") }.flatMap { name in
        #expect(name.hasSuffix(".v2") == !part.isEmpty)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
        return try records(bytes).compactMap(line).map { part.isEmpty ? $0 : "\(part) \($0)" }
      }
    }
  }

  private static func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var rest = bytes[...]
    var records: [[UInt8]] = []
    while !rest.isEmpty {
      let header = Array(rest.prefix(8))
      let count = Int(number(header))
      try #require(rest.count >= count + 16)
      let data = Array(rest.dropFirst(12).prefix(count))
      for (part, sum) in [(header, rest.dropFirst(8)), (data, rest.dropFirst(12 + count))] {
        #expect(masked(checksum(part)) == UInt32(number(Array(sum.prefix(4)))))
      }
      records.append(data)
      rest = rest.dropFirst(16 + count)
    }
    return records
  }

  private static func number(_ bytes: [UInt8]) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The check value of CRC-32C is 0xe3069283 for "123456789".
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
    }
    return ~sum
  }

  private static func masked(_ sum: UInt32) -> UInt32 {
    (sum >> 15 | sum << 17) &+ 0xa282_ead8
  }

  private static func line(_ event: [UInt8]) throws -> String? {
    let fields = fields(event)
    #expect(fields[1] != nil)
    guard let summary = fields[5] else {
      #expect(fields[3] == Array("brain.Event:2".utf8))
      return nil
    }
    let value = self.fields(self.fields(summary)[1] ?? [])
    let tag = String(decoding: try #require(value[1]), as: UTF8.self)
    let step = number(fields[2] ?? [])
    if let simple = value[2] { return "\(step) \(tag) \(float(simple))" }
    let tensor = self.fields(try #require(value[8]))
    let content = try #require(tensor[4])
    let plugin = self.fields(self.fields(try #require(value[9]))[1] ?? [])[1] ?? []
    switch String(decoding: plugin, as: UTF8.self) {
    case "scalars": return "\(step) \(tag) \(float(content))"
    case "histograms": return "\(step) \(tag) \(histogram(content))"
    default: return "\(step) \(tag) of an unknown plug-in"
    }
  }

  private static func float(_ bytes: [UInt8]) -> Float {
    Float(bitPattern: UInt32(number(bytes)))
  }

  private static func histogram(_ bytes: [UInt8]) -> String {
    let numbers = stride(from: 0, to: bytes.count, by: 8).map {
      Double(bitPattern: number(Array(bytes[$0..<$0 + 8])))
    }
    let rows = stride(from: 0, to: numbers.count, by: 3).map { Array(numbers[$0..<$0 + 3]) }
    let filled = rows.enumerated().filter { $0.element[2] > 0 }
    let counts = filled.map { "\($0.offset):\(Int($0.element[2]))" }.joined(separator: " ")
    return "\(rows.count) rows, \(rows[0][0])...\(rows[rows.count - 1][1]): \(counts)"
  }

  /// The bytes of each field, whole numbers as eight bytes.
  private static func fields(_ bytes: [UInt8]) -> [Int: [UInt8]] {
    var rest = bytes[...]
    func varint() -> Int {
      var value = 0
      var shift = 0
      while let byte = rest.popFirst() {
        value |= Int(byte & 0x7f) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    var result: [Int: [UInt8]] = [:]
    while !rest.isEmpty {
      let tag = varint()
      let count: Int
      switch tag & 7 {
      case 0:
        result[tag >> 3] = withUnsafeBytes(of: UInt64(varint()).littleEndian, Array.init)
        continue
      case 1: count = 8
      case 5: count = 4
      default: count = varint()
      }
      result[tag >> 3] = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return result
  }
}
