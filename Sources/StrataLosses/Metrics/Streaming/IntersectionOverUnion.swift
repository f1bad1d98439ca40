public import StrataCore
public import StrataSemantics
public import StrataTensor

/// Intersection over union of some classes; targets and predictions are class numbers.
public struct IoU: Metric {
  public static let name = "IoU"
  public var numClasses: Int
  public var targetClassIds: [Int]
  public var weighting: MatrixWeights?

  public init(numClasses: Int, targetClassIds: [Int]) {
    self.numClasses = numClasses
    self.targetClassIds = targetClassIds
  }

  public static var histories: [any AnyHistory] { [MatrixWeights.history] }
  public mutating func resolve(under semantics: Semantics) {
    weighting.resolve(MatrixWeights.history, semantics)
  }

  private var matrix: ConfusionMatrix {
    ConfusionMatrix(classes: numClasses, chosen: targetClassIds, weighting: weighting)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { matrix.states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    matrix.update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor { matrix.result(states) }
}

/// Mean intersection over union; targets and predictions are class numbers.
public struct MeanIoU: Metric {
  public static let name = "MeanIoU"
  public var numClasses: Int
  public var weighting: MatrixWeights?

  public init(numClasses: Int) {
    self.numClasses = numClasses
  }

  public static var histories: [any AnyHistory] { [MatrixWeights.history] }
  public mutating func resolve(under semantics: Semantics) {
    weighting.resolve(MatrixWeights.history, semantics)
  }

  private var matrix: ConfusionMatrix { ConfusionMatrix(classes: numClasses, weighting: weighting) }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { matrix.states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    matrix.update(states, target, prediction, weights)
  }

  public func result(_ states: [Tensor]) -> Tensor { matrix.result(states) }
}

/// Mean intersection over union; the largest of the last axis is the class.
public struct OneHotMeanIoU: Metric {
  public static let name = "OneHotMeanIoU"
  public var numClasses: Int
  public var weighting: MatrixWeights?

  public init(numClasses: Int) {
    self.numClasses = numClasses
  }

  public static var histories: [any AnyHistory] { [MatrixWeights.history] }
  public mutating func resolve(under semantics: Semantics) {
    weighting.resolve(MatrixWeights.history, semantics)
  }

  private var matrix: ConfusionMatrix { ConfusionMatrix(classes: numClasses, weighting: weighting) }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { matrix.states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    matrix.update(states, target.asFloat32().argMax(), prediction.argMax(), weights)
  }

  public func result(_ states: [Tensor]) -> Tensor { matrix.result(states) }
}

/// Intersection over union of the classes yes and no; a prediction from the threshold on is a yes.
public struct BinaryIoU: Metric {
  public static let name = "BinaryIoU"
  public var targetClassIds: [Int]
  public var threshold: Float
  public var weighting: MatrixWeights?

  public init(targetClassIds: [Int] = [0, 1], threshold: Float = 0.5) {
    self.targetClassIds = targetClassIds
    self.threshold = threshold
  }

  public static var histories: [any AnyHistory] { [MatrixWeights.history] }
  public mutating func resolve(under semantics: Semantics) {
    weighting.resolve(MatrixWeights.history, semantics)
  }

  private var matrix: ConfusionMatrix {
    ConfusionMatrix(classes: 2, chosen: targetClassIds, weighting: weighting)
  }

  public func batchValue(target: Tensor, prediction: Tensor) -> Tensor {
    resultOfOneBatch(target: target, prediction: prediction)
  }

  public func states(for prediction: Shape) -> [MetricState] { matrix.states }

  public func update(
    _ states: [Tensor], target: Tensor, prediction: Tensor, weights: Tensor?
  ) -> [Tensor] {
    matrix.update(states, target, prediction.isGreaterOrEqual(to: Tensor(threshold)), weights)
  }

  public func result(_ states: [Tensor]) -> Tensor { matrix.result(states) }
}
