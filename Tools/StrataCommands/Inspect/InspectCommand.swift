import ArgumentParser
import StrataHDF5
import StrataKeras
import StrataReplay
import StrataTraining

struct InspectCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a model, run or data file holds.")

  @Argument(help: "An HDF5 file, or an archive of Keras 3 (.keras).") var file: String
  @Option(help: "The architecture as Keras's to_json writes it, for a file with weights only.")
  var architecture: String?
  @Option(
    help: "Print what a step of the model runs: training, evaluation or prediction.",
    transform: Self.stepKind)
  var plan: StepKind?
  @Option(help: "The number of samples of that step.") var batchSize = 32
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    if let plan { return try show(plan, context) }
    let (opened, members) = try KerasFile.contents(of: file)
    var report = Report(file: file, members: members, tree: try FileTree(opened))
    let attributes = opened.root.attributes
    if try attributes.contains("strata_run") {
      report.run = RunOutline(try RunFile(contentsOf: file, catalog: context.catalog))
    } else if try architecture != nil || members != nil || attributes.contains("model_config") {
      report.readModel(architecture, context)
    }
    if options.json {
      try context.console.printJSON(report)
    } else {
      report.lines.forEach { context.console.print($0) }
    }
  }

  private static func stepKind(_ text: String) throws -> StepKind {
    guard let kind = StepKind(rawValue: text) else {
      let names = StepKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("expected one of \(names), but got \"\(text)\".")
    }
    return kind
  }

  private func show(_ plan: StepKind, _ context: CommandContext) throws {
    let model = try KerasFile.load(file, architecture: architecture, catalog: context.catalog).model
    context.console.print(try model.plan(of: plan, batchSize: batchSize))
  }

  struct Report: Encodable {
    var file: String
    /// What an archive holds.
    var members: [String]?
    var tree: FileTree
    var run: RunOutline?
    var model: ModelOutline?
    /// Why the model cannot be built.
    var problem: String?

    mutating func readModel(_ architecture: String?, _ context: CommandContext) {
      do {
        model = ModelOutline(
          try KerasFile.load(file, architecture: architecture, catalog: context.catalog))
      } catch {
        problem = "\(error)"
      }
    }

    var lines: [String] {
      let count = "\(tree.groups) groups, \(tree.datasets) datasets, \(tree.elements) elements"
      let outline = run?.lines ?? model?.lines ?? problem.map { ["model: cannot be built: \($0)"] }
      let kind = members.map { "archive of \($0.joined(separator: ", "));" } ?? "HDF5,"
      return ["\(file): \(kind) \(count)"] + (outline.map { [""] + $0 } ?? []) + [""] + tree.lines
    }
  }
}
