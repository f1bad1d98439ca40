import Foundation
public import StrataCore
public import StrataSemantics

/// How much is shown of a training.
public enum Verbosity: Int, Sendable, Hashable, Codable, CaseIterable {
  case silent = 0
  /// A bar that fills as the epoch goes; where the output is no terminal, a line for each epoch.
  case bar = 1
  case linePerEpoch = 2
}

/// Where progress is written.
public struct ProgressSink {
  /// Takes text as it is, line breaks included.
  public var write: (String) -> Void
  /// Whether lines can be written over.
  public var isTerminal: Bool

  public init(isTerminal: Bool, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
  }

  /// The standard output.
  public static var standardOutput: ProgressSink {
    ProgressSink(isTerminal: isatty(FileHandle.standardOutput.fileDescriptor) == 1) { text in
      try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
  }
}

/// Shows the progress of a training in the words of Keras 0.3 to 2.0.
public final class ProgressLogger: Callback {
  public let verbosity: Verbosity
  private let sink: ProgressSink
  /// Seconds from a fixed time.
  private let clock: () -> Double

  private var interval = 0.05
  private var announcesSamples = true
  /// Whether batches log the results of metrics so far, beside their own loss.
  private var showsResults = false
  private var keys: [String] = []
  private var epochStart = 0.0
  private var bar: ProgressBar?

  public init(
    _ verbosity: Verbosity = .bar, sink: ProgressSink = .standardOutput,
    clock: (() -> Double)? = nil
  ) {
    self.verbosity = verbosity
    self.sink = sink
    self.clock = clock ?? { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
  }

  public var observesBatches: Bool { drawsBars }
  private var drawsBars: Bool { verbosity == .bar && sink.isTerminal }

  public func resolve(under semantics: Semantics) {
    interval = Self.intervalHistory.value(under: semantics)
    showsResults = semantics.position(for: "metrics.aggregation") >= "2.3.0"
    announcesSamples = semantics.position(for: "progressLogger.announcement") < "2.4.0"
  }

  public func trainBegin(_ training: any TrainingControl) {
    let progress = training.progress
    keys = progress.metrics
    guard verbosity != .silent, announcesSamples, let samples = progress.sampleCount,
      let validationSamples = progress.validationSampleCount
    else { return }
    sink.write("Train on \(samples) samples, validate on \(validationSamples) samples\n")
  }

  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) {
    guard verbosity != .silent else { return }
    sink.write("Epoch \(epoch + 1)/\(training.progress.epochs)\n")
    epochStart = clock()
    bar = nil
    if drawsBars, let samples = training.progress.sampleCount {
      bar = ProgressBar(target: samples, interval: interval, now: epochStart)
    }
  }

  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
    guard bar != nil else { return }
    if let size = logs["size"] {
      let showsResults = showsResults
      bar?.add(Int(size), known(logs)) { showsResults && $0 != "loss" }
    } else {
      // Without sizes the logs are means of the epoch so far.
      bar?.replace(after: training.progress.batchSize ?? 1, by: known(logs))
    }
    guard let text = bar?.isComplete == true ? nil : bar?.draw(now: clock()) else { return }
    if !text.isEmpty { sink.write(text) }
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    guard verbosity != .silent else { return }
    if let text = bar?.finish(now: clock(), known(logs)) {
      sink.write(text)
    } else {
      let values = known(logs).map { " - \($0.0):\(ProgressBar.lineNumber($0.1))" }.joined()
      sink.write("\(Int(clock() - epochStart))s\(values)\n")
    }
  }

  /// The logs that the training announced, in its order.
  private func known(_ logs: Logs) -> [(String, Double)] {
    keys.compactMap { key in logs[key].map { (key, $0) } }
  }

  package static let intervalHistory = History<Double>(
    "progressLogger.interval", .callback, .reporting, initially: 0
  ).since(
    "1.0.0", 0.01, "progbar-interval", "the bar is drawn at most every hundredth of a second"
  ).since("1.2.1", 0.05, "progbar-interval", "the bar is drawn at most twenty times a second")
}
