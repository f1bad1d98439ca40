import Foundation
import StrataCore
import StrataHDF5
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@testable import StrataKeras

@Suite("Files of real releases")
struct GoldenFileTests {
  @Test("predict as the release did", arguments: RecordedFile.all)
  func predictions(_ file: RecordedFile) throws {
    let loaded = try file.load()
    let outputs = try loaded.model.predictAll(try file.tensors("input"))
    #expect(try distance(outputs[0], file.tensor("predict")) < 1e-5)
    #expect(!loaded.notes.contains { $0.kind == .unknownKey }, "\(loaded.notes)")
    #expect(loaded.source.description == "keras-\(file.release)+theano-0.9.0")
  }

  @Test("train on as the release did after loading", arguments: RecordedFile.models)
  func continuation(_ file: RecordedFile) throws {
    let loaded = try file.load()
    for number in 5..<10 { try loaded.model.trainOnBatch(try file.batch(number)) }
    let expected = try file.tensors("resumed")
    let weights = loaded.weightsInReleaseOrder()
    #expect(weights.count == expected.count)
    for (index, (weight, expected)) in zip(weights, expected).enumerated() {
      #expect(try distance(weight, expected) < 2e-5, "weight \(index)")
    }
  }

  @Test("have the recorded optimizer state", arguments: RecordedFile.models)
  func optimizerState(_ file: RecordedFile) throws {
    let loaded = try file.load()
    let path = URL(filePath: NSTemporaryDirectory()).appending(path: "\(UUID()).h5").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try loaded.model.save(to: path)
    let group = try HDF5File.open(path).root.group("optimizer_weights")
    let recorded = try file.tensors("saved_optimizer")
    let names = try group.attributes.strings("weight_names")
    #expect(names.count == recorded.count)
    for (name, expected) in zip(names, recorded) {
      #expect(try group.dataset(name).read(as: Float.self) == expected.floats(), "\(name)")
    }
  }

  @Test("are saved with the same configuration", arguments: RecordedFile.all)
  func configuration(_ file: RecordedFile) throws {
    guard !file.name.contains("merge"), !file.name.contains("shape") else { return }
    let loaded = try file.load()
    let text = String(decoding: try Data(contentsOf: URL(filePath: file.json)), as: UTF8.self)
    let written = try loaded.model.kerasJSON()
    let found = try differences(JSONValue(parsing: written.json), JSONValue(parsing: text))
    #expect(found == [])
    #expect(written.notes == [])
    guard file.holdsModel else { return }
    try withTemporaryPath { path in
      try loaded.model.save(to: path)
      let (own, theirs) = (try HDF5File.open(path).root, try HDF5File.open(file.path).root)
      for name in ["model_config", "training_config"] {
        let (a, b) = (try own.attributes.string(name), try theirs.attributes.string(name))
        #expect(try differences(JSONValue(parsing: a), JSONValue(parsing: b)) == [])
      }
    }
  }

  /// Where two values differ.
  private func differences(_ a: JSONValue, _ b: JSONValue, _ path: String = "") -> [String] {
    switch (a, b) {
    case (.object(let a), .object(let b)):
      return Set(a.keys + b.keys).sorted().flatMap { key -> [String] in
        guard let left = a[key], let right = b[key] else {
          return [
            "\(path)/\(key): \(a[key].map { "\($0)" } ?? "none"), not "
              + (b[key].map { "\($0)" } ?? "none")
          ]
        }
        return differences(left, right, "\(path)/\(key)")
      }
    case (.array(let a), .array(let b)) where a.count == b.count:
      return zip(a, b).enumerated().flatMap { differences($1.0, $1.1, "\(path)/\($0)") }
    default: return a == b ? [] : ["\(path): \(a), not \(b)"]
    }
  }
}
