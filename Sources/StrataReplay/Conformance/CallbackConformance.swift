import Foundation
import StrataCallbacks
import StrataCore
import StrataSemantics

/// Runs recorded decisions of real callbacks through this build's callbacks.
///
/// Every number must agree to the last bit. One result for each recorded case.
public struct CallbackConformance: Sendable {
  public init() {}

  /// The results of all callback traces under a folder: the JSON files in folders `callbacks`.
  public func run(folder path: String) -> [ConformanceResult] {
    let names = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".json") && ("/" + $0).contains("/callbacks/") }.sorted()
      .flatMap { run(file: path + "/" + $0) }
  }

  /// The results of one file.
  public func run(file path: String) -> [ConformanceResult] {
    let file: CallbackFile
    do throws(CallbackTraceError) { file = try CallbackFile(path) } catch {
      return [
        ConformanceResult(
          axis: .callback, release: "?", name: path, verdict: .unknown("\(error)"))
      ]
    }
    let outcomes: [(String, ConformanceResult.Verdict)] =
      switch file.name {
      case "learning_rate_scheduler", "LearningRateScheduler": file.schedulerOutcomes()
      case "CSVLogger": file.csvOutcomes()
      case "TerminateOnNaN": [(file.name, file.terminationVerdict())]
      default: file.decisions.map { ($0.label, $0.verdict(under: file.semantics)) }
      }
    let needsTraining = [("", ConformanceResult.Verdict.unknown("events, which need a training"))]
    let known = outcomes.isEmpty ? needsTraining : outcomes
    return known.map { label, verdict in
      ConformanceResult(
        axis: .callback, release: file.release,
        name: label.isEmpty ? file.name : "\(file.name) \(label)", verdict: verdict)
    }
  }
}

extension DecisionTrace {
  /// Feeds the values and compares after each epoch.
  func verdict(under semantics: Semantics) -> ConformanceResult.Verdict {
    do {
      let callback = try CallbackRegistry.builtIn.callback(configuration)
      let refused = type(of: callback).refusedKeys(of: configuration, under: semantics)
      // The release refused to make the callback: nothing but that can be compared.
      if isUnsupported {
        return refused.isEmpty ? .differs("the settings, which the release refuses") : .agrees
      }
      guard refused.isEmpty else {
        return .differs("the settings, which the release has: \(refused)")
      }
      try callback.resolve(under: semantics)
      return try compare(callback).map { .differs($0) } ?? .agrees
    } catch {
      return .unknown("\(error)")
    }
  }

  /// The first difference.
  private func compare(_ callback: any ConfigurableCallback) throws -> String? {
    let training = FakeTraining()
    try callback.trainBegin(training)
    var files: [String] = []
    for step in steps {
      guard let epoch = step["epoch"]?.int else { continue }
      let value = step["value"]?.double ?? .nan
      training.weights = WeightSnapshot([[Float(epoch + 1)]])
      var logs = Logs()
      for other in otherLogs { logs[other] = 0.5 }
      logs[key] = value
      do { try callback.epochEnd(epoch, &logs, training) } catch {
        return recordedError(step) == nil ? "epoch \(epoch), error \(error)" : nil
      }
      if let error = recordedError(step) {
        // The release tripped over itself (no best weights to put back): nothing came after.
        if error.hasPrefix("TypeError") { return nil }
        return "epoch \(epoch), no error: \(error)"
      }
      let written = training.takeWritten()
      files += written
      if let what = difference(step, callback, training, logs, written) {
        return "epoch \(epoch), \(what)"
      }
    }
    try callback.trainEnd(training)
    if let saved, saved != files { return "files \(files), recorded \(saved)" }
    if let weightsAtEnd, weightsAtEnd != training.weight {
      return "weights of epoch \(training.weight) at the end, recorded \(weightsAtEnd)"
    }
    return nil
  }

  private func recordedError(_ step: SettingValue) -> String? {
    (step["error"] ?? step["error_in_framework"])?.text
  }

  private func difference(
    _ step: SettingValue, _ callback: any Callback, _ training: FakeTraining, _ logs: Logs,
    _ written: [String]
  ) -> String? {
    let state = (callback as? any ResumableCallback)?.state ?? [:]
    for name in ["wait", "cooldown_counter", "stopped_epoch", "best_epoch", "best"] {
      guard let recorded = step[name]?.double, let ours = state[name] else { continue }
      if name == "best", className == "ModelCheckpoint", settings["save_best_only"] != true {
        continue
      }
      guard let number = ours.double else {
        if recorded.isFinite { return "\(name) nothing, recorded \(recorded)" }
        continue
      }
      if number != recorded { return "\(name) \(number), recorded \(recorded)" }
    }
    if let rate = step["lr"]?.double, rate != Double(training.learningRate) {
      return "rate \(training.learningRate), recorded \(rate)"
    }
    if let stops = step["stop_training"]?.bool, stops != training.progress.isStopping {
      return "stopping \(training.progress.isStopping), recorded \(stops)"
    }
    if let epoch = step["weights_of_epoch"]?.double, epoch != training.weight {
      return "weights of epoch \(training.weight), recorded \(epoch)"
    }
    return logDifference(step, logs) ?? fileDifference(step, written)
  }

  private func logDifference(_ step: SettingValue, _ logs: Logs) -> String? {
    let recorded = (step["log_keys_after"] ?? step["logs_after"])?.list?.compactMap(\.text)
    guard let recorded, recorded.sorted() != logs.keys.sorted() else { return nil }
    return "logs \(logs.keys), recorded \(recorded)"
  }

  private func fileDifference(_ step: SettingValue, _ written: [String]) -> String? {
    guard let recorded = step["saved"]?.list?.compactMap(\.text) else { return nil }
    let paths = written.map { $0.split(separator: " ").last.map(String.init) ?? "" }
    return paths == recorded ? nil : "files \(paths), recorded \(recorded)"
  }
}
