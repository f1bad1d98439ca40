import StrataHDF5
import StrataTensor
import StrataTraining

/// The handwritten digits: grey values from 0 to 1 as rows of 64, targets as rows of 0 and one 1.
struct Digits {
  /// The first 1500 digits.
  var training: Dataset
  /// The other 297.
  var validation: Dataset

  init(_ path: String) throws {
    let root = try HDF5File.open(path).root
    let greys = try root.dataset("x").read(as: Float.self)
    let labels = try root.dataset("y").read(as: Int.self)
    var targets = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { targets[row * 10 + label] = 1 }
    let all = Dataset(
      Tensor(greys.map { $0 / 16 }, shape: [labels.count, 64]),
      Tensor(targets, shape: [labels.count, 10]))
    training = all.slice(0..<1500)
    validation = all.slice(1500..<labels.count)
  }
}
