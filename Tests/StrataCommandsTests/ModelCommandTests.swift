import StrataHDF5
import Testing

/// Commands on the files of real Keras in `Fixtures/keras`.
@Suite struct ModelCommandTests {
  private let model = fixturePath("keras/1.2.0/model_dense_nodrop_adam.h5")
  private let recorded = fixturePath("keras/1.2.0/model_dense_nodrop_adam.io.h5")

  /// The recorded inputs and outputs as `verify` wants them; `error` is added to one output.
  private func writeIO(_ path: String, adding error: Float = 0) throws {
    let source = try HDF5File.open(recorded).root
    let file = try HDF5File.create(path)
    for (from, to) in [("input/0", "x"), ("predict", "y")] {
      let dataset = try source.dataset(from)
      var values = try dataset.read(as: Float.self)
      if to == "y" { values[4] += error }
      try file.root.createDataset(to, values, shape: dataset.shape)
    }
    try file.close()
  }

  @Test func verifyAgreesWithRealKeras() throws {
    try withDirectory { directory in
      try writeIO(directory + "/io.h5")
      let outcome = strata("verify", model, "--io", directory + "/io.h5")
      #expect(outcome.code == 0)
      #expect(outcome.lines.last == "agrees within 1e-05")
    }
  }

  @Test func verifyFindsAThousandth() throws {
    try withDirectory { directory in
      try writeIO(directory + "/io.h5", adding: 1e-3)
      let outcome = strata("verify", model, "--io", directory + "/io.h5", "--json")
      #expect(outcome.code == 1)
      let report = try json(outcome.output)
      #expect(report["agrees"] as? Bool == false)
      let outputs = try #require(report["outputs"] as? [[String: Any]])
      #expect(outputs.first?["index"] as? Int == 4)
      let wide = strata("verify", model, "--io", directory + "/io.h5", "--tolerance", "0.1")
      #expect(wide.code == 0)
    }
  }

  @Test func verifyNamesWhatIsMissing() throws {
    try withDirectory { directory in
      let file = try HDF5File.create(directory + "/io.h5")
      try file.root.createDataset("input", [Float](repeating: 0, count: 6), shape: [1, 6])
      try file.close()
      let outcome = strata("verify", model, "--io", directory + "/io.h5")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "Error: data: \(directory)/io.h5: expected a dataset x or x0, x1, …, "
          + "but there is input.\n")
    }
  }

  @Test func predictWritesWhatVerifyAccepts() throws {
    try withDirectory { directory in
      try writeIO(directory + "/io.h5")
      let y = directory + "/y.h5"
      #expect(strata("predict", model, "--data", directory + "/io.h5", "-o", y).code == 0)
      let ours = try HDF5File.open(y).root.dataset("y")
      let theirs = try HDF5File.open(recorded).root.dataset("predict")
      #expect(ours.shape == theirs.shape)
      let pairs = zip(try ours.read(as: Float.self), try theirs.read(as: Float.self))
      #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func predictRefusesAnotherShape() throws {
    try withDirectory { directory in
      let file = try HDF5File.create(directory + "/x.h5")
      try file.root.createDataset("x", [Float](repeating: 0, count: 10), shape: [2, 5])
      try file.close()
      let outcome = strata("predict", model, "--data", directory + "/x.h5")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "Error: input_1: expected samples of shape [6], but got an array of shape [2, 5].\n")
    }
  }

  @Test func convertedWeightsPredictTheSame() throws {
    try withDirectory { directory in
      try writeIO(directory + "/io.h5")
      let weights = directory + "/weights.h5"
      let json = directory + "/model.json"
      let first = strata("convert", model, weights, "--to", "keras-1.2.0-weights")
      #expect(first.code == 0)
      #expect(first.lines.first?.contains("(keras-1.2.0+theano-0.9.0, weights)") == true)
      #expect(strata("convert", model, json, "--to", "keras-1.2.0-architecture").code == 0)
      let outcome = strata(
        "verify", weights, "--architecture", json, "--io", directory + "/io.h5")
      #expect(outcome.code == 0)
    }
  }

  @Test func anUnwritableTargetIsOneClearError() {
    let outcome = strata("convert", model, "/nowhere/at/all.h5", "--to", "keras-1.2.0")
    #expect(outcome.code == 1)
    #expect(outcome.errors.hasPrefix("Error: HDF5: cannot "))
    #expect(outcome.errors.contains("/nowhere/at/all.h5"))
  }

  @Test func inspectTellsHowAModelWasTrained() {
    let outcome = strata("inspect", model)
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("model: keras-1.2.0+theano-0.9.0 (keras1)"))
    #expect(outcome.output.contains("loss: categorical_crossentropy"))
    #expect(outcome.output.contains("state: 5 updates, rate 0.001, "))
  }

  @Test func inspectShowsTheTreeOfAModelThatCannotBeBuilt() throws {
    try withDirectory { directory in
      let path = directory + "/strange.h5"
      let file = try HDF5File.create(path)
      try file.root.attributes.set("model_config", to: "{nonsense")
      try file.close()
      let outcome = strata("inspect", path)
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("model: cannot be built: "))
      #expect(outcome.lines.last == "└─ @model_config = \"{nonsense\"")
    }
  }
}
