import StrataHDF5
import Testing

/// `replay` of models that real Keras saved.
@Suite struct FurtherTrainingTests {
  private let model = fixturePath("keras/1.2.0/model_dense_nodrop_adam.h5")
  private let recorded = fixturePath("keras/1.2.0/model_dense_nodrop_adam.io.h5")

  /// The batch that Keras trained on next after saving, as a file of samples.
  private func withNextBatch(_ body: (String) throws -> Void) throws {
    try withDirectory { directory in
      let batch = try HDF5File.open(recorded).root.group("batch/05")
      let file = try HDF5File.create(directory + "/data.h5")
      for (from, to) in [("x/0", "x"), ("y", "y")] {
        let dataset = try batch.dataset(from)
        try file.root.createDataset(
          to, try dataset.read(as: Float.self), shape: dataset.shape)
      }
      try file.close()
      try body(directory + "/data.h5")
    }
  }

  @Test func theReleasesDefaultsAreTaken() throws {
    try withNextBatch { data in
      let outcome = strata("replay", model, "--data", data)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.lines.first
          == "saved by keras-1.2.0+theano-0.9.0 without a record of its training: nothing to "
          + "compare with, trained on from its weights")
      #expect(
        outcome.lines[1]
          == "keras-1.2.0+theano-0.9.0, adam after 5 updates, 10 epochs, batches of 32 "
          + "(the release's defaults), seed 0")
      #expect(outcome.lines.count == 12)
      #expect(outcome.lines[2].hasPrefix("epoch 0 digest "))
      #expect(outcome.lines[11].contains("  loss "))
      #expect(strata("replay", model, "--data", data).output == outcome.output)
    }
  }

  /// One step in one batch is what Keras did after loading its file.
  @Test func theFirstLossIsTheOneThatKerasHad() throws {
    try withNextBatch { data in
      let outcome = strata(
        "replay", model, "--data", data, "--epochs", "1", "--batch-size", "64", "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let report = try #require(try json(outcome.output)["trainedOn"] as? [String: Any])
      let history = try #require(report["history"] as? [String: [Double]])
      let keras = try HDF5File.open(recorded).root.dataset("loss_resumed").read(as: Double.self)
      #expect(abs(try #require(history["loss"]?.first) - keras[0]) < 1e-5 * keras[0])
    }
  }

  @Test func samplesAreNeeded() {
    let outcome = strata("replay", model)
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "Error: replay: \(model): expected samples to train on (--data FILE), since the file "
        + "holds no record of a training, but there are none.\n")
  }

  @Test func aRecordedRunTakesNoOtherEpochs() {
    let run = fixturePath("../../Models/Digits/digits-keras-1.2.0.run.h5")
    let outcome = strata("replay", run, "--epochs", "3")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "Error: replay: \(run): expected no --epochs, --batch-size or --seed for a recorded "
        + "training, but there are.\n")
  }
}
