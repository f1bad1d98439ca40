import Foundation
import StrataHDF5
import StrataTensor
import StrataTraining
import Testing

@testable import StrataKeras

/// A file that a real release saved, with what the release computed from it.
struct RecordedFile: CustomTestStringConvertible, Sendable {
  var directory: URL
  var release: String
  var name: String

  var testDescription: String { "\(release)/\(name)" }
  var path: String { directory.appending(path: "\(name).h5").path() }
  var json: String { directory.appending(path: "\(name).json").path() }
  var holdsModel: Bool { name.hasPrefix("model_") }

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/keras")

  /// The recorded files in the fixtures.
  static let all = ["0.3.3", "1.0.8", "1.2.0", "1.2.2"].flatMap {
    inDirectory(fixtures.appending(path: $0), $0)
  }
  static let models = all.filter(\.holdsModel)

  static func inDirectory(_ directory: URL, _ release: String) -> [RecordedFile] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path())) ?? []
    return names.filter { $0.hasSuffix(".io.h5") }.sorted()
      .map { RecordedFile(directory: directory, release: release, name: String($0.dropLast(6))) }
  }

  static func named(_ release: String, _ name: String) -> RecordedFile {
    RecordedFile(directory: fixtures.appending(path: release), release: release, name: name)
  }

  func load() throws -> LoadedModel {
    try KerasFile.load(path, architecture: holdsModel ? nil : json)
  }

  // MARK: What was recorded

  private func root() throws -> HDF5Group {
    try HDF5File.open(directory.appending(path: "\(name).io.h5").path()).root
  }

  func tensor(_ path: String) throws -> Tensor {
    let dataset = try root().dataset(path)
    return Tensor(try dataset.read(as: Float.self), shape: Shape(dataset.shape))
  }

  func tensors(_ group: String) throws -> [Tensor] {
    try root().group(group).names().map { try tensor("\(group)/\($0)") }
  }

  func batch(_ number: Int) throws -> Dataset {
    let group = "batch/0\(number)"
    return Dataset(inputs: try tensors("\(group)/x"), targets: [try tensor("\(group)/y")])
  }

  /// The arrays after further training, where the recording has it.
  func continuation() throws -> (weights: [Tensor], optimizer: [Tensor]) {
    (try tensors("resumed"), try tensors("resumed_optimizer"))
  }
}

/// The largest difference of two tensors, relative to 1 or the larger value.
func distance(_ a: Tensor, _ b: Tensor) throws -> Float {
  guard a.shape == b.shape else { return .infinity }
  return zip(try a.floats(), try b.floats()).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
}

extension LoadedModel {
  /// The weights in the order of the `get_weights` of the file's release.
  func weightsInReleaseOrder() -> [Tensor] {
    model.parameterOrder(of: source).map { model.parameters[$0].value }
  }
}

/// A path in a directory of its own, removed at the end.
func withTemporaryPath<Result>(
  _ name: String = "model.h5", _ body: (String) throws -> Result
) throws -> Result {
  let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory.appending(path: name).path())
}
