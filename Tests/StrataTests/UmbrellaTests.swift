import Foundation
import Strata
import Testing

/// What a user does with `import Strata` alone.
@Suite struct UmbrellaTests {
  private let data = Dataset(
    Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2]), Tensor([0, 1, 1, 0], shape: [4, 1]))
  private let options = {
    var options = FitOptions()
    options.epochs = 2
    options.verbosity = .silent
    return options
  }()

  private func makeModel() throws -> Model {
    let network = Sequential(input: [2]) {
      Dense(units: 4, activation: .tanh)
      Dense(units: 1, activation: .sigmoid)
    }
    let model = try Model(network, semantics: .keras("1.2.0"), seed: 3)
    try model.compile(optimizer: SGD(), loss: BinaryCrossentropy())
    return model
  }

  private func withPath<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.appending(path: "model.h5").path())
  }

  @Test func checkpointsNeedAWriter() throws {
    try withPath { path in
      let model = try makeModel()
      let checkpoint = try ModelCheckpoint(path, monitor: "loss")
      let error = #expect(throws: CompileError.self) {
        try model.fit(data, options, callbacks: [checkpoint])
      }
      #expect(
        error?.description
          == "compile: expected a writer for checkpoints (`model.writer = KerasWriter()`), "
          + "but got none.")
      model.writer = KerasWriter()
      try model.fit(data, options, callbacks: [checkpoint])
      #expect(try Model.load(path).predict(data.inputs[0]).shape == [4, 1])
    }
  }

  @Test func aRecordedTrainingIsInTheSavedModel() throws {
    try withPath { path in
      let model = try makeModel()
      try model.fit(data, options, recordTo: path + ".run.h5")
      try model.save(to: path)
      let text = try #require(try KerasFile.load(path).provenance)
      #expect(try Provenance(text: text).history["loss"]?.count == 2)
    }
  }

  @Test func aChangedModelHasNoProvenance() throws {
    try withPath { path in
      let model = try makeModel()
      try model.fit(data, options, recordTo: path + ".run.h5")
      try model.fit(data, options)
      try model.save(to: path)
      #expect(try KerasFile.load(path).provenance == nil)
    }
  }
}
