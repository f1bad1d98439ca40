import Foundation
import StrataCore
import StrataHDF5
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@testable import StrataKeras

private let interopDirectory = ProcessInfo.processInfo.environment["STRATA_INTEROP"]

/// Writes files for `Scripts/interop/load_models.py`; runs where STRATA_INTEROP names a directory.
@Suite("Files for real Keras", .enabled(if: interopDirectory != nil))
struct InteropFilesTests {
  @Test("are written", arguments: RecordedFile.all)
  func write(_ file: RecordedFile) throws {
    let loaded = try file.load()
    let path = try newFile(file.release, file.name)
    if file.holdsModel {
      try loaded.model.save(to: path + ".h5", provenance: "{\"origin\": \"test\"}")
    } else {
      guard !file.name.contains("merge"), !file.name.contains("shape") else { return }
      try loaded.model.saveWeights(to: path + ".h5")
      let json = try loaded.model.kerasJSON().json
      try json.write(toFile: path + ".json", atomically: true, encoding: .utf8)
    }
    let batches = file.holdsModel ? try (5..<10).map(file.batch) : []
    try record(loaded, try file.tensors("input"), batches, path)
  }

  /// The models of the digits as they stand beside their source.
  @Test("are the saved examples", arguments: ["0.3.3", "1.2.0"])
  func copyDigits(_ release: String) throws {
    let package = RecordedFile.fixtures.appending(path: "../../..")
    let source = package.appending(path: "Models/Digits/digits-keras-\(release).h5").path()
    let path = try newFile("digits", "digits-keras-\(release)")
    try FileManager.default.copyItem(atPath: source, toPath: path + ".h5")
    let digits = try HDF5File.open(package.appending(path: "Models/Digits/digits.h5").path()).root
    let greys = try digits.dataset("x").read(as: Float.self).map { $0 / 16 }
    try record(
      try KerasFile.load(source), [Tensor(greys, shape: [greys.count / 64, 64])], [], path)
  }

  /// The path of a new file without its ending.
  private func newFile(_ folder: String, _ name: String) throws -> String {
    let directory = URL(filePath: interopDirectory ?? "").appending(path: folder)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    return directory.appending(path: name).path()
  }

  /// Writes what Strata predicts, then what it makes of further batches.
  private func record(
    _ loaded: LoadedModel, _ inputs: [Tensor], _ batches: [Dataset], _ path: String
  ) throws {
    try HDF5File.writeAtomically(to: path + ".io.h5") { file in
      func put(_ path: String, _ tensor: Tensor) throws {
        try file.root.createDataset(path, tensor.floats(), shape: tensor.shape.dimensions)
      }
      for (index, input) in inputs.enumerated() { try put("input/\(index)", input) }
      try put("predict", try loaded.model.predictAll(inputs)[0])
      for (number, batch) in batches.enumerated() {
        for (index, x) in batch.inputs.enumerated() { try put("batch/0\(number)/x/\(index)", x) }
        try put("batch/0\(number)/y", batch.targets[0])
        try loaded.model.trainOnBatch(batch)
      }
      guard !batches.isEmpty else { return }
      for (index, weight) in loaded.weightsInReleaseOrder().enumerated() {
        try put("after/\(index < 10 ? "0" : "")\(index)", weight)
      }
    }
  }
}
