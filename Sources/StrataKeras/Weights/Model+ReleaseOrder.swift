internal import StrataCore
public import StrataSemantics
internal import StrataTensor
public import StrataTraining

extension Model {
  /// Sets all weights from arrays in the order of a release's `get_weights`.
  ///
  /// - Throws: `KerasFileError` for another number of arrays or elements.
  package func setWeights(inOrderOf release: Semantics, _ arrays: [[Float]]) throws {
    let order = parameterOrder(of: release)
    guard order.count == arrays.count else {
      throw KerasFileError(
        subject: "weights", expected: "\(order.count) arrays", found: "\(arrays.count)")
    }
    for (position, values) in zip(order, arrays) {
      let parameter = parameters[position]
      guard parameter.spec.shape.count == values.count else {
        throw KerasFileError(
          subject: "weights", expected: "\(parameter.spec.shape) for \(parameter.path)",
          found: "\(values.count) elements")
      }
      parameter.storage.store(values)
    }
  }
}
