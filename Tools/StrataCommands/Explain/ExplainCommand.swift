import ArgumentParser
import Foundation
import StrataKeras
import StrataReplay
import StrataSemantics
import StrataTraining

struct ExplainCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell what changed between two releases.",
    discussion: """
      strata explain keras-0.3.3..keras-1.2.0 lists every recorded change; with a run, only what \
      concerns it, with its own values. strata explain keras-1.2.0 --optimizer adam prints a rule.
      """)

  @Argument(help: "Two releases, A..B; or one, with --optimizer.") var releases: String
  @Argument(help: "A recorded run (NAME.run.h5) or a model file.") var run: String?
  @Option(help: "Print this update rule with the release's settings.") var optimizer: String?
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let console = context.console
    if let optimizer {
      let rule = try RuleExplanation(
        optimizer, under: try Semantics(parsing: releases), registry: context.catalog.optimizers)
      if options.json { return try console.printJSON(rule) }
      return ExplanationLines.lines(rule).forEach { console.print($0) }
    }
    let (from, to) = try pair()
    guard let run else {
      let comparison = try ReleaseComparison(
        from: from, to: to, catalog: HistoryCatalog(context.catalog))
      if options.json { return try console.printJSON(Report(comparison)) }
      return ExplanationLines.lines(comparison).forEach { console.print($0) }
    }
    let explanation = try RunExplanation(
      try training(run, context), from: from, to: to, catalog: HistoryCatalog(context.catalog))
    if options.json { return try console.printJSON(Report(explanation)) }
    ExplanationLines.lines(explanation).forEach { console.print($0) }
  }

  private func training(
    _ path: String, _ context: CommandContext
  ) throws -> TrainingDescription {
    if RunFile.isRun(path) {
      return TrainingDescription(try RunFile(contentsOf: path, catalog: context.catalog))
    }
    return TrainingDescription(
      try KerasFile.load(path, catalog: context.catalog).model)
  }

  private func pair() throws -> (from: Semantics, to: Semantics) {
    guard let dots = releases.range(of: "..") else {
      throw ValidationError("expected two releases, A..B, or one with --optimizer NAME")
    }
    return (
      try Semantics(parsing: String(releases[..<dots.lowerBound])),
      try Semantics(parsing: String(releases[dots.upperBound...]))
    )
  }

  struct Report: Encodable {
    var from: String
    var to: String
    var units: [ChangeUnit]?
    var changes: [ExplainedChange]?
    /// Changes of what the run uses that do not come to bear.
    var withoutEffect: [ChangeUnit]?

    init(_ comparison: ReleaseComparison) {
      from = "\(comparison.from)"
      to = "\(comparison.to)"
      units = comparison.units
    }

    init(_ explanation: RunExplanation) {
      from = "\(explanation.from)"
      to = "\(explanation.to)"
      changes = explanation.changes
      withoutEffect = explanation.withoutEffect
    }
  }
}
