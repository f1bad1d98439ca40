/// The histories of runs as curves: a panel for each metric, training and validation in one.
struct Chart: Encodable, Equatable {
  struct Series: Encodable, Equatable {
    var run: String
    var metric: String
    /// Which run, from 0; a curve's colour.
    var index: Int
    /// A curve of validation data is dashed.
    var isValidation: Bool
    var epochs: [Int]
    var values: [Double]
  }

  struct Panel: Encodable, Equatable {
    var title: String
    var series: [Series]
  }

  var panels: [Panel]
  /// The names of the runs, in order.
  var runs: [String]

  /// The curves of some metrics, or of all that the runs have.
  ///
  /// - Throws: `CommandError` for a metric that no run has.
  init(_ histories: [RunHistory], metrics chosen: [String] = []) throws(CommandError) {
    var metrics: [String] = []
    for name in histories.flatMap({ $0.columns.map(\.metric) }) where !metrics.contains(name) {
      metrics.append(name)
    }
    if let unknown = chosen.first(where: { !metrics.contains($0) }) {
      throw CommandError(
        command: "plot", subject: "--metric \(unknown)",
        expected: "one of \(metrics.joined(separator: ", "))", found: "no run has it")
    }
    runs = histories.map(\.name)
    panels = []
    for metric in chosen.isEmpty ? metrics : chosen {
      let title = Self.title(of: metric)
      let series = histories.enumerated().compactMap { Self.series(metric, of: $1, index: $0) }
      if let panel = panels.firstIndex(where: { $0.title == title }) {
        panels[panel].series += series
      } else {
        panels.append(Panel(title: title, series: series))
      }
    }
    let order = ["loss", "acc", "accuracy"]
    panels = panels.enumerated().sorted { a, b in
      let ranks = [a, b].map { order.firstIndex(of: $0.element.title) ?? order.count }
      return (ranks[0], a.offset) < (ranks[1], b.offset)
    }.map(\.element)
  }

  /// The metric's name without its mark of validation data.
  private static func title(of metric: String) -> String {
    metric.hasPrefix("val_") ? String(metric.dropFirst(4)) : metric
  }

  private static func series(_ metric: String, of run: RunHistory, index: Int) -> Series? {
    guard let values = run[metric] else { return nil }
    return Series(
      run: run.name, metric: metric, index: index, isValidation: metric.hasPrefix("val_"),
      epochs: run.epochs, values: values)
  }
}

extension Chart.Series {
  /// The stretches of finite values, as (epoch, value).
  var stretches: [[(epoch: Double, value: Double)]] {
    var result: [[(epoch: Double, value: Double)]] = [[]]
    for (epoch, value) in zip(epochs, values) {
      if value.isFinite {
        result[result.count - 1].append((Double(epoch), value))
      } else if result.last?.isEmpty == false {
        result.append([])
      }
    }
    return result.filter { !$0.isEmpty }
  }
}

extension Chart.Panel {
  /// The axes that hold every curve of the panel.
  func axes(xTicks: Int, yTicks: Int) -> (x: ChartAxis, y: ChartAxis) {
    (
      ChartAxis(
        covering: series.flatMap { $0.epochs.map(Double.init) }, tickCount: xTicks, isWhole: true),
      ChartAxis(covering: series.flatMap(\.values), tickCount: yTicks)
    )
  }
}
