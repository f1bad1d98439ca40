import ArgumentParser
import StrataHDF5
import StrataKeras
import StrataReplay
import StrataSemantics
import StrataTraining

struct ReplayCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Run a recorded training again and compare it bit by bit.",
    discussion: """
      Exit code 0 if every epoch is identical. With --as the run is repeated under another release \
      and both histories are shown side by side; a difference is then no failure.
      """)

  @Argument(help: "A recorded run (NAME.run.h5), or a model saved with its provenance.")
  var run: String
  @Option(help: "An HDF5 file with the samples, if the run does not hold them.")
  var data: String?
  @Option(help: "An HDF5 file with the samples for validation, likewise.")
  var validationData: String?
  @OptionGroup var samples: SampleOptions
  @Option(
    name: .customLong("as"), help: "Replay under another release, such as keras-1.2.0.",
    transform: { try Semantics(parsing: $0) })
  var release: Semantics?
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let console = context.console
    var replayer = Replayer(try recordedRun(context), catalog: context.catalog)
    replayer.report = { console.printError($0) }
    let lines = ReplayLines(replayer.run.record.semantics, release, replayer.run.record.historyKeys)
    if !options.json {
      lines.heading.forEach { console.print($0) }
      replayer.onEpoch = { console.print(lines.line($0)) }
    }
    let report = try replay(replayer)
    if options.json {
      try console.printJSON(Report(report))
    } else {
      console.print(lines.conclusion(report))
    }
    if release == nil, !report.isIdentical { throw Difference() }
  }

  private func recordedRun(_ context: CommandContext) throws -> RunFile {
    let attributes = try HDF5File.open(run).root.attributes
    if try attributes.contains("strata_run") {
      return try RunFile(contentsOf: run, catalog: context.catalog)
    }
    guard try attributes.contains(KerasFile.provenanceAttribute) else {
      throw CommandError(
        command: "replay", subject: run, expected: "a recorded run or a model with its provenance",
        found: "the file says nothing of a training; `strata fit` trains a saved model on")
    }
    let text = try attributes.string(KerasFile.provenanceAttribute)
    return try Provenance(text: text, catalog: context.catalog).run(catalog: context.catalog)
  }

  private func replay(_ replayer: Replayer) throws -> ReplayReport {
    let recorded = replayer.run.record.semantics
    let needsModel = data != nil || validationData != nil
    let model = needsModel ? try replayer.model(under: recorded, restored: true) : nil
    func read(_ path: String?) throws -> Dataset? {
      guard let path, let model else { return nil }
      return try samples.read(path, for: model)
    }
    return try replayer.replay(
      as: release ?? recorded, data: try read(data), validationData: try read(validationData))
  }

  struct Report: Encodable {
    var identical: Bool
    /// The first epoch, batch, tensor and value that differs.
    var difference: String?
    var report: ReplayReport

    init(_ report: ReplayReport) {
      identical = report.isIdentical
      difference = report.difference
      self.report = report
    }
  }
}
