import StrataCore
import StrataHDF5
import StrataLayers
import StrataTensor
import StrataTraining

/// The networks of the question.
enum QuestionModels {
  static let all: [(name: String, definition: Sequential)] = [
    ("plain", plain), ("dense", dense), ("recurrent", recurrent),
  ]

  /// Dense layers only.
  static let plain = Sequential(input: [64]) {
    Dense(units: 128, activation: .relu)
    Dense(units: 64, activation: .relu)
    Dense(units: 10, activation: .softmax)
  }

  /// Dense layers with all that is done against overfitting.
  static let dense = Sequential(input: [64]) {
    Dense(units: 128, kernelRegularizer: Regularizer(l2: 1e-3))
    BatchNormalization()
    ActivationLayer(activation: .relu)
    Dropout(rate: 0.3)
    Dense(units: 64, activation: .relu, kernelRegularizer: Regularizer(l2: 1e-3))
    Dropout(rate: 0.3)
    Dense(units: 10, activation: .softmax)
  }

  /// An LSTM that reads the 8 rows of an image.
  static let recurrent = Sequential(input: [8, 8]) {
    LSTM(units: 24)
    Dense(units: 10, activation: .softmax)
  }
}

/// The handwritten digits: grey values from 0 to 1, targets as rows of 0 and one 1.
struct QuestionData {
  private let greys: [Float]
  private let targets: Tensor

  init(_ path: String) throws {
    let root = try HDF5File.open(path).root
    greys = try root.dataset("x").read(as: Float.self).map { $0 / 16 }
    let labels = try root.dataset("y").read(as: Int32.self)
    var rows = [Float](repeating: 0, count: labels.count * 10)
    for (row, label) in labels.enumerated() { rows[row * 10 + Int(label)] = 1 }
    targets = Tensor(rows, shape: [labels.count, 10])
  }

  /// The first 1500 digits to train on and the other 297, in the shape of a sample.
  func divided(_ sample: Shape) -> (training: Dataset, validation: Dataset) {
    let count = targets.shape[0]
    let all = Dataset(Tensor(greys, shape: Shape([count] + sample.dimensions)), targets)
    return (all.slice(0..<1500), all.slice(1500..<count))
  }
}
