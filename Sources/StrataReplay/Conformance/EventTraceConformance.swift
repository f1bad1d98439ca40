public import StrataCallbacks
public import StrataCore
public import StrataSemantics

/// Runs recorded sequences of callback events; the training itself is given as a function.
public struct EventTraceConformance: Sendable {
  /// The training whose events were recorded.
  public struct Request: Sendable, Hashable {
    public var semantics: Semantics
    public var samples: Int
    /// nil: no validation.
    public var validationSamples: Int?
    public var batchSize: Int
    public var epochs: Int
    /// Whether accuracy is measured.
    public var accuracy: Bool
  }

  /// Trains as asked with one more callback, and gives the history.
  public typealias Fit = @Sendable (Request, any Callback) throws -> TrainingHistory

  private let fit: Fit

  public init(fit: @escaping Fit) { self.fit = fit }

  /// The result of one file `trace_….json` or `event_trace.json`.
  public func run(file path: String) -> ConformanceResult {
    do {
      let file = try CallbackFile(path)
      let trace = EventTrace(file)
      let recorder = EventRecorder()
      let history = try fit(trace.request, recorder)
      let difference = trace.difference(recorder.events, history)
      return ConformanceResult(
        axis: .callback, release: file.release, name: file.name,
        verdict: difference.map { .differs($0) } ?? .agrees)
    } catch {
      return ConformanceResult(
        axis: .callback, release: "?", name: path, verdict: .unknown("\(error)"))
    }
  }
}

/// One event: its name in Keras, its epoch or batch, the keys of its logs.
public struct CallbackEvent: Sendable, Hashable {
  public var name: String
  public var index: Int?
  public var keys: [String]
}

/// Writes down every event.
public final class EventRecorder: Callback {
  public private(set) var events: [CallbackEvent] = []
  public var observesBatches: Bool { true }

  public init() {}

  public func trainBegin(_ training: any TrainingControl) { add("on_train_begin") }
  public func trainEnd(_ training: any TrainingControl) { add("on_train_end") }
  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) {
    add("on_epoch_begin", epoch)
  }
  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    add("on_epoch_end", epoch, logs)
  }
  public func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
    add("on_batch_begin", batch, logs)
  }
  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) {
    add("on_batch_end", batch, logs)
  }

  private func add(_ name: String, _ index: Int? = nil, _ logs: Logs = Logs()) {
    events.append(CallbackEvent(name: name, index: index, keys: logs.keys))
  }
}

/// The recorded events of one training.
struct EventTrace {
  let request: EventTraceConformance.Request
  let events: [CallbackEvent]
  let historyKeys: [String]
  let epochs: [Int]
  /// Whether the order of keys was recorded.
  let isOrdered: Bool

  init(_ file: CallbackFile) {
    let root = file.root
    isOrdered = !file.isOld
    request = EventTraceConformance.Request(
      semantics: file.semantics, samples: root["samples"]?.int ?? 0,
      validationSamples: root["val_samples"]?.int
        ?? (root["validation"]?.bool == true ? root["samples"]?.int : nil),
      batchSize: root["batch_size"]?.int ?? 0, epochs: root["epochs"]?.int ?? 0,
      accuracy: root["accuracy"]?.bool ?? true)
    events = (root[isOrdered ? "fit" : "events"]?.list ?? []).compactMap { event in
      // The events of evaluation inside of a training are not part of the contract, nor are
      // logs at its end.
      guard let name = event["event"]?.text, !name.contains("_test_") else { return nil }
      let keys = (event["log_keys"] ?? event["logs_keys"])?.list?.compactMap(\.text) ?? []
      return CallbackEvent(
        name: name, index: (event["index"] ?? event["arg"])?.int,
        keys: name.contains("_train_") ? [] : keys)
    }
    historyKeys = (root["history_keys"]?.list ?? []).compactMap(\.text)
    epochs = ((root["history_epoch"] ?? root["epoch_list"])?.list ?? []).compactMap(\.int)
  }

  /// The first difference.
  func difference(_ ours: [CallbackEvent], _ history: TrainingHistory) -> String? {
    for (index, (our, their)) in zip(ours, events).enumerated()
    where our.name != their.name || our.index != their.index || !agree(our.keys, their.keys) {
      return "event \(index): \(our), recorded \(their)"
    }
    if ours.count != events.count { return "\(ours.count) events, recorded \(events.count)" }
    if !agree(history.keys, historyKeys) {
      return "history of \(history.keys), recorded \(historyKeys)"
    }
    return history.epochs == epochs ? nil : "epochs \(history.epochs), recorded \(epochs)"
  }

  private func agree(_ a: [String], _ b: [String]) -> Bool {
    isOrdered ? a == b : a.sorted() == b.sorted()
  }
}
