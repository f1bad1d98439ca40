import ArgumentParser
import Foundation

struct PlotCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw the history of one or more runs.",
    discussion: """
      Without --output the curves are drawn on the terminal. Training and validation share a \
      picture; validation is dashed.
      """)

  @Argument(help: "CSV logs, recorded runs or models with a history.") var runs: [String]
  @Option(help: "A metric to draw, such as loss or val_loss; repeatable. Default: all.")
  var metric: [String] = []
  @Option(name: .shortAndLong, help: "Write a self-contained SVG picture.") var output: String?
  @OptionGroup var options: ReportOptions

  func run(in context: CommandContext) throws {
    let chart = try Chart(HistoryReader(catalog: context.catalog).read(runs), metrics: metric)
    if let output { try write(SVGChart(chart).text, to: output) }
    if options.json {
      try context.console.printJSON(chart)
    } else if let output {
      context.console.print("\(output): \(chart.panels.map(\.title).joined(separator: ", "))")
    } else {
      draw(chart, on: context.console)
    }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandError(
        command: "plot", subject: path, expected: "a path that can be written",
        found: (error as NSError).localizedDescription)
    }
  }

  private func draw(_ chart: Chart, on console: Console) {
    let width = console.terminalWidth ?? 80
    let drawing = TerminalChart(chart: chart, width: min(width, 120), isColored: console.isColored)
    drawing.lines.forEach { console.print($0) }
  }
}
