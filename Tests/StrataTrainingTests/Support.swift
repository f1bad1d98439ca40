import Foundation
import StrataHDF5
import StrataTensor
import StrataTraining

enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appending(path: name))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  static func tensor(_ file: HDF5File, _ name: String) throws -> Tensor {
    let dataset = try file.root.dataset(name)
    return Tensor(try dataset.read(as: Float.self), shape: Shape(dataset.shape))
  }

  /// The UCI digits: pixels / 16 as `[1797] + sample`, labels one-hot.
  static func digits(_ sample: Shape = [64]) throws -> Dataset {
    let file = try HDF5File.open(path("digits.h5"))
    let x = try file.root.dataset("x").read(as: Float.self).map { $0 / 16 }
    let labels = try file.root.dataset("y").read(as: Int32.self)
    var y = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { y[row * 10 + Int(label)] = 1 }
    return Dataset(
      Tensor(x, shape: sample.batched(labels.count)), Tensor(y, shape: [labels.count, 10]))
  }
}
