internal import Foundation
internal import StrataCore
public import StrataTensor

/// A model frozen for inference, which any number of threads may use at once.
///
///     let predictor = try model.predictor()
///     let y = try predictor.predict(x)          // from any thread or task
///
/// It holds a copy of the weights: training the model further does not change it. A call takes a
/// workspace that nobody uses (or makes one), reads `x` where it lies and writes the result: no
/// graph is built, nothing else is allocated. Results have the bits of `Model.predict`, whatever
/// the number of samples or of threads.
public final class Predictor: Sendable {
  private let forward: FrozenForward
  /// An `NSLock`, since ThreadSanitizer does not see that a thread waited for Swift's `Mutex`.
  private let lock = NSLock()
  private nonisolated(unsafe) var workspaces = WorkspacePool()
  /// The largest number of samples in one run.
  private let batchSize: Int

  init(_ model: Model, batchSize: Int) throws {
    guard batchSize > 0 else {
      throw DataError(owner: "batchSize", expected: "a positive number", found: "\(batchSize)")
    }
    forward = FrozenForward(model)
    self.batchSize = batchSize
    // What is wrong shows here, and the first call finds its workspace.
    give(try take(1))
  }

  /// The output of a model with one input and one output.
  ///
  ///     x [samples] + the input's shape    result [samples] + the output's shape
  ///
  /// - Throws: `DataError` for inputs that do not fit.
  public func predict(_ x: Tensor) throws -> Tensor {
    guard forward.inputs.count == 1, forward.outputs.count == 1 else {
      throw DataError(
        owner: "predict", expected: "a model with one input and one output (use predictAll)",
        found: "\(forward.inputs.count) and \(forward.outputs.count)")
    }
    let x = try forward.fitted(x, 0, nil)
    let count = x.shape[0]
    guard count > 0 else { return .zeros(forward.outputs[0].batched(0)) }
    guard count <= batchSize else { return try inPieces([x], count)[0] }
    let workspace = try take(count)
    defer { give(workspace) }
    try workspace.run([x], from: 0)
    return workspace.session.output(0)
  }

  /// The outputs of a model, a tensor for each.
  ///
  /// - Throws: `DataError` for inputs that do not fit.
  public func predictAll(_ inputs: [Tensor]) throws -> [Tensor] {
    guard inputs.count == forward.inputs.count else {
      throw DataError(
        owner: "model", expected: "\(forward.inputs.count) inputs", found: "\(inputs.count)")
    }
    var fitted: [Tensor] = []
    for (index, input) in inputs.enumerated() {
      fitted.append(try forward.fitted(input, index, fitted.first?.shape[0]))
    }
    return try inPieces(fitted, fitted.first?.shape[0] ?? 0)
  }

  private func inPieces(_ inputs: [Tensor], _ count: Int) throws -> [Tensor] {
    let results = forward.outputs.map { Tensor.zeros($0.batched(count)) }
    for start in stride(from: 0, to: count, by: batchSize) {
      let workspace = try take(min(batchSize, count - start))
      defer { give(workspace) }
      try workspace.run(inputs, from: start)
      for (index, result) in results.enumerated() {
        workspace.store(index, to: try result.storage(of: .float32), from: start)
      }
    }
    return results
  }

  private func take(_ rows: Int) throws -> Workspace {
    if let idle = lock.withLock({ workspaces.take(rows) }) { return idle }
    if let plan = lock.withLock({ workspaces.plan(rows) }) {
      return Workspace(plan, rows: rows, forward)
    }
    // Two threads may plan the same at once: the plans are equal.
    let plan = try forward.plan(rows: rows)
    lock.withLock { workspaces.add(plan, rows) }
    return Workspace(plan, rows: rows, forward)
  }

  private func give(_ workspace: Workspace) {
    workspace.release()
    lock.withLock { workspaces.give(workspace) }
  }
}

extension Model {
  /// The model as it is now, frozen for inference from any number of threads.
  ///
  /// - Parameter batchSize: The largest number of samples computed in one run; more are computed in
  ///   pieces. It bounds the memory and does not change results.
  /// - Throws: `DataError` for a batch size that is not positive, `OperationError` for a layer that
  ///   draws random numbers in inference.
  public func predictor(batchSize: Int = 256) throws -> Predictor {
    try Predictor(self, batchSize: batchSize)
  }
}
