import Foundation
import StrataCallbacks
import StrataCore
import StrataSemantics

// Traces that are not decisions about one monitored number.

extension CallbackFile {
  typealias Verdict = ConformanceResult.Verdict

  // MARK: LearningRateScheduler

  /// The rates in force under recorded schedules.
  func schedulerOutcomes() -> [(String, Verdict)] {
    let old = (root["cases"]?.list ?? []).map { entry in
      let returned = (entry["returned"]?.list ?? []).compactMap(\.double)
      return (
        entry["schedule"]?.text ?? "",
        rates(LearningRateScheduler { (epoch: Int) in returned[epoch] }, entry["lrs"], nil)
      )
    }
    return old
      + (root["traces"]?.list ?? []).map { entry in
        let schedule = entry["schedule"]?.text ?? ""
        return (schedule, newVerdict(schedule, entry))
      }
  }

  private func newVerdict(_ schedule: String, _ entry: SettingValue) -> Verdict {
    let ofRate = LearningRateScheduler { (_: Int, rate: Double) in rate * 0.5 }
    if entry["error"] != nil {
      let error = #"a function of the epoch and the rate"#
      do { try ofRate.resolve(under: semantics) } catch { return .agrees }
      return .differs("no error for \(error)")
    }
    let logged = entry["history"]?["learning_rate"] ?? entry["history"]?["lr"]
    switch schedule {
    case "0.1/(1+epoch)":
      let scheduler = LearningRateScheduler { (epoch: Int) in 0.1 / Double(1 + epoch) }
      return rates(scheduler, logged, entry)
    case "lr*0.5": return rates(ofRate, logged, entry)
    default: return .unknown("schedule \(schedule)")
    }
  }

  /// Runs a schedule for the recorded epochs and compares the rates.
  private func rates(
    _ scheduler: LearningRateScheduler, _ recorded: SettingValue?, _ entry: SettingValue?
  ) -> Verdict {
    let training = FakeTraining()
    var ours: [Double] = []
    var keys: [String] = []
    do {
      try scheduler.resolve(under: semantics)
      let epochs = recorded?.list?.count ?? entry?["history"]?["loss"]?.list?.count ?? 0
      for epoch in 0..<epochs {
        try scheduler.epochBegin(epoch, training)
        var logs = Logs()
        scheduler.epochEnd(epoch, &logs, training)
        keys = logs.keys
        ours.append(Double(training.learningRate))
      }
    } catch {
      return .unknown("\(error)")
    }
    if let theirs = recorded?.list?.compactMap(\.double), theirs != ours {
      return .differs("rates \(ours), recorded \(theirs)")
    }
    guard let entry else { return .agrees }
    if let last = entry["lr_at_end"]?.double, last != ours.last {
      return .differs("rate \(ours.last ?? 0) at the end, recorded \(last)")
    }
    let known = ["lr", "learning_rate"]
    let theirs = (entry["history_keys"]?.list ?? []).compactMap(\.text).filter(known.contains)
    return keys == theirs ? .agrees : .differs("logs \(keys), recorded \(theirs)")
  }

  // MARK: CSVLogger

  /// The texts of log files; appending continues the first.
  func csvOutcomes() -> [(String, Verdict)] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("strata-csv-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return (root["traces"]?.list ?? []).map { entry in
      let settings = entry["kwargs"]?.table ?? [:]
      let name = settings["separator"] == nil ? "first.csv" : "other.csv"
      return (
        "\(SettingValue.table(settings))",
        csvVerdict(entry, settings, folder.appendingPathComponent(name))
      )
    }
  }

  private func csvVerdict(
    _ entry: SettingValue, _ settings: [String: SettingValue], _ url: URL
  ) -> Verdict {
    do {
      let history =
        entry["history"]?.table?.compactMapValues { $0.list?.compactMap(\.double) } ?? [:]
      let logger = try CSVLogger(
        configuration: CallbackConfiguration(
          "CSVLogger", settings.merging(["filename": .text(url.path)]) { $1 }))
      let training = FakeTraining(metrics: history.keys.sorted())
      logger.resolve(under: semantics)
      try logger.trainBegin(training)
      for epoch in 0..<(history["loss"]?.count ?? 0) {
        var logs = Logs()
        for (key, values) in history { logs[key] = values[epoch] }
        try logger.epochEnd(epoch, &logs, training)
      }
      try logger.trainEnd(training)
      let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
      return text == entry["text"]?.text
        ? .agrees : .differs("text \(text.debugDescription)")
    } catch {
      return .unknown("\(error)")
    }
  }

  // MARK: TerminateOnNaN

  /// Whether the training is stopped at the recorded batch.
  func terminationVerdict() -> Verdict {
    let training = FakeTraining()
    let callback = TerminateOnNaN()
    for event in root["trace"]?.list ?? [] {
      guard let fields = event.list, fields.count == 4, fields[0].text == "batch",
        let batch = fields[1].int, let loss = fields[2].text.flatMap(Double.init),
        let stops = fields[3].bool
      else { continue }
      var logs = Logs()
      logs["loss"] = loss
      do { try callback.batchEnd(batch, logs, training) } catch { return .unknown("\(error)") }
      if training.progress.isStopping != stops {
        return .differs("batch \(batch), stopping \(training.progress.isStopping)")
      }
    }
    return .agrees
  }
}
