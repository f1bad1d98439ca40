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

      A model that real Keras saved says nothing of its training: there is nothing to compare, and \
      it is trained on from its weights and its training configuration.
      """)

  @Argument(help: "A recorded run (NAME.run.h5), or a saved model.")
  var run: String
  @Option(help: "A file with the samples, if the run does not hold them; or a run that does.")
  var data: String?
  @Option(
    help: "A file with the samples for validation; without it they may follow the others in --data."
  )
  var validationData: String?
  @OptionGroup var samples: SampleOptions
  @Option(
    name: .customLong("as"), help: "Replay under another release, such as keras-1.2.0.",
    transform: { try Semantics(parsing: $0) })
  var release: Semantics?
  @OptionGroup(title: "Of a model that real Keras saved") var further: FurtherTraining
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    guard let recorded = try recordedRun(context) else {
      return try further.run(self, in: context)
    }
    guard further.isEmpty else {
      throw CommandError(
        command: "replay", subject: run,
        expected: "no --epochs, --batch-size or --seed for a recorded training", found: "there are")
    }
    let console = context.console
    var replayer = Replayer(recorded, catalog: context.catalog)
    replayer.report = { console.printError($0) }
    let lines = ReplayLines(recorded.record.semantics, release, recorded.record.historyKeys)
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

  /// The run in the file or in the model's provenance; nil for a model without it.
  private func recordedRun(_ context: CommandContext) throws -> RunFile? {
    let attributes = try HDF5File.open(run).root.attributes
    if try attributes.contains("strata_run") {
      return try RunFile(contentsOf: run, catalog: context.catalog)
    }
    guard try attributes.contains(KerasFile.provenanceAttribute) else { return nil }
    let text = try attributes.string(KerasFile.provenanceAttribute)
    return try Provenance(text: text, catalog: context.catalog).run(catalog: context.catalog)
  }

  private func replay(_ replayer: Replayer) throws -> ReplayReport {
    let (training, validation) = try givenSamples(replayer)
    return try replayer.replay(
      as: release ?? replayer.run.record.semantics, data: training, validationData: validation)
  }

  /// The samples that the options name; the replay checks their digests.
  private func givenSamples(_ replayer: Replayer) throws -> (Dataset?, Dataset?) {
    guard data != nil || validationData != nil else { return (nil, nil) }
    let record = replayer.run.record
    if let data, RunFile.isRun(data) {
      let other = try RunFile(contentsOf: data, catalog: replayer.catalog)
      return (other.data, other.validationData)
    }
    let model = try replayer.model(under: record.semantics, restored: true)
    let training = try data.map { try samples.read($0, for: model) }
    if let validationData {
      return (training, try samples.read(validationData, for: model))
    }
    let count = record.sampleCount
    guard let training, let rest = record.validationSampleCount, training.count == count + rest
    else { return (training, nil) }
    return (training.slice(0..<count), training.slice(count..<training.count))
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
