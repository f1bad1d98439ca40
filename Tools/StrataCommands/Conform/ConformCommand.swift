import ArgumentParser
import StrataReplay
import StrataSemantics

struct ConformCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "conform", abstract: "Run recorded traces of real releases through this build.",
    discussion: """
      Exit code 0 only if every trace was run and agrees; what cannot be run is unknown, which is \
      not agreement.
      """)

  @Argument(help: "Folders with traces, or single files.") var paths: [String]
  @Option(
    help: "Axes, separated by commas: optimizers, losses, callbacks, fit, layers, files, metrics.",
    transform: Self.axes)
  var only: Set<Axis> = []
  @Option(help: "The samples of recorded fits. Default: data/digits.h5 in a folder above.")
  var data: String?
  @Flag(help: "Name every trace.") var verbose = false
  @OptionGroup var options: ReportOptions

  static let axisNames: [(name: String, axis: Axis)] = [
    ("optimizers", .optimizer), ("losses", .loss), ("callbacks", .callback), ("fit", .fit),
    ("layers", .layer), ("files", .file), ("metrics", .metric),
  ]

  private static func axes(_ text: String) throws -> Set<Axis> {
    Set(
      try text.split(separator: ",").map { word in
        guard let axis = axisNames.first(where: { $0.name == word })?.axis else {
          let known = axisNames.map(\.name).joined(separator: ", ")
          throw ValidationError("expected \(known), but got \"\(word)\".")
        }
        return axis
      })
  }

  func run(in context: CommandContext) throws {
    let results = try ConformanceRun(
      paths: paths, only: only.isEmpty ? nil : Set(only.compactMap(ConformanceKind.init)),
      data: data, catalog: context.catalog
    ).run { result in
      if verbose, !options.json { context.console.print("\(result)") }
    }.results
    let report = ConformReport(results)
    if options.json {
      try context.console.printJSON(report)
    } else {
      (report.table + report.exceptions).forEach { context.console.print($0) }
    }
    if !report.agrees { throw Difference() }
  }
}
