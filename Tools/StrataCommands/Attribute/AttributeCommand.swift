import ArgumentParser
import Foundation
import StrataReplay
import StrataSemantics
import StrataTraining

struct AttributeCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute", abstract: "Tell why a recorded training differs under a release.",
    discussion: """
      The training is repeated under both releases, with each change of the second put alone into \
      the first, and with each taken alone out of the second; the changes are ranked by their effect.
      """)

  @Argument(help: "A recorded run (NAME.run.h5).") var run: String
  @Option(
    help: "The release to compare with, such as keras-1.2.0.",
    transform: { try Semantics(parsing: $0) })
  var to: Semantics
  @Option(help: "A number to rank by: val_loss, \"best val_loss\", gap, …; repeatable.")
  var metric: [String] = []
  @Option(help: "Repeat with so many seeds; the first is the run's.") var seeds = 1
  @Option(help: "Trainings at a time. Default: one for each core.") var jobs: Int?
  @Option(name: .shortAndLong, help: "Write a self-contained page with loss curves.")
  var output: String?
  @Option(help: "An HDF5 file with the samples, if the run does not hold them.")
  var data: String?
  @Option(help: "An HDF5 file with the samples for validation, likewise.")
  var validationData: String?
  @OptionGroup var samples: SampleOptions
  @OptionGroup var options: ReportOptions

  func validate() throws {
    guard seeds > 0, jobs.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--seeds and --jobs must be at least 1")
    }
  }

  func run(in context: CommandContext) throws {
    let console = context.console
    var attributor = Attributor(
      try RunFile(contentsOf: run, catalog: context.catalog), to: to)
    attributor.catalog = context.catalog
    attributor.metrics = metric.map(AttributedMetric.init(parsing:))
    attributor.seeds = seeds
    if let jobs { attributor.jobs = jobs }
    attributor.onProgress = { progress in
      let left = Int(progress.secondsLeft.rounded(.up))
      console.printError("\(progress.done)/\(progress.count) trainings, about \(left) s left")
    }
    let attribution = try attributor.attribute(
      data: try read(data, attributor), validationData: try read(validationData, attributor))
    if let output { try write(AttributionPage(attribution).text, to: output) }
    if options.json { return try console.printJSON(attribution) }
    AttributionLines(attribution).lines.forEach { console.print($0) }
  }

  private func read(_ path: String?, _ attributor: Attributor) throws -> Dataset? {
    guard let path else { return nil }
    let replayer = Replayer(attributor.run, catalog: attributor.catalog)
    let recorded = attributor.run.record.semantics
    return try samples.read(path, for: try replayer.model(under: recorded, restored: true))
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandError(
        command: "attribute", subject: path, expected: "a path that can be written",
        found: (error as NSError).localizedDescription)
    }
  }
}
