import Foundation
import StrataCallbacks
import StrataCore
import Testing

/// What every callback with a configuration must do, run once for each.
@Suite struct ConfigurationTests {
  static func examples() throws -> [any ConfigurableCallback] {
    [
      try Step(steps: [20], rates: [1e-4, 1e-6]),
      EarlyStopping(minDelta: 0.01, patience: 3, mode: .min, baseline: 0.5),
      try ModelCheckpoint("w.{epoch:02d}.h5", saveBestOnly: true, period: 2),
      try ReduceLROnPlateau(factor: 0.5, patience: 2, minimumRate: 1e-5),
      CSVLogger("log.csv", separator: ";", append: true), TerminateOnNaN(raisesError: true),
      SwapEMAWeights(swapsOnEpoch: true), try BackupAndRestore("backup", batches: 7),
      try TensorBoard("logs", updateFrequency: .every(3), histogramFrequency: 2),
    ]
  }

  @Test func everyRegisteredCallbackIsBuiltAgainFromJSON() throws {
    let examples = try Self.examples()
    let names = examples.map { type(of: $0).name }
    #expect(Set(names) == Set(CallbackRegistry.builtIn.names))
    for example in examples {
      let data = try JSONEncoder().encode(example.configuration)
      let decoded = try JSONDecoder().decode(CallbackConfiguration.self, from: data)
      let again = try CallbackRegistry.builtIn.callback(decoded)
      #expect(type(of: again) == type(of: example))
      #expect(again.configuration == decoded)
    }
  }

  @Test func theConfigurationOfStepIsThatOfKeras() throws {
    let step = try Step(steps: [20], rates: [1e-4, 1e-6])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(step.configuration), as: UTF8.self)
    #expect(
      text == #"{"class_name":"Step","config":{"rates":[0.0001,1e-06],"steps":[20]}}"#)
  }

  @Test func everyCallbackNamesUnknownSettings() throws {
    for example in try Self.examples() {
      var configuration = example.configuration
      configuration.settings["colour"] = "red"
      let error = #expect(throws: HyperparameterError.self) {
        try CallbackRegistry.builtIn.callback(configuration)
      }
      #expect(
        error?.description
          == "\(type(of: example).name): config must be made of known settings, but got \"colour\"."
      )
    }
  }

  @Test func anUnknownClassIsNamedWithTheKnownOnes() {
    let error = #expect(throws: UnknownNameError.self) {
      try CallbackRegistry.builtIn.callback(CallbackConfiguration("Cake"))
    }
    #expect(
      error?.description
        == "callback: expected one of BackupAndRestore, CSVLogger, EarlyStopping, ModelCheckpoint, "
        + "ReduceLROnPlateau, Step, SwapEMAWeights, TensorBoard, TerminateOnNaN, but got \"Cake\".")
  }

  @Test func aSettingOfTheWrongKindIsAnError() {
    let configuration = CallbackConfiguration("EarlyStopping", ["patience": "three"])
    let error = #expect(throws: HyperparameterError.self) {
      try EarlyStopping(configuration: configuration)
    }
    #expect(
      error?.description == "EarlyStopping: patience must be a whole number, but got \"three\".")
  }

  @Test func statesSurviveJSONWithInfinitiesAndWeights() throws {
    let stopping = EarlyStopping(patience: 4, restoreBestWeights: true)
    let control = RecordingControl()
    control.weights = WeightSnapshot([[.nan, -0.0, 1.5], [.infinity]])
    stopping.trainBegin(control)
    var logs = Logs(["val_loss": .nan])
    try stopping.epochEnd(0, &logs, control)
    let data = try JSONEncoder().encode(stopping.state)
    let state = try JSONDecoder().decode([String: SettingValue].self, from: data)
    let again = EarlyStopping(patience: 4, restoreBestWeights: true)
    try again.restore(state)
    #expect(again.best == .infinity)
    #expect(again.wait == 1)
    again.trainBegin(control)
    #expect(again.wait == 1)
    try again.trainEnd(control)
    #expect(control.weights.values[0].map(\.bitPattern).dropFirst() == [0x8000_0000, 0x3fc0_0000])
    #expect(control.weights.values[0][0].isNaN)
  }
}
