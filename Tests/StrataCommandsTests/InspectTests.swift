import StrataHDF5
import Testing

@Suite struct InspectTests {
  @Test func showsTheTreeOfAFile() {
    let outcome = strata("inspect", fixturePath("hdf5/keras-1.2.0-weights_reg.h5"))
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("HDF5, 4 groups, 8 datasets, 115 elements"))
    #expect(outcome.lines.contains("├─ dense_20/"))
    #expect(outcome.lines.contains("│  ├─ dense_20_W  float32 [6, 8]"))
    #expect(outcome.lines.contains("│  ├─ @weight_names = [\"dense_20_W\", \"dense_20_b\"]"))
    #expect(outcome.lines.last == "   └─ dense_21_b  float32 [3]")
  }

  @Test func showsArchivesOfKeras3() {
    let outcome = strata("inspect", fixturePath("archives/masked_lstm.deflated.keras"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(
      outcome.lines[0].contains(
        "archive of config.json, metadata.json, model.weights.h5; "))
    #expect(outcome.output.contains("model: keras-3.15.1"))
    #expect(outcome.lines.contains("│     └─ vars/"))
  }

  @Test func aDamagedArchiveIsOneClearError() throws {
    try withDirectory { directory in
      let path = directory + "/model.keras"
      try write("PK\u{3}\u{4}...", to: path)
      let outcome = strata("inspect", path)
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "Error: \(path): archive: expected the end of a zip archive, but got a damaged file.\n"
      )
    }
  }

  @Test func namesFilters() {
    let outcome = strata("inspect", fixturePath("hdf5/storage.h5"))
    #expect(
      outcome.lines.last == "└─ shuffled    float32 [60, 10]  (chunks [16, 10], shuffle, gzip 4)")
  }

  @Test func numbersInNamesAreSortedByValue() throws {
    try withDirectory { directory in
      let path = directory + "/layers.h5"
      let file = try HDF5File.create(path)
      for name in ["layer_10", "layer_2", "layer_1"] { try file.root.createGroup(name) }
      try file.close()
      let outcome = strata("inspect", path)
      #expect(outcome.lines.suffix(3) == ["├─ layer_1/", "├─ layer_2/", "└─ layer_10/"])
    }
  }

  @Test func jsonHoldsWholeAttributes() throws {
    let outcome = strata("inspect", "--json", fixturePath("hdf5/keras-1.2.0-weights_reg.h5"))
    let tree = try #require(try json(outcome.output)["tree"] as? [String: Any])
    let root = try #require(tree["root"] as? [String: Any])
    let attributes = try #require(root["attributes"] as? [[String: Any]])
    #expect(
      attributes.first?["texts"] as? [String] == [
        "dense_20", "batchnormalization_4", "dense_21",
      ])
  }

  @Test func printsThePlanOfAStep() {
    let model = fixturePath("../../Models/Digits/digits-keras-1.2.0.h5")
    let outcome = strata("inspect", model, "--plan", "prediction", "--batch-size", "5")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.lines[0].contains(" instructions, arena "))
    #expect(outcome.lines[1].contains("dense_1") && outcome.lines[1].contains("matmul [5, 64]"))
    #expect(outcome.lines.allSatisfy { !$0.contains("convolution") })
    let training = strata("inspect", model, "--plan", "training")
    #expect(training.output.contains("squareRoot"))
    let weights = fixturePath("hdf5/keras-1.2.0-weights_reg.h5")
    #expect(strata("inspect", weights, "--plan", "training").code == 1)
  }

  @Test func aMissingFileIsOneClearError() {
    let outcome = strata("inspect", "nowhere.h5")
    #expect(outcome.code == 1)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: HDF5: cannot open the file 'nowhere.h5': there is no such file.\n")
  }

  @Test func aTextFileIsOneClearError() throws {
    try withDirectory { directory in
      let path = directory + "/text.h5"
      try write("not HDF5", to: path)
      let outcome = strata("inspect", path)
      #expect(outcome.code == 1)
      #expect(outcome.errors.hasPrefix("Error: HDF5: cannot open the file '\(path)': "))
    }
  }
}
