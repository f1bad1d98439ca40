import ArgumentParser
import Foundation
import StrataKeras
import StrataTraining

struct ConvertCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write a model as another release of Keras writes it.",
    discussion: """
      The target is a release (keras-1.2.0: a whole model), or a part of it (keras-0.3.3-weights, \
      keras-0.3.3-architecture). What was mapped, converted or lost is reported.
      """)

  @OptionGroup var file: ModelFile
  @Argument(help: "The file to write; an existing one is replaced when the new one is complete.")
  var output: String
  @Option(help: "keras-0.3.3-weights, keras-1.2.0, …") var to: ConversionTarget
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let loaded = try file.load(context)
    let notes = try write(loaded)
    let report = Report(
      input: file.model, from: "\(loaded.source)", output: output, to: "\(to.release)",
      content: to.content.rawValue, reading: loaded.notes.map(Remark.init),
      writing: notes.map(Remark.init))
    if options.json {
      try context.console.printJSON(report)
    } else {
      report.lines.forEach { context.console.print($0) }
    }
  }

  private func write(_ loaded: LoadedModel) throws -> [KerasNote] {
    let model = loaded.model
    switch to.content {
    case .model:
      return try model.save(to: output, release: to.release, provenance: loaded.provenance)
    case .weights: return try model.saveWeights(to: output, release: to.release)
    case .architecture:
      let (json, notes) = try model.kerasJSON(release: to.release)
      try writeText(json)
      return notes
    }
  }

  private func writeText(_ json: String) throws {
    do {
      try Data(json.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw CommandError(
        command: "convert", subject: output, expected: "a path that can be written",
        found: (error as NSError).localizedDescription)
    }
  }

  struct Report: Encodable {
    var input, from, output, to, content: String
    /// Remarks of reading and of writing.
    var reading, writing: [Remark]

    var lines: [String] {
      ["\(input) (\(from)) -> \(output) (\(to), \(content))"]
        + section("read", reading) + section("written", writing)
    }

    private func section(_ title: String, _ remarks: [Remark]) -> [String] {
      remarks.isEmpty ? ["\(title): nothing lost"] : remarks.map { "\(title): \($0.line)" }
    }
  }
}
