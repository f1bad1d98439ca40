/// One epoch's bar: counts, a bar of 30 characters, the time and running means, written over itself.
///
///     4/7 [================>.............] - ETA: 0s - loss: 0.9408 - acc: 0.2500
struct ProgressBar {
  static let width = 30

  let target: Int
  /// The least time between two drawings, in seconds.
  let interval: Double
  private let start: Double
  private var lastDrawing: Double?
  private var drawnWidth = 0
  private var seen = 0
  private var keys: [String] = []
  private var sums: [String: (sum: Double, weight: Double)] = [:]

  init(target: Int, interval: Double, now: Double) {
    self.target = target
    self.interval = interval
    start = now
  }

  /// Takes the values of one batch of `count` samples; those that are results so far replace the last.
  mutating func add(
    _ count: Int, _ values: [(String, Double)], isResult: (String) -> Bool = { _ in false }
  ) {
    seen += count
    for (key, value) in values {
      if sums[key] == nil { keys.append(key) }
      if isResult(key) {
        sums[key] = (value, 1)
        continue
      }
      let old = sums[key] ?? (0, 0)
      sums[key] = (old.sum + value * Double(count), old.weight + Double(count))
    }
  }

  /// Takes the means after one more batch of at most `count` samples.
  mutating func replace(after count: Int, by means: [(String, Double)]) {
    seen = min(seen + count, target)
    for (key, value) in means {
      if sums[key] == nil { keys.append(key) }
      sums[key] = (value, 1)
    }
  }

  /// Whether all samples were seen.
  var isComplete: Bool { seen >= target }

  /// The text that draws the bar over the one before; empty if it is too early for another.
  mutating func draw(now: Double) -> String {
    if let lastDrawing, now - lastDrawing < interval { return "" }
    lastDrawing = now
    let elapsed = now - start
    let remaining = seen > 0 ? elapsed / Double(seen) * Double(target - seen) : 0
    let means = keys.map { ($0, sums[$0].map { $0.sum / $0.weight } ?? .nan) }
    return redraw("ETA: \(Int(remaining))s", means)
  }

  /// The text that draws the last state, with the means of the whole epoch.
  mutating func finish(now: Double, _ means: [(String, Double)]) -> String {
    let time = isComplete ? "\(Int(now - start))s" : "ETA: 0s"
    return redraw(time, means) + (isComplete ? "\n" : "")
  }

  private mutating func redraw(_ time: String, _ means: [(String, Double)]) -> String {
    let digits = String(target).count
    let count = String(seen)
    let counts = String(repeating: " ", count: max(0, digits - count.count)) + "\(count)/\(target)"
    let filled = min(Self.width, Self.width * seen / max(1, target))
    let tip = filled == 0 ? "" : isComplete ? "=" : ">"
    let head = String(repeating: "=", count: max(0, filled - 1)) + tip
    let dots = String(repeating: ".", count: Self.width - filled)
    let text = means.map { " - \($0.0):\(Self.number($0.1))" }.joined()
    let line = "\(counts) [\(head)\(dots)] - \(time)\(text)"
    let back = String(repeating: "\u{8}", count: drawnWidth) + "\r"
    let padding = String(repeating: " ", count: max(0, drawnWidth - line.count))
    drawnWidth = line.count
    return back + line + padding
  }

  /// A number with four digits after the point, with an exponent if it is small.
  static func number(_ value: Double) -> String {
    " " + (abs(value) > 1e-3 ? PythonNumber.fixed(value, 4) : PythonNumber.exponent(value, 4))
  }

  /// The same in the lines of `linePerEpoch`, where negative numbers count as small.
  static func lineNumber(_ value: Double) -> String {
    " " + (value > 1e-3 ? PythonNumber.fixed(value, 4) : PythonNumber.exponent(value, 4))
  }
}
