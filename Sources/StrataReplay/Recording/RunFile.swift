internal import Foundation
internal import StrataHDF5
internal import StrataTensor
public import StrataTraining

/// A recorded training run: its record, initial tensors, every batch's values, and optionally its
/// data.
///
///     record                      the `RunRecord` as JSON
///     random                      the state of the random streams at the start, JSON, compressed
///     initial/0000 …              weights, then optimizer slots, before the run
///     batch/KEY, batch/rate       a value for each batch of each epoch, in order
///     history/KEY                 a value for each epoch
///     data/x0 …, validation/x0 …  the samples, if asked for
///
/// Every dataset carries the SHA-256 of its values, so that a changed bit is found and named.
public struct RunFile: Sendable {
  public var record: RunRecord
  package var random: ModelRandom
  /// Weights, then slots, in the order of the first epoch's digests.
  package var initial: [[Float]]
  /// By batch key.
  package var batches: [String: [Float]]
  /// The rate of each batch.
  package var rates: [Float]
  public internal(set) var history: [String: [Double]]
  public internal(set) var data: Dataset?
  public internal(set) var validationData: Dataset?
}

/// A run file that cannot be used.
public struct RunFileError: Error, Hashable, CustomStringConvertible {
  public var file: String
  /// The dataset or part.
  public var place: String
  public var expected: String
  public var found: String
  public var description: String { "\(file): \(place): expected \(expected), but got \(found)." }
}

// MARK: Writing

extension RunFile {
  /// Writes the run; a file of that name stays as it was if writing fails.
  ///
  /// - Throws: `HDF5Error`.
  public func write(to path: String) throws {
    try HDF5File.writeAtomically(to: path) { file in
      let root = file.root
      try root.attributes.set("strata_run", to: Int32(record.format))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      encoder.nonConformingFloatEncodingStrategy = .strata
      try Self.put(root, "record", bytes: try encoder.encode(record))
      try Self.put(root, "random", bytes: try encoder.encode(random))
      for (index, values) in initial.enumerated() {
        try Self.put(root, "initial/\(Self.number(index))", values, shape: [values.count])
      }
      for (key, values) in batches { try Self.put(root, "batch/\(key)", values) }
      try Self.put(root, "batch/rate", rates)
      for (key, values) in history {
        let dataset = try root.createDataset("history/\(key)", values)
        try dataset.attributes.set("sha256", to: Digest(of: values).description)
      }
      for (group, samples) in [("data", data), ("validation", validationData)] {
        for (name, tensor) in samples?.named ?? [] {
          try Self.put(
            root, "\(group)/\(name)", try tensor.asFloat32().floats(),
            shape: tensor.shape.dimensions)
        }
      }
    }
  }

  private static func put(
    _ root: HDF5Group, _ path: String, _ values: [Float], shape: [Int]? = nil
  ) throws {
    let dataset = try root.createDataset(path, values, shape: shape)
    try dataset.attributes.set("sha256", to: Digest(of: values).description)
  }

  private static func put(_ root: HDF5Group, _ path: String, bytes: Data) throws {
    let options = HDF5DatasetOptions(deflate: 6)
    let dataset = try root.createDataset(path, [UInt8](bytes), options: options)
    try dataset.attributes.set("sha256", to: Digest(bytes: bytes).description)
  }

  static func number(_ index: Int) -> String {
    let text = "\(index)"
    return String(repeating: "0", count: max(0, 4 - text.count)) + text
  }
}

// MARK: Reading

extension RunFile {
  /// Reads a run and checks every dataset against its digest.
  ///
  /// - Throws: `HDF5Error`, or `RunFileError` naming the dataset that was changed.
  public init(contentsOf path: String, catalog: Catalog = .builtIn) throws {
    let file = try HDF5File.open(path)
    let reader = RunReader(file: file, path: path)
    try reader.checkFormat()
    let decoder = JSONDecoder()
    decoder.userInfo[.catalog] = catalog
    decoder.nonConformingFloatDecodingStrategy = .strata
    record = try decoder.decode(RunRecord.self, from: reader.bytes("record"))
    guard record.numerics == StrataRelease.numerics else {
      throw RunFileError(
        file: path, place: "record", expected: "\(StrataRelease.numerics)",
        found: record.numerics)
    }
    random = try decoder.decode(ModelRandom.self, from: reader.bytes("random"))
    initial = try reader.names("initial").map { try reader.floats("initial/\($0)").values }
    var batches: [String: [Float]] = [:]
    for key in record.batchKeys { batches[key] = try reader.floats("batch/\(key)").values }
    self.batches = batches
    rates = try reader.floats("batch/rate").values
    var history: [String: [Double]] = [:]
    for key in record.historyKeys { history[key] = try reader.doubles("history/\(key)") }
    self.history = history
    data = try reader.dataset("data")
    validationData = try reader.dataset("validation")
  }

  /// Whether a file is a recorded run.
  public static func isRun(_ path: String) -> Bool {
    (try? HDF5File.open(path).root.attributes.contains("strata_run")) ?? false
  }
}

extension JSONEncoder.NonConformingFloatEncodingStrategy {
  static let strata = Self.convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}
extension JSONDecoder.NonConformingFloatDecodingStrategy {
  static let strata = Self.convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}

extension Digest {
  /// Of Float64 values.
  package init(of values: [Double]) {
    let words = values.map { ($0.isNaN ? 0x7ff8_0000_0000_0000 : $0.bitPattern).littleEndian }
    self = words.withUnsafeBytes { Digest(bytes: Data($0)) }
  }
}
