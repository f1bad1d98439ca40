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
    let directory = URL(filePath: interopDirectory ?? "").appending(path: file.release)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let loaded = try file.load()
    let path = directory.appending(path: "\(file.name).h5").path()
    if file.holdsModel {
      try loaded.model.save(to: path, provenance: "{\"origin\": \"test\"}")
    } else {
      guard !file.name.contains("merge"), !file.name.contains("shape") else { return }
      try loaded.model.saveWeights(to: path)
      let json = try loaded.model.kerasJSON().json
      try json.write(
        to: directory.appending(path: "\(file.name).json"), atomically: true, encoding: .utf8)
    }
    try HDF5File.writeAtomically(to: directory.appending(path: "\(file.name).io.h5").path()) {
      try record(loaded, file, $0.root)
    }
  }

  private func record(_ loaded: LoadedModel, _ file: RecordedFile, _ root: HDF5Group) throws {
    func put(_ path: String, _ tensor: Tensor) throws {
      try root.createDataset(path, tensor.floats(), shape: tensor.shape.dimensions)
    }
    let inputs = try file.tensors("input")
    for (index, input) in inputs.enumerated() { try put("input/\(index)", input) }
    try put("predict", try loaded.model.predictAll(inputs)[0])
    guard file.holdsModel else { return }
    for number in 5..<8 {
      let batch = try file.batch(number)
      for (index, x) in batch.inputs.enumerated() { try put("batch/0\(number)/x/\(index)", x) }
      try put("batch/0\(number)/y", batch.targets[0])
      // As the file has it: what a release does not save starts anew.
      try loaded.model.trainOnBatch(batch)
    }
    for (index, weight) in loaded.weightsInFileOrder().enumerated() {
      try put("after/\(index < 10 ? "0" : "")\(index)", weight)
    }
  }
}
