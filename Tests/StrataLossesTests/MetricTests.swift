import StrataCore
import StrataLosses
import StrataSemantics
import StrataTensor
import Testing

@Suite struct MetricTests {
  private func value(
    _ name: String, _ version: Version, target: Tensor, prediction: Tensor
  ) throws -> Float {
    try MetricRegistry.builtIn.resolve(name, .keras(version))
      .batchValue(target: target, prediction: prediction).scalar()
  }
  private let prediction = Tensor([0.1, 0.7, 0.2, 0.5, 0.3, 0.2], shape: [2, 3])

  @Test func categoricalAccuracyComparesTheLargest() throws {
    let target = Tensor([0, 1, 0, 0, 1, 0], shape: [2, 3])
    let share = try value(
      "categorical_accuracy", "1.2.0", target: target, prediction: prediction)
    #expect(share == 0.5)
  }

  @Test func sparseAccuracyTakesClassNumbers() throws {
    let target = Tensor([Int32](arrayLiteral: 1, 0), shape: [2, 1])
    let share = try value(
      "sparse_categorical_accuracy", "1.2.0", target: target, prediction: prediction)
    #expect(share == 1)
  }

  /// Rounding takes 1.6 for 2, the threshold takes it for 1; ½ is 0 in both.
  @Test func binaryAccuracyRoundsUntil24() throws {
    let target = Tensor([0, 1, 1], shape: [3, 1])
    let p = Tensor([0.5, 0.75, 1.6], shape: [3, 1])
    let old = try value("binary_accuracy", "1.2.0", target: target, prediction: p)
    #expect(abs(old - 2.0 / 3) < 1e-6)
    #expect(try value("binary_accuracy", "2.4.0", target: target, prediction: p) == 1)
  }

  @Test func topKCountsLargerPredictions() throws {
    let target = Tensor([0, 0, 1, 0, 1, 0], shape: [2, 3])
    let best = TopKCategoricalAccuracy(k: 1).batchValue(target: target, prediction: prediction)
    #expect(try best.scalar() == 0)
    let two = TopKCategoricalAccuracy(k: 2).batchValue(target: target, prediction: prediction)
    #expect(try two.scalar() == 1)
    let sparse = SparseTopKCategoricalAccuracy(k: 2)
      .batchValue(target: Tensor([2, 1], shape: [2]), prediction: prediction)
    #expect(try sparse.scalar() == 1)
  }

  @Test(
    arguments: [
      ("0.3.2", "binary_crossentropy", [1], [1], .categorical),
      ("0.3.3", "binary_crossentropy", [3], [3], .categorical),
      ("0.3.3", "mean_squared_error", [1], [1], .binary),
      ("1.0.1", "sparse_categorical_crossentropy", [3], [1], .categorical),
      ("1.0.2", "sparse_categorical_crossentropy", [3], [1], .sparseCategorical),
      ("1.0.6", "binary_crossentropy", [3], [3], .binary),
      ("2.3.1", "binary_crossentropy", [3], [3], .binary),
      ("2.4.0", "binary_crossentropy", [3], [3], .categorical),
      ("2.4.0", "mean_squared_error", [3], [1], .sparseCategorical),
    ] as [(Version, String, Shape, Shape, AccuracyChoice)])
  func accuracyIsChosenByRelease(
    _ version: Version, _ loss: String, _ output: Shape, _ target: Shape,
    _ expected: AccuracyChoice
  ) {
    let choice = AccuracyChoice.choose(
      loss: loss, output: output, target: target, under: .keras(version))
    #expect(choice == expected)
  }

  @Test(
    arguments: [("0.1.0", "accuracy"), ("0.3.3", "acc"), ("2.2.5", "acc"), ("2.3.0", "typed")]
      as [(Version, String)])
  func logNameFollowsTheRelease(_ version: Version, _ expected: String) {
    let name = AccuracyLogName.history.value(under: .keras(version))
    #expect(name.key(typed: "typed") == expected)
  }

  @Test func unknownNamesAreListed() {
    let error = #expect(throws: UnknownNameError.self) {
      try MetricRegistry.builtIn.resolve("accuracy", .keras("0.3.3"))
    }
    #expect(error?.kind == "metric" && error?.known.contains("binary_accuracy") == true)
  }
}
