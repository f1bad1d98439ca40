import Foundation
import StrataHDF5
import Testing

/// `explain` and `attribute` from the command line.
@Suite struct ExplainCommandTests {
  private let digits = fixturePath("digits.h5")
  private let run = fixturePath("../../Models/Digits/digits-keras-0.3.3.run.h5")

  @Test func aReleaseWithItselfIsEmpty() throws {
    let itself = strata("explain", "keras-1.2.0..keras-1.2.0", run, "--json")
    let report = try json(itself.output)
    #expect((report["changes"] as? [Any])?.isEmpty == true)
  }

  @Test func aModelOfKerasNamesItsLayers() throws {
    let model = fixturePath("keras/1.2.0/model_dense_nodrop_adam.h5")
    let outcome = strata("explain", "keras-1.2.0..keras-2.3.1", model, "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let changes = try #require(try json(outcome.output)["changes"] as? [[String: Any]])
    let settings = changes.compactMap { ($0["unit"] as? [String: Any])?["setting"] as? String }
    // Its epsilon is in the file: what the release would take does not apply.
    #expect(settings.contains("adam.form"), "\(settings)")
    #expect(!settings.contains("adam.epsilon"), "\(settings)")
    #expect(!settings.contains { $0.hasPrefix("lstm.") })
  }

  @Test func aRunIsExplained() throws {
    let outcome = strata("explain", "keras-0.3.3..keras-1.2.0", run)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("->"))
    let lines = strata("explain", "keras-0.3.3..keras-1.2.0").lines
    #expect(lines.count > outcome.lines.count, "what does not concern the run is left out")
  }

  @Test func onePairOfReleasesIsWanted() {
    let outcome = strata("explain", "keras-0.3.3")
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("expected two releases, A..B"))
  }

  /// A recorded training without its samples, which are given again.
  @Test func attributeTakesSamplesFromAFile() throws {
    try withDirectory { directory in
      let architecture =
        #"{"class_name": "Sequential", "keras_version": "1.0.8", "config": [{"class_name": "Dense", "#
        + #""config": {"name": "dense_1", "output_dim": 10, "input_dim": 64, "#
        + #""batch_input_shape": [null, 64], "activation": "softmax"}}]}"#
      try write(architecture, to: directory + "/model.json")
      let options = ["--scale", "0.0625", "--one-hot"]
      let fit = strata(
        ["fit", directory + "/model.json", "--data", digits] + options + [
          "--loss", "categorical_crossentropy", "--optimizer", "rmsprop", "--semantics",
          "keras-0.3.3", "--epochs", "1", "--seed", "3", "--verbose", "0", "--record",
          directory + "/a.run.h5",
        ])
      try #require(fit.code == 0, "\(fit.errors)")
      let without = strata("attribute", directory + "/a.run.h5", "--to", "keras-1.2.0")
      #expect(without.code == 1)
      let page = directory + "/page.html"
      let outcome = strata(
        [
          "attribute", directory + "/a.run.h5", "--to", "keras-1.2.0", "--metric", "loss",
          "--data", digits, "--output", page, "--json",
        ] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let rows = try #require(try json(outcome.output)["rows"] as? [[String: Any]])
      let settings = rows.compactMap {
        (($0["change"] as? [String: Any])?["unit"] as? [String: Any])?["setting"] as? String
      }
      #expect(settings.first == "fit.batchSize", "\(settings)")
      #expect(settings.contains("rmsprop.epsilonPlace"))
      #expect(try readText(page).contains("<svg"))
    }
  }
}
