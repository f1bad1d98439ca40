import ArgumentParser
import StrataHDF5
import StrataKeras
import StrataTensor
import StrataTraining

struct PredictCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Compute a model's outputs for the inputs in a file.")

  @OptionGroup var file: ModelFile
  @Option(help: "An HDF5 file with the inputs: x, or x0, x1, …") var data: String
  @Option(help: "A dataset to take as input; repeatable.") var x: [String] = []
  @Option(help: "Inputs are multiplied by it.") var scale: Float?
  @Option(help: "Samples at a time; the results do not depend on it.") var batchSize: Int?
  @Option(name: .shortAndLong, help: "Write the outputs: y, or y0, y1, …") var output: String?
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let samples = try DataFile(data)
    let model = try file.load(context, samples: samples).model
    let inputs = try samples.inputs(of: model, names: x, scale: scale)
    let results = try model.predictAll(inputs, batchSize: batchSize)
    let outputs = try zip(model.outputNames, results).enumerated().map { index, pair in
      Output(
        name: pair.0, dataset: results.count == 1 ? "y" : "y\(index)",
        shape: pair.1.shape.dimensions, values: try pair.1.floats())
    }
    if let output { try write(outputs, to: output) }
    if options.json {
      try context.console.printJSON(["outputs": outputs])
    } else {
      outputs.forEach { print($0, on: context.console) }
    }
  }

  struct Output: Encodable {
    var name: String
    var dataset: String
    var shape: [Int]
    var values: [Float]
  }

  private func write(_ outputs: [Output], to path: String) throws {
    try HDF5File.writeAtomically(to: path) { file in
      for output in outputs {
        try file.root.createDataset(output.dataset, output.values, shape: output.shape)
      }
    }
  }

  private func print(_ output: Output, on console: Console) {
    console.print("\(output.name) \(output.shape)")
    guard self.output == nil else { return }
    let width = max(1, output.values.count / max(1, output.shape.first ?? 1))
    for start in stride(from: 0, to: output.values.count, by: width) {
      let row = output.values[start..<min(start + width, output.values.count)]
      console.print(row.map { "\($0)" }.joined(separator: " "))
    }
  }
}
