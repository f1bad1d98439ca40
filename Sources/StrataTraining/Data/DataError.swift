internal import StrataCore
internal import StrataTensor

/// Data that does not fit the model.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The input or output, for example `input_1`.
  public var owner: String
  public var expected: String
  public var found: String
  public var description: String { "\(owner): expected \(expected), but got \(found)." }
}

extension Model {
  /// Checks and brings data into the model's form: rank-1 targets get a last axis of 1, Int32
  /// becomes Float32.
  ///
  /// Without targets there may be no samples at all.
  ///
  /// - Throws: `DataError` naming the input or output, what it wants and what came.
  func checked(_ data: Dataset, needsTargets: Bool) throws -> Dataset {
    var data = data
    try expect(
      data.inputs.count == architecture.inputs.count, "model",
      "\(architecture.inputs.count) inputs", "\(data.inputs.count)")
    for (index, input) in architecture.inputs.enumerated() {
      data.inputs[index] = try Self.fitted(
        data.inputs[index], input.shape, data.count, input.name ?? "input \(index)")
    }
    guard needsTargets, let compiled else { return data }
    let outputs = architecture.outputs.count
    try expect(
      data.targets.count == outputs, "model", "\(outputs) targets", "\(data.targets.count)")
    try expect(
      data.weights.count == outputs, "model", "\(outputs) sample weights (or nil)",
      "\(data.weights.count)")
    for index in data.targets.indices {
      let name = outputNames[index]
      let shape = compiled.losses[index].targetShape(for: outputShapes[index])
      data.targets[index] = try Self.fitted(
        data.targets[index], shape, data.count, "\(name) target")
      try checkClasses(data.targets[index], index, name)
      data.weights[index] = try data.weights[index].map {
        try fitted(weights: $0, index, data.count, name)
      }
    }
    try expect(data.count > 0, "data", "at least 1 sample", "0")
    return data
  }

  /// Weights of samples, `[samples]`, or of time steps, `[samples, time]`, where there are any.
  private func fitted(
    weights: Tensor, _ output: Int, _ count: Int, _ name: String
  ) throws -> Tensor {
    let steps = outputShapes[output].dimensions.first ?? 0
    let isTemporal = weights.rank == 2 && outputShapes[output].rank >= 2
    return try Self.fitted(weights, isTemporal ? [steps] : [], count, "\(name) sample weights")
  }

  private func expect(
    _ condition: Bool, _ owner: String, _ expected: String, _ found: String
  ) throws {
    if !condition { throw DataError(owner: owner, expected: expected, found: found) }
  }

  static func fitted(
    _ tensor: Tensor, _ shape: Shape, _ count: Int, _ owner: String
  ) throws -> Tensor {
    var tensor = tensor.asFloat32()
    _ = try tensor.storage(of: .float32)
    if tensor.shape == [count], shape == [1] { tensor = tensor.reshaped([count, 1]) }
    guard tensor.rank > 0, tensor.shape.droppingFirst() == shape else {
      throw DataError(
        owner: owner, expected: "samples of shape \(shape)",
        found: "an array of shape \(tensor.shape)")
    }
    guard tensor.shape[0] == count else {
      throw DataError(owner: owner, expected: "\(count) samples", found: "\(tensor.shape[0])")
    }
    return tensor
  }

  /// Integer labels must name a class.
  private func checkClasses(_ target: Tensor, _ output: Int, _ name: String) throws {
    guard let compiled, compiled.losses[output].expectsClassIndices else { return }
    let classes = outputShapes[output].last
    for (row, label) in try target.floats().enumerated()
    where !(label >= 0 && label < Float(classes) && label.rounded() == label) {
      throw DataError(
        owner: "\(name) target", expected: "whole labels from 0 to \(classes - 1)",
        found: "\(label) in row \(row)")
    }
  }

  /// A line for each input and target of `data` that holds a NaN.
  func warningsOfNaN(in data: Dataset, _ kind: String = "") throws -> [String] {
    let inputs = zip(data.inputs, architecture.inputs.map { $0.name ?? "input" })
    let targets = zip(data.targets, outputNames.map { "\($0) target" })
    return try (Array(inputs) + Array(targets)).compactMap { tensor, name in
      guard let row = try tensor.firstRowWithNaN() else { return nil }
      return "warning: \(kind)\(name) holds a NaN in row \(row); training goes on."
    }
  }
}

extension Tensor {
  /// The first position along the first axis at which there is a NaN.
  fileprivate func firstRowWithNaN() throws -> Int? {
    let values = UnsafeBufferPointer(
      start: try storage(of: .float32).base.assumingMemoryBound(to: Float.self),
      count: shape.count)
    return values.firstIndex(where: \.isNaN).map { $0 / Swift.max(shape.droppingFirst().count, 1) }
  }
}
