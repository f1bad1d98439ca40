public import StrataTensor

/// Samples in memory: a tensor for each input and each output, with the samples along the first
/// axis, and optionally a weight for each sample.
public struct Dataset: Sendable {
  public var inputs: [Tensor]
  public var targets: [Tensor]
  /// Per output, `[samples]`; nil counts every sample once.
  public var weights: [Tensor?]

  public init(inputs: [Tensor], targets: [Tensor] = [], weights: [Tensor?]? = nil) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights ?? targets.map { _ in nil }
  }

  public init(_ x: Tensor, _ y: Tensor, weights: Tensor? = nil) {
    self.init(inputs: [x], targets: [y], weights: [weights])
  }

  /// The number of samples.
  public var count: Int { inputs.first.map { $0.shape.dimensions.first ?? 0 } ?? 0 }

  /// The samples of a range.
  ///
  /// A tensor that has not so many becomes a failed one, whose error training reports.
  public func slice(_ range: Range<Int>) -> Dataset {
    func part(_ tensor: Tensor) -> Tensor { tensor.rows(range) }
    return Dataset(
      inputs: inputs.map(part), targets: targets.map(part), weights: weights.map { $0.map(part) })
  }

  /// The samples of these rows, in this order.
  package func rows(_ rows: [Int]) -> Dataset {
    func part(_ tensor: Tensor) -> Tensor { tensor.rows(rows) }
    return Dataset(
      inputs: inputs.map(part), targets: targets.map(part), weights: weights.map { $0.map(part) })
  }

  /// The first `1 - fraction` of the samples and the rest, as Keras's `validation_split` cuts.
  func split(validationFraction fraction: Double) -> (training: Dataset, validation: Dataset) {
    let cut = Int(Double(count) * (1 - fraction))
    return (slice(0..<cut), slice(cut..<count))
  }
}

extension Tensor {
  /// Rows of a concrete tensor of either element type.
  func rows(_ rows: [Int]) -> Tensor {
    guard case .concrete(let storage) = value, rank > 0 else { return self }
    let row = shape.droppingFirst().count * 4
    let part = Storage(byteCount: rows.count * row)
    for (index, source) in rows.enumerated() {
      (part.base + index * row).copyMemory(from: storage.base + source * row, byteCount: row)
    }
    return Tensor(TensorType(shape.droppingFirst().batched(rows.count), element), .concrete(part))
  }

  /// Samples of a concrete tensor of either element type.
  func rows(_ range: Range<Int>) -> Tensor {
    guard case .concrete(let storage) = value, rank > 0 else { return self }
    guard range.lowerBound >= 0, range.upperBound <= shape[0] else {
      return .failed(
        OperationError(
          operation: "slice", reason: "samples within 0..<\(shape[0])", found: "\(range)"))
    }
    let row = shape.droppingFirst().count
    let part = Storage(byteCount: range.count * row * 4)
    part.base.copyMemory(
      from: storage.base + range.lowerBound * row * 4, byteCount: range.count * row * 4)
    return Tensor(TensorType(shape.droppingFirst().batched(range.count), element), .concrete(part))
  }
}

/// Batches that need not fit in memory: a sequence made anew for every epoch.
public protocol BatchSource {
  associatedtype Batches: Sequence<Dataset>
  /// The number of samples of an epoch, if it is known; progress shows it.
  var sampleCount: Int? { get }
  func batches(epoch: Int) throws -> Batches
}

/// Batches from a closure.
public struct GeneratedBatches<Batches: Sequence<Dataset>>: BatchSource {
  public let sampleCount: Int?
  private let make: (Int) throws -> Batches

  public init(sampleCount: Int? = nil, _ make: @escaping (_ epoch: Int) throws -> Batches) {
    self.sampleCount = sampleCount
    self.make = make
  }
  public func batches(epoch: Int) throws -> Batches { try make(epoch) }
}
