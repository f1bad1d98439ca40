import Foundation

/// Draws a chart as a self-contained SVG picture: panels below one another, the legend on top.
struct SVGChart {
  var chart: Chart

  private let width = 860.0
  private let plotHeight = 280.0
  private let left = 76.0, right = 24.0
  private let panelTop = 40.0, panelBottom = 52.0

  /// Colours that differ in lightness too, so that prints without colour can be read.
  private static let colors = [
    "#0b5fa5", "#d1495b", "#2e8540", "#e08e0b", "#6a4c93", "#00798c", "#8d5524", "#444444",
  ]

  init(_ chart: Chart) { self.chart = chart }

  /// The picture as a text file.
  var text: String {
    let header = legend
    var top = header.height
    var elements = [SVGElement("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"])]
    elements += header.elements
    for panel in chart.panels {
      elements.append(group(panel, top: top))
      top += panelTop + plotHeight + panelBottom
    }
    let root = SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": px(width), "height": px(top),
        "viewBox": "0 0 \(px(width)) \(px(top))",
        "font-family": "Helvetica, Arial, sans-serif", "font-size": "13",
      ], children: [SVGElement("title", text: title)] + elements)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.written()
  }

  private var title: String {
    let metrics = chart.panels.map(\.title).joined(separator: ", ")
    return "\(metrics) by epoch: \(chart.runs.joined(separator: ", "))"
  }

  private func group(_ panel: Chart.Panel, top: Double) -> SVGElement {
    let axes = panel.axes(xTicks: 10, yTicks: 6)
    let frame = Frame(
      x: left, y: top + panelTop, width: width - left - right, height: plotHeight, axes: axes)
    let heading = SVGElement(
      "text", ["x": px(left), "y": px(top + 24), "font-size": "16", "font-weight": "bold"],
      text: panel.title)
    let curves = panel.series.flatMap { curve($0, in: frame) }
    return SVGElement("g", children: [heading] + grid(frame) + curves)
  }

  private func grid(_ frame: Frame) -> [SVGElement] {
    let bottom = frame.y + frame.height
    var elements: [SVGElement] = []
    for tick in frame.axes.y.ticks {
      let y = frame.y(tick)
      elements.append(line(frame.x, y, frame.x + frame.width, y, color: "#e3e3e3"))
      elements.append(
        label(frame.axes.y.label(tick), x: frame.x - 8, y: y + 4.5, anchor: "end"))
    }
    for tick in frame.axes.x.ticks {
      let x = frame.x(tick)
      elements.append(line(x, bottom, x, bottom + 5, color: "#333333"))
      elements.append(label(frame.axes.x.label(tick), x: x, y: bottom + 20, anchor: "middle"))
    }
    elements.append(line(frame.x, frame.y, frame.x, bottom, color: "#333333"))
    elements.append(line(frame.x, bottom, frame.x + frame.width, bottom, color: "#333333"))
    elements.append(
      label("epoch", x: frame.x + frame.width / 2, y: bottom + 38, anchor: "middle"))
    return elements
  }

  private func curve(_ series: Chart.Series, in frame: Frame) -> [SVGElement] {
    let color = Self.colors[series.index % Self.colors.count]
    return series.stretches.map { stretch in
      if stretch.count == 1 {
        let (x, y) = (frame.x(stretch[0].epoch), frame.y(stretch[0].value))
        return SVGElement("circle", ["cx": px(x), "cy": px(y), "r": "3", "fill": color])
      }
      let points = stretch.map { "\(px(frame.x($0.epoch))),\(px(frame.y($0.value)))" }
      var element = SVGElement(
        "polyline",
        [
          "points": points.joined(separator: " "), "fill": "none", "stroke": color,
          "stroke-width": "2", "stroke-linejoin": "round",
        ])
      if series.isValidation { element.attributes.append(("stroke-dasharray", "6 4")) }
      return element
    }
  }
}

extension SVGChart {
  private struct Frame {
    var x, y, width, height: Double
    var axes: (x: ChartAxis, y: ChartAxis)

    func x(_ epoch: Double) -> Double { x + width * axes.x.fraction(epoch) }
    func y(_ value: Double) -> Double { y + height * (1 - axes.y.fraction(value)) }
  }

  /// A sample and a name for each run, then what dashes mean; in lines that fit the width.
  private var legend: (elements: [SVGElement], height: Double) {
    var entries = chart.runs.enumerated().map { index, name in
      (name: name, color: Self.colors[index % Self.colors.count], isDashed: false)
    }
    if chart.panels.contains(where: { $0.series.contains(where: \.isValidation) }) {
      entries.append((name: "training", color: "#333333", isDashed: false))
      entries.append((name: "validation", color: "#333333", isDashed: true))
    }
    var elements: [SVGElement] = []
    var (x, y) = (left, 26.0)
    for entry in entries {
      let needed = 36 + Double(entry.name.count) * 7.2 + 24
      if x > left, x + needed > width - right { (x, y) = (left, y + 20) }
      var sample = line(x, y - 4.5, x + 28, y - 4.5, color: entry.color, width: "2")
      if entry.isDashed { sample.attributes.append(("stroke-dasharray", "6 4")) }
      elements += [sample, label(entry.name, x: x + 36, y: y, anchor: "start")]
      x += needed
    }
    return (elements, y + 10)
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String, width: String = "1"
  ) -> SVGElement {
    SVGElement(
      "line",
      [
        "x1": px(x1), "y1": px(y1), "x2": px(x2), "y2": px(y2), "stroke": color,
        "stroke-width": width,
      ])
  }

  private func label(_ text: String, x: Double, y: Double, anchor: String) -> SVGElement {
    SVGElement(
      "text", ["x": px(x), "y": px(y), "text-anchor": anchor, "fill": "#333333"], text: text)
  }

  /// A length with at most two decimals.
  private func px(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
