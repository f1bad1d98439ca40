import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

enum Small {
  /// Two features, three classes.
  static func model(
    _ semantics: Semantics = .keras("1.2.0"), loss: any Loss = CategoricalCrossentropy(),
    compiles: Bool = true
  ) throws -> Model {
    let model = try Model(
      Sequential(input: [2]) { Dense(units: 3, activation: .softmax) }, semantics: semantics,
      seed: 1)
    if compiles { try model.compile(optimizer: SGD(), loss: loss, metrics: [.accuracy]) }
    return model
  }

  static func data(_ count: Int) -> Dataset {
    let x = (0..<2 * count).map { Float($0 % 5) / 5 }
    let y = (0..<count).flatMap { row in (0..<3).map { row % 3 == $0 ? Float(1) : 0 } }
    return Dataset(Tensor(x, shape: [count, 2]), Tensor(y, shape: [count, 3]))
  }

  /// Silent options.
  static func options(
    epochs: Int = 1, batchSize: Int? = 4, _ change: (inout FitOptions) -> Void = { _ in }
  ) -> FitOptions {
    var options = FitOptions()
    options.epochs = epochs
    options.batchSize = batchSize
    options.verbosity = .silent
    change(&options)
    return options
  }
}

/// The message of what `body` throws; nil if it throws nothing.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return "\(error)" }
}
