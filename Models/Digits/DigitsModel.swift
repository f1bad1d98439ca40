import StrataCallbacks
import StrataCore
import StrataKeras
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining

/// The classifier of the digits and how it is trained: the same code for every release.
struct DigitsModel {
  /// 64 grey values to 10 probabilities.
  static let architecture = Sequential(input: [64]) {
    Dense(units: 128)
    BatchNormalization()
    ActivationLayer(activation: .relu)
    Dropout(rate: 0.25)
    Dense(units: 64, activation: .relu)
    Dense(units: 10, activation: .softmax)
  }

  /// A compiled model with the release's initial weights.
  static func make(_ semantics: Semantics) throws -> Model {
    let model = try Model(architecture, semantics: semantics, seed: 1337)
    model.writer = KerasWriter()
    try model.compile(
      optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    return model
  }

  /// The rate drops after 20 epochs; the best model is kept; training ends when nothing improves.
  static func callbacks(checkpoint path: String) throws -> [any Callback] {
    [
      try Step(steps: [20], rates: [1e-3, 1e-4]),
      try ModelCheckpoint(path, monitor: "val_loss", saveBestOnly: true),
      EarlyStopping(monitor: "val_loss", patience: 5),
    ]
  }
}
