import ArgumentParser
import StrataTensor
import StrataTraining

/// How samples are taken from a file.
struct SampleOptions: ParsableArguments {
  @Option(help: "A dataset to take as input; repeatable. Default: x, or x0, x1, …") var x:
    [String] = []
  @Option(help: "A dataset to take as target; repeatable. Default: y, or y0, y1, …") var y:
    [String] = []
  @Option(help: "Inputs are multiplied by it.") var scale: Float?
  @Flag(help: "Targets are numbers of classes; they become rows of 0 and one 1.")
  var oneHot = false

  /// The samples of a file, in the shapes that a model wants.
  func read(_ path: String, for model: Model) throws -> Dataset {
    let file = try DataFile(path)
    let targets = try file.arrays("y", names: y)
    guard targets.count == model.outputShapes.count else {
      throw CommandError(
        command: "data", subject: path, expected: "\(model.outputShapes.count) targets",
        found: "there are \(targets.map(\.name).joined(separator: ", "))")
    }
    let values = try zip(targets, model.outputShapes).map { target, shape in
      oneHot ? try encoded(target, classes: shape.last, path) : target.value.samples(of: shape)
    }
    return Dataset(inputs: try file.inputs(of: model, names: x, scale: scale), targets: values)
  }

  private func encoded(
    _ target: (name: String, value: Tensor), classes: Int, _ path: String
  ) throws -> Tensor {
    let labels = try target.value.floats()
    var rows = [Float](repeating: 0, count: labels.count * classes)
    for (row, label) in labels.enumerated() {
      guard let number = Int(exactly: label), 0..<classes ~= number else {
        throw CommandError(
          command: "data", subject: "\(path), \(target.name)",
          expected: "numbers of classes from 0 to \(classes - 1)", found: "row \(row) is \(label)")
      }
      rows[row * classes + number] = 1
    }
    return Tensor(rows, shape: [labels.count, classes])
  }
}

/// The samples to train on.
struct DataOptions: ParsableArguments {
  @Option(help: "An HDF5 file with samples to train on.") var data: String
  @Option(help: "An HDF5 file with samples to validate on.") var validationData: String?
  @Option(help: "The fraction of the samples, from the end, to validate on.")
  var validationSplit = 0.0
  @OptionGroup var samples: SampleOptions
}
