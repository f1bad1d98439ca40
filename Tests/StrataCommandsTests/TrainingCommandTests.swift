import Foundation
import StrataHDF5
import Testing

/// `fit`, `replay` and what reads their files, on the digits.
@Suite struct TrainingCommandTests {
  private let digits = fixturePath("digits.h5")

  /// A small classifier as Keras 1.2.0's `to_json` writes it.
  private func writeArchitecture(_ path: String) throws {
    let layers = """
      {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 16, "input_dim": 64, \
      "batch_input_shape": [null, 64], "activation": "relu"}},
      {"class_name": "Dropout", "config": {"name": "dropout_1", "p": 0.2}},
      {"class_name": "Dense", "config": {"name": "dense_2", "output_dim": 10, \
      "activation": "softmax"}}
      """
    try write(
      "{\"class_name\": \"Sequential\", \"keras_version\": \"1.2.0\", \"config\": [\(layers)]}",
      to: path)
  }

  /// Trains for two epochs in a new directory.
  private func withRun(_ body: (String, Outcome) throws -> Void) throws {
    try withDirectory { directory in
      try writeArchitecture(directory + "/model.json")
      let outcome = strata(
        "fit", directory + "/model.json", "--data", digits, "--scale", "0.0625", "--one-hot",
        "--loss", "categorical_crossentropy", "--metrics", "accuracy", "--epochs", "2",
        "--batch-size", "64", "--validation-split", "0.2", "--seed", "7", "--verbose", "0",
        "--record", directory + "/a.run.h5", "--record-data", "--save", directory + "/a.h5",
        "--csv", directory + "/a.csv")
      try #require(outcome.code == 0, "\(outcome.errors)")
      try body(directory, outcome)
    }
  }

  @Test func fitPrintsADigestAfterEveryEpoch() throws {
    try withRun { _, outcome in
      #expect(outcome.lines.count == 2)
      #expect(outcome.lines[0].hasPrefix("epoch 0 digest "))
      #expect(outcome.lines[1].count == "epoch 1 digest ".count + 64)
      #expect(outcome.errors == "keras-1.2.0+theano-0.9.0, seed 7\n")
    }
  }

  /// The lines of one more epoch of the saved model.
  private func trainedOn(_ directory: String, _ options: String...) -> Outcome {
    let common = [
      "fit", directory + "/a.h5", "--data", digits, "--scale", "0.0625", "--one-hot", "--epochs",
      "1", "--batch-size", "64", "--verbose", "0",
    ]
    return strata(common + options)
  }

  @Test func aSavedModelTakesASeed() throws {
    try withRun { directory, _ in
      let outcomes = ["1", "1", "2"].map { trainedOn(directory, "--seed", $0) }
      #expect(outcomes.allSatisfy { $0.code == 0 }, "\(outcomes[0].errors)")
      #expect(outcomes[0].output == outcomes[1].output)
      #expect(outcomes[0].output != outcomes[2].output)
    }
  }

  /// The rate it has, given once more, changes nothing: the optimizer's state is kept.
  @Test func anotherRateKeepsTheOptimizersState() throws {
    try withRun { directory, _ in
      let plain = trainedOn(directory, "--seed", "1")
      let same = trainedOn(directory, "--seed", "1", "--learning-rate", "0.001")
      let other = trainedOn(directory, "--seed", "1", "--learning-rate", "0.002")
      #expect(same.code == 0 && same.output == plain.output, "\(same.errors)")
      #expect(other.output != plain.output)
      let anew = trainedOn(directory, "--seed", "1", "--optimizer", "adam")
      #expect(anew.output != plain.output, "another optimizer starts anew")
    }
  }

  @Test func aRecordedRunReplaysToTheLastBit() throws {
    try withRun { directory, outcome in
      let replay = strata("replay", directory + "/a.run.h5")
      #expect(replay.code == 0)
      #expect(replay.lines.last == "2 epochs, all identical to the last bit")
      #expect(replay.lines[1].hasPrefix(outcome.lines[0] + " identical  loss "))
    }
  }

  /// The runs that the demo recorded, kept beside its source.
  @Test(arguments: ["0.3.3", "1.2.0"])
  func theDemosRunsReplayToTheLastBit(_ release: String) {
    let outcome = strata(
      "replay", fixturePath("../../Models/Digits/digits-keras-\(release).run.h5"))
    #expect(outcome.code == 0, "\(outcome.lines.last ?? "") \(outcome.errors)")
  }

  @Test func aSavedModelRepeatsItsTraining() throws {
    try withRun { directory, _ in
      let replay = strata(
        "replay", directory + "/a.h5", "--data", digits, "--scale", "0.0625", "--one-hot")
      #expect(replay.code == 0, "\(replay.errors)")
      #expect(replay.lines.last == "2 epochs, all identical to the last bit")
    }
  }

  /// The models that the demo saved, with the samples of the whole file.
  @Test(arguments: ["0.3.3", "1.2.0"])
  func theDemosModelsRepeatTheirTraining(_ release: String) {
    let model = fixturePath("../../Models/Digits/digits-keras-\(release).h5")
    let outcome = strata("replay", model, "--data", digits, "--scale", "0.0625", "--one-hot")
    #expect(outcome.code == 0, "\(outcome.lines.last ?? "") \(outcome.errors)")
    #expect(outcome.lines.last?.hasSuffix("all identical to the last bit") == true)
  }

