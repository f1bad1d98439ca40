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
    try expect(
      data.targets.count == architecture.outputs.count, "model",
      "\(architecture.outputs.count) targets", "\(data.targets.count)")
    for index in data.targets.indices {
      let name = outputNames[index]
      let shape = compiled.losses[index].targetShape(for: outputShapes[index])
      data.targets[index] = try Self.fitted(
        data.targets[index], shape, data.count, "\(name) target")
      try checkClasses(data.targets[index], index, name)
      if let weights = data.weights[index] {
        data.weights[index] = try Self.fitted(weights, [], data.count, "\(name) sample weights")
      }
    }
    return data
  }

  private func expect(
    _ condition: Bool, _ owner: String, _ expected: String, _ found: String
  ) throws {
    if !condition { throw DataError(owner: owner, expected: expected, found: found) }
  }

  private static func fitted(
    _ tensor: Tensor, _ shape: Shape, _ count: Int, _ owner: String
  ) throws -> Tensor {
    var tensor = tensor.asFloat32()
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
    where !(label >= 0 && label < Float(classes)) {
      throw DataError(
        owner: "\(name) target", expected: "labels from 0 to \(classes - 1)",
        found: "\(label) in row \(row)")
    }
  }

  /// The first row of an input that holds a NaN.
  func firstRowWithNaN(_ data: Dataset) throws -> (input: String, row: Int)? {
    for (tensor, input) in zip(data.inputs, architecture.inputs) {
      let width = max(input.shape.count, 1)
      if let index = try tensor.floats().firstIndex(where: \.isNaN) {
        return (input.name ?? "input", index / width)
      }
    }
    return nil
  }
}
