import ArgumentParser
import StrataHDF5

struct InspectCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a model, run or data file holds.")

  @Argument(help: "An HDF5 file.") var file: String
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let report = Report(file: file, tree: try FileTree(HDF5File.open(file)))
    if options.json {
      try context.console.printJSON(report)
    } else {
      report.lines.forEach { context.console.print($0) }
    }
  }

  struct Report: Encodable {
    var file: String
    var tree: FileTree

    var lines: [String] {
      let count = "\(tree.groups) groups, \(tree.datasets) datasets, \(tree.elements) elements"
      return ["\(file): HDF5, \(count)", ""] + tree.lines
    }
  }
}
