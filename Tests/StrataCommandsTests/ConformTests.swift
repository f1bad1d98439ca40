import Foundation
import StrataCore
import StrataHDF5
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Adam with an epsilon of 1e-5 in place of 1e-8.
///
/// In these traces ten times epsilon moves a parameter by 1e-7 of the largest one only.
private struct WrongAdam: OptimizerRule, Configurable {
  static let name = "adam"
  static let className = "Adam"
  static var settings: [Setting<WrongAdam>] {
    [
      .number("beta_1", \.adam.beta1), .number("beta_2", \.adam.beta2),
      .number("epsilon", \.adam.epsilon), .flag("amsgrad", \.adam.amsgrad),
    ]
  }
  private var adam = Adam()

  var learningRate: Float? {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }
  var slots: [SlotSpec] { adam.slots }

  mutating func resolve(under semantics: Semantics) throws(HyperparameterError) {
    try adam.resolve(under: semantics)
    adam.epsilon = adam.epsilon.map { 1000 * $0 }
  }

  func update(
    _ parameter: Tensor, gradient: Tensor, _ state: OptimizerState
  ) -> ParameterUpdate {
    adam.update(parameter, gradient: gradient, state)
  }
}

@Suite struct ConformTests {
  @Test func tracesOfAReleaseAgree() throws {
    let outcome = strata("conform", fixturePath("callbacks/keras-1.2.0"), "--json")
    let report = try json(outcome.output)
    let rows = try #require(report["summary"] as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows.first?["release"] as? String == "keras-1.2.0")
    #expect(rows.first?["axis"] as? String == "callbacks")
    #expect(rows.first?["differing"] as? Int == 0)
    #expect((rows.first?["agreeing"] as? Int ?? 0) > 50)
  }

  @Test func everyOptimizerOfAReleaseAgreesWithItsRecord() throws {
    let outcome = strata("conform", fixturePath("optimizers"), "--only", "optimizers", "--json")
    #expect(outcome.code == 0)
    let traces = try #require(try json(outcome.output)["traces"] as? [[String: Any]])
    #expect(!traces.isEmpty)
    #expect(traces.allSatisfy { $0["verdict"] as? String == "agrees" })
    #expect(traces.allSatisfy { ($0["largestRelative"] as? Double ?? 1) <= 4e-6 })
  }

  @Test func aWrongEpsilonDiffers() throws {
    let traces = fixturePath("optimizers/keras-1.2.0")
    var catalog = Catalog.builtIn
    #expect(strata("conform", traces, catalog: catalog).code == 0)
    catalog.optimizers = catalog.optimizers.adding(WrongAdam())
    let outcome = strata("conform", traces, catalog: catalog)
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("differs: keras-1.2.0 optimizers adam_"))
  }

  /// A thousandth more in one recorded parameter.
  @Test func anAlteredTraceDiffers() throws {
    try withDirectory { directory in
      let names = try FileManager.default.contentsOfDirectory(
        atPath: fixturePath("optimizers/keras-1.2.0")
      ).sorted()
      let folder = directory + "/optimizers"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.copyItem(
          atPath: fixturePath("optimizers/keras-1.2.0/" + name), toPath: folder + "/" + name)
      }
      #expect(strata("conform", folder).code == 0)
      let altered = try #require(names.first { $0.hasPrefix("adam_") })
      let dataset = try HDF5File.open(folder + "/" + altered, access: .readWrite).root
        .dataset("params/0")
      var values = try dataset.read(as: Float.self)
      values[values.count - 1] *= 1.001
      try dataset.write(values)
      let outcome = strata("conform", folder)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("differs: keras-1.2.0 optimizers adam_"))
    }
  }

  @Test func aFileOfAnUnknownKindIsNotAgreement() throws {
    try withDirectory { directory in
      let path = directory + "/strange.h5"
      let file = try HDF5File.create(path)
      try file.root.attributes.set("meta", to: "{\"case\": \"strange\"}")
      try file.close()
      let outcome = strata("conform", path)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("unknown: keras-? ? strange: no runner for"))
    }
  }

  @Test func anUnknownAxisIsNamedWithTheKnown() {
    let outcome = strata("conform", "x", "--only", "optimisers")
    #expect(outcome.code == 64)
    #expect(
      outcome.errors.contains(
        "expected optimizers, losses, callbacks, fit, layers, files, metrics, "
          + "but got \"optimisers\"."))
  }

  @Test func aMissingPathIsAnError() {
    let outcome = strata("conform", "nowhere")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors
        == "Error: nowhere: expected a trace or a folder of traces, but got no such file.\n")
  }

  @Test func aFolderWithoutTracesIsAnError() throws {
    try withDirectory { directory in
      #expect(
        strata("conform", directory).errors
          == "Error: \(directory): expected recorded traces, but got a folder without any.\n")
    }
  }
}
