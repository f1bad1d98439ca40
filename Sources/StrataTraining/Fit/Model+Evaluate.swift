public import StrataCore
internal import StrataSemantics
public import StrataTensor

extension Model {
  /// Loss and metrics over `data`.
  ///
  /// Averages over the samples, or, since Keras 2.3, metrics by their
  /// running sums; `batchSize` nil is the release's own.
  ///
  /// - Throws: `DataError`, or `CompileError` before `compile`.
  public func evaluate(_ data: Dataset, batchSize: Int? = nil) throws -> Logs {
    try requireCompiled()
    let checked = try checked(data, needsTargets: true)
    return try evaluate(checked: checked, batchSize: try self.batchSize(batchSize))
  }

  func evaluate(checked data: Dataset, batchSize: Int) throws -> Logs {
    var average = BatchAverage(self)
    metricMemory?.reset()
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
