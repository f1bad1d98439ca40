import Foundation
import StrataHDF5
import StrataSemantics
import StrataTraining
import Testing

@testable import StrataKeras

@Suite("Files that cannot be read")
struct FileErrorTests {
  private let good = RecordedFile.named("1.2.0", "model_dense_nodrop_adam")

  /// The message for a file whose configuration was changed.
  private func message(replacing old: String, with new: String) throws -> String {
    try withTemporaryPath { path in
      try write(path, replacing: old, with: new)
      return message(path).replacingOccurrences(of: path, with: "F")
    }
  }

  private func write(_ path: String, replacing old: String, with new: String) throws {
    try FileManager.default.copyItem(atPath: good.path, toPath: path)
    let file = try HDF5File.open(path, access: .readWrite)
    for name in ["model_config", "training_config"] {
      let text = try file.root.attributes.string(name)
      try file.root.attributes.set(
        name, to: text.replacingOccurrences(of: old, with: new), as: .variableASCII)
    }
    try file.close()
  }

  private func message(_ path: String, architecture: String? = nil) -> String {
    do {
      _ = try KerasFile.load(path, architecture: architecture)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("an unknown layer is named, with those that are known")
  func unknownLayer() throws {
    let text = try message(
      replacing: "\"class_name\": \"BatchNormalization\"", with: "\"class_name\": \"Fancy\"")
    #expect(
      text.hasPrefix("F: layer batchnormalization_5: expected a known layer (Activation, Act"))
    #expect(text.hasSuffix("but got class Fancy."))
  }

  @Test("an unknown optimizer or loss is named; the model is loaded without one")
  func unknownOptimizer() throws {
    let optimizer = try notes(
      replacing: "\"class_name\": \"Adam\"", with: "\"class_name\": \"Fancy\"")
    #expect(optimizer.contains { $0.contains("optimizer: expected one of adadelta, ") })
    let loss = try notes(replacing: "\"categorical_crossentropy\"", with: "\"fancy\"")
    #expect(loss.contains { $0.contains("loss: expected one of binary_crossentropy") })
  }

  /// What is missing of a model that is loaded without having been compiled.
  private func notes(replacing old: String, with new: String) throws -> [String] {
    try withTemporaryPath { path in
      try write(path, replacing: old, with: new)
      let loaded = try KerasFile.load(path)
      #expect(loaded.training == nil && loaded.model.compiled == nil)
      return loaded.notes.filter { $0.kind == .missing }.map(\.text)
    }
  }

  @Test("another shape is an error that names both")
  func shape() throws {
    let text = try message(replacing: "\"output_dim\": 8", with: "\"output_dim\": 9")
    #expect(
      text == "F: /model_weights/dense_22/dense_22_W: expected shape [6, 9] for dense_22/kernel,"
        + " but got [6, 8].")
  }

  @Test("an activation that does not exist names those that do")
  func activation() throws {
    let text = try message(replacing: "\"activation\": \"tanh\"", with: "\"activation\": \"tan\"")
    #expect(text.hasPrefix("F: layer dense_23 (Dense), activation: expected one of celu, elu"))
    #expect(text.hasSuffix("but got \"tan\"."))
  }

  @Test("an unknown key is reported and has no effect")
  func unknownKey() throws {
    try withTemporaryPath { path in
      try FileManager.default.copyItem(atPath: good.path, toPath: path)
      let file = try HDF5File.open(path, access: .readWrite)
      let text = try file.root.attributes.string("model_config")
      try file.root.attributes.set(
        "model_config",
        to: text.replacingOccurrences(of: "\"bias\": true", with: "\"bias\": true, \"fancy\": 3"),
        as: .variableASCII)
      try file.close()
      let notes = try KerasFile.load(path).notes
      #expect(
        notes.contains {
          $0.kind == .unknownKey
            && $0.description == "layer dense_22: the key fancy is not known: 3"
        })
    }
  }

  @Test("weights alone need an architecture")
  func weightsAlone() throws {
    let text = message(RecordedFile.named("1.2.0", "weights_dense").path)
    #expect(
      text.hasSuffix(
        "model: expected the attribute model_config, or a file of the architecture,"
          + " but got layer_names."))
  }

  @Test("a text, a missing and a cut file give one clear message each")
  func brokenFiles() throws {
    try withTemporaryPath { path in
      #expect(message(path).contains("model.h5"))
      try Data("not HDF5".utf8).write(to: URL(filePath: path))
      #expect(message(path).contains("model.h5"))
      let whole = try Data(contentsOf: URL(filePath: good.path))
      try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
      #expect(message(path).contains("model.h5"))
    }
  }

  @Test("a configuration that is not JSON names the position")
  func brokenJSON() throws {
    let text = try message(replacing: "\"class_name\": \"Sequential\",", with: "\"class_name\"")
    #expect(text.contains("configuration: expected JSON, but got JSON: expected \":\" at byte 14"))
  }

  @Test("a failed save keeps the file that was there")
  func atomic() throws {
    let model = try good.load().model
    try withTemporaryPath { path in
      try Data("precious".utf8).write(to: URL(filePath: path))
      #expect(throws: KerasFileError.self) {
        try model.save(to: path, release: .keras("2.3.1"))
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
    }
  }
}