  @Test func aRunGivesItsSamplesToAModel() throws {
    try withRun { directory, _ in
      let replay = strata("replay", directory + "/a.h5", "--data", directory + "/a.run.h5")
      #expect(replay.code == 0, "\(replay.errors)")
    }
  }

  @Test func aConvertedModelKeepsItsProvenance() throws {
    try withRun { directory, _ in
      let (model, converted) = (directory + "/a.h5", directory + "/b.h5")
      #expect(strata("convert", model, converted, "--to", "keras-1.2.2").code == 0)
      #expect(strata("replay", converted, "--data", directory + "/a.run.h5").code == 0)
    }
  }

  @Test func anotherReleaseStandsBesideTheRecord() throws {
    try withRun { directory, _ in
      let replay = strata("replay", directory + "/a.run.h5", "--as", "keras-0.3.3")
      #expect(replay.code == 0)
      #expect(replay.lines[0].contains("right: keras-0.3.3+theano-0.9.0"))
      #expect(replay.lines.last?.hasPrefix("the histories part in epoch 0") == true)
    }
  }

  @Test func otherDataAreNamed() throws {
    try withRun { directory, _ in
      let replay = strata(
        "replay", directory + "/a.run.h5", "--data", digits, "--scale", "0.125", "--one-hot")
      #expect(replay.code == 1)
      #expect(
        replay.errors.hasPrefix("Error: replay: data/x0: expected samples with the digest "))
    }
  }

  @Test func oneFlippedBitOfARunIsNamed() throws {
    try withRun { directory, _ in
      let path = directory + "/a.run.h5"
      let dataset = try HDF5File.open(path, access: .readWrite).root.dataset("initial/0000")
      var values = try dataset.read(as: Float.self)
      values[3] = Float(bitPattern: values[3].bitPattern ^ 1)
      try dataset.write(values)
      let replay = strata("replay", path)
      #expect(replay.code == 1)
      #expect(replay.errors.hasPrefix("Error: \(path): initial/0000: expected values with the "))
    }
  }

  @Test func histories() throws {
    try withRun { directory, _ in
      for file in ["a.run.h5", "a.h5", "a.csv"] {
        let report = try json(
          strata("plot", directory + "/" + file, "--metric", "loss", "--json").output)
        let panels = try #require(report["panels"] as? [[String: Any]])
        let series = try #require((panels[0]["series"] as? [[String: Any]])?.first)
        #expect((series["values"] as? [Double])?.count == 2)
        #expect(series["run"] as? String == "a")
      }
    }
  }

  @Test func aSavedModelIsTrainedOn() throws {
    try withRun { directory, _ in
      let outcome = strata(
        "fit", directory + "/a.h5", "--data", digits, "--scale", "0.0625", "--one-hot",
        "--epochs", "1", "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let report = try json(outcome.output)
      #expect((report["digests"] as? [String])?.count == 1)
      let history = try #require(report["history"] as? [String: [Double]])
      let before = try HDF5File.open(directory + "/a.run.h5").root.dataset("history/loss")
        .read(as: Double.self)
      #expect(try #require(history["loss"]?.first) < before[1])
    }
  }

  @Test func inspectSummarisesARun() throws {
    try withRun { directory, _ in
      let outcome = strata("inspect", directory + "/a.run.h5")
      #expect(outcome.output.contains("run: keras-1.2.0+theano-0.9.0, seed 7, complete"))
      #expect(outcome.output.contains("data: 1797 samples; in the file"))
    }
  }

  @Test func aLossIsNeeded() throws {
    try withDirectory { directory in
      try writeArchitecture(directory + "/model.json")
      let outcome = strata("fit", directory + "/model.json", "--data", digits)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors.hasSuffix(
          "Error: fit: --loss: expected the name of a loss, but there is none, nor does the "
            + "model's file say how it was compiled.\n"))
    }
  }

  @Test func labelsOutOfRangeAreNamed() throws {
    try withDirectory { directory in
      try writeArchitecture(directory + "/model.json")
      let file = try HDF5File.create(directory + "/data.h5")
      try file.root.createDataset("x", [Float](repeating: 0, count: 128), shape: [2, 64])
      try file.root.createDataset("y", [Int32(3), 10])
      try file.close()
      let outcome = strata(
        "fit", directory + "/model.json", "--data", directory + "/data.h5", "--one-hot",
        "--loss", "mse")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors.hasSuffix(
          "data.h5, y: expected numbers of classes from 0 to 9, but row 1 is 10.0.\n"))
    }
  }

  @Test(
    arguments: [
      ("1e-3", [], [1e-3]), ("1e-3,20:1e-4,30:1e-5", [20, 30], [1e-3, 1e-4, 1e-5]),
    ] as [(String, [Int], [Double])])
  func schedules(_ text: String, _ steps: [Int], _ rates: [Double]) throws {
    try withDirectory { directory in
      try writeArchitecture(directory + "/model.json")
      let run = directory + "/s.run.h5"
      let outcome = strata(
        "fit", directory + "/model.json", "--data", digits, "--scale", "0.0625", "--one-hot",
        "--loss", "mse", "--epochs", "1", "--verbose", "0", "--schedule", text, "--record", run)
      #expect(outcome.code == 0)
      let rate = try HDF5File.open(run).root.dataset("batch/rate").read(as: Float.self)
      #expect(rate.first == Float(rates[0]))
    }
  }

  @Test func aWrongScheduleIsAWrongCommandLine() {
    let outcome = strata("fit", "m.json", "--data", "d.h5", "--schedule", "20:1e-3")
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("'20:1e-3'"))
  }
}
