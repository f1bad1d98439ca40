public import StrataCore
internal import StrataSemantics
public import StrataTensor

extension Model {
  /// Loss and metrics over `data`, averaged over the samples; `batchSize` nil is the release's own.
  ///
  /// - Throws: `DataError`, or `CompileError` before `compile`.
  public func evaluate(_ data: Dataset, batchSize: Int? = nil) throws -> Logs {
    try requireCompiled()
    let checked = try checked(data, needsTargets: true)
    return try evaluate(checked: checked, batchSize: try self.batchSize(batchSize))
  }

  func evaluate(checked data: Dataset, batchSize: Int) throws -> Logs {
    var average = BatchAverage(logKeys, LossAverage.history.value(under: semantics))
    try forEachBatch(of: data, batchSize) { batch in
      average.add(try step(.test, batch), size: batch.rows.count)
    }
    return average.logs
  }

  /// The outputs for all samples, a tensor for each output; the batch size does not change them.
  ///
  /// - Throws: `DataError` for inputs that do not fit.
  public func predictAll(_ inputs: [Tensor], batchSize: Int? = nil) throws -> [Tensor] {
    let data = try checked(Dataset(inputs: inputs), needsTargets: false)
    let types = outputShapes.map { TensorType($0.batched(data.count)) }
    let results = types.map { Storage(byteCount: $0.byteCount) }
    try forEachBatch(of: data, try self.batchSize(batchSize)) { batch in
      let program = try stage(.predict, batch)
      program.run(&random)
      for index in results.indices {
        program.copyOutput(index, to: results[index], row: batch.rows.first ?? 0)
      }
    }
    return zip(types, results).map { Tensor($0, .concrete($1)) }
  }

  /// The output of a model with one input and one output.
  ///
  /// - Throws: `DataError` for inputs that do not fit.
  public func predict(_ x: Tensor, batchSize: Int? = nil) throws -> Tensor {
    try predictAll([x], batchSize: batchSize)[0]
  }

  func batchSize(_ chosen: Int?) throws -> Int {
    let size = chosen ?? FitHistory.batchSize.value(under: semantics)
    guard size > 0 else {
      throw DataError(owner: "batchSize", expected: "a positive number", found: "\(size)")
    }
    return size
  }

  private func forEachBatch(
    of data: Dataset, _ batchSize: Int, _ body: (FeedBatch) throws -> Void
  ) throws {
    let order = Array(0..<data.count)
    for start in stride(from: 0, to: data.count, by: batchSize) {
      try body(FeedBatch(data: data, rows: order[start..<min(start + batchSize, data.count)]))
    }
  }
}

/// Averages of batch values weighted by batch size, in Float64, as Keras's BaseLogger takes them.
struct BatchAverage {
  private let keys: [String]
  private let loss: LossAverage
  private var totals: [Double]
  private(set) var seen = 0
  private var batches = 0

  init(_ keys: [String], _ loss: LossAverage) {
    self.keys = keys
    self.loss = loss
    totals = keys.map { _ in 0 }
  }

  mutating func add(_ values: [Float], size: Int) {
    for (index, value) in values.enumerated() where index < totals.count {
      totals[index] += Double(value) * (weighsBatches(index) ? 1 : Double(size))
    }
    seen += size
    batches += 1
  }

  /// Whether every batch counts the same in a value; the loss comes first.
  private func weighsBatches(_ index: Int) -> Bool { index == 0 && loss == .byBatches }

  var logs: Logs {
    var logs = Logs()
    for (index, (key, total)) in zip(keys, totals).enumerated() {
      logs[key] = total / Double(weighsBatches(index) ? batches : seen)
    }
    return logs
  }
}
