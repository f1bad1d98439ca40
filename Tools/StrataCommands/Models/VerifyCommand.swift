import ArgumentParser
import StrataKeras
import StrataTensor
import StrataTraining

struct VerifyCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare a model's outputs with stored ones.",
    discussion: """
      Predicts the stored inputs (x, or x0, x1, …) and compares with the stored outputs (y, or y0, \
      y1, …). The largest difference counts as a share of the largest stored output. Exit code 1 \
      where it exceeds the tolerance.
      """)

  @OptionGroup var file: ModelFile
  @Option(help: "An HDF5 file with inputs and outputs.") var io: String
  @Option(help: "The largest difference allowed.") var tolerance = 1e-5
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let data = try DataFile(io)
    let report = try compare(file.load(context, samples: data).model, data)
    if options.json {
      try context.console.printJSON(report)
    } else {
      report.lines.forEach { context.console.print($0) }
    }
    if !report.agrees { throw Difference() }
  }

  private func compare(_ model: Model, _ data: DataFile) throws -> Report {
    let results = try model.predictAll(try data.inputs(of: model))
    let stored = try data.arrays("y")
    guard stored.count == results.count else {
      throw CommandError(
        command: "verify", subject: io, expected: "\(results.count) outputs",
        found: "there are \(stored.map(\.name).joined(separator: ", "))")
    }
    let outputs = try zip(zip(model.outputNames, results), stored).map { result, expected in
      let expectedValue = expected.value.samples(of: result.1.shape.droppingFirst())
      guard result.1.shape == expectedValue.shape else {
        throw CommandError(
          command: "verify", subject: "\(io), \(expected.name)",
          expected: "an array of \(result.1.shape)", found: "it is of \(expected.value.shape)")
      }
      return Output(
        name: result.0, ours: try result.1.floats(), stored: try expectedValue.floats(),
        tolerance: tolerance)
    }
    return Report(model: file.model, io: io, tolerance: tolerance, outputs: outputs)
  }
}

extension VerifyCommand {
  struct Report: Encodable {
    var model: String
    var io: String
    var tolerance: Double
    var outputs: [Output]
    var agrees: Bool

    init(model: String, io: String, tolerance: Double, outputs: [Output]) {
      self.model = model
      self.io = io
      self.tolerance = tolerance
      self.outputs = outputs
      agrees = outputs.allSatisfy(\.agrees)
    }

    var lines: [String] {
      outputs.map(\.line) + [agrees ? "agrees within \(tolerance)" : "differs beyond \(tolerance)"]
    }
  }

  struct Output: Encodable {
    var name: String
    /// The largest absolute difference; infinite where only one side is a number.
    var largestDifference = 0.0
    var largestStored = 0.0
    /// The difference as a share of the largest stored output.
    var relative: Double
    /// Where the largest difference is, in row-major order.
    var index = 0
    var agrees: Bool

    init(name: String, ours: [Float], stored: [Float], tolerance: Double) {
      self.name = name
      for (position, (a, b)) in zip(ours, stored).enumerated() {
        if b.isFinite { largestStored = max(largestStored, Double(b.magnitude)) }
        if a == b || a.isNaN && b.isNaN { continue }
        let distance = (Double(a) - Double(b)).magnitude
        let difference = distance.isNaN ? .infinity : distance
        if difference > largestDifference { (largestDifference, index) = (difference, position) }
      }
      relative = largestDifference == 0 ? 0 : largestDifference / largestStored
      agrees = relative <= tolerance
    }

    var line: String {
      "\(name): largest difference \(largestDifference) (\(relative) of the largest stored output "
        + "\(largestStored)), at element \(index)"
    }
  }
}
