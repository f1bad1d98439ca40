public import StrataCore
public import StrataSemantics

/// The callbacks of a training, called one after the other.
public final class CallbackList {
  public let callbacks: [any Callback]
  /// Whether anyone wants batch events; if not, none need be made.
  public let observesBatches: Bool
  private let batchObservers: [any Callback]

  public init(_ callbacks: [any Callback]) {
    self.callbacks = callbacks
    batchObservers = callbacks.filter(\.observesBatches)
    observesBatches = !batchObservers.isEmpty
  }

  /// The user's callbacks with those that every training has, in the order of the release: who
  /// comes first fills in what the later ones see.
  public convenience init(
    user: [any Callback], history: TrainingHistory, progress: ProgressLogger? = nil,
    under semantics: Semantics
  ) throws {
    let logger = progress.map { [$0 as any Callback] } ?? []
    switch Self.orderHistory.value(under: semantics) {
    case .userLast: self.init([history] + logger + user)
    case .progressLast: self.init(user + [history] + logger)
    case .progressFirst: self.init(logger + user + [history])
    }
    for callback in callbacks { try callback.resolve(under: semantics) }
  }

  public func trainBegin(_ training: any TrainingControl) throws {
    for callback in callbacks { try callback.trainBegin(training) }
  }
  public func trainEnd(_ training: any TrainingControl) throws {
    for callback in callbacks { try callback.trainEnd(training) }
  }
  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws {
    for callback in callbacks { try callback.epochBegin(epoch, training) }
  }
  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    for callback in callbacks { try callback.epochEnd(epoch, &logs, training) }
  }
  public func testBegin(_ training: any TrainingControl) throws {
    for callback in callbacks { try callback.testBegin(training) }
  }
  public func testEnd(_ training: any TrainingControl) throws {
    for callback in callbacks { try callback.testEnd(training) }
  }
  public func batchBegin(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    for callback in batchObservers { try callback.batchBegin(batch, logs, training) }
  }
  public func batchEnd(_ batch: Int, _ logs: Logs, _ training: any TrainingControl) throws {
    for callback in batchObservers { try callback.batchEnd(batch, logs, training) }
  }
}

// MARK: State

extension CallbackList {
  /// The memories of those that have one, by place and class.
  public var state: [String: [String: SettingValue]] {
    var state: [String: [String: SettingValue]] = [:]
    for (index, callback) in callbacks.enumerated() {
      if let callback = callback as? any ResumableCallback {
        state[Self.key(index, callback)] = callback.state
      }
    }
    return state
  }

  /// Restores what `state` gave, before `trainBegin`.
  ///
  /// - Throws: `HyperparameterError` if the list is another one than that of the state.
  public func restore(_ state: [String: [String: SettingValue]]) throws {
    let present = Set(self.state.keys)
    guard present == Set(state.keys) else {
      throw HyperparameterError(
        owner: "callbacks", setting: "state",
        expected: "of the callbacks \(present.sorted().joined(separator: ", "))",
        found: state.keys.sorted().joined(separator: ", "))
    }
    for (index, callback) in callbacks.enumerated() {
      if let callback = callback as? any ResumableCallback,
        let own = state[Self.key(index, callback)]
      {
        try callback.restore(own)
      }
    }
  }

  private static func key(_ index: Int, _ callback: any Callback) -> String {
    "\(index) \(type(of: callback))"
  }
}

// MARK: What the releases did

extension CallbackList {
  /// Where history and progress stand among the user's callbacks.
  package enum Order: Sendable, Hashable {
    case userLast, progressLast, progressFirst
  }

  package static let orderHistory = History<Order>(
    "callbacks.order", .callback, .reporting, initially: .userLast
  ).since(
    "0.3.3", .progressLast, "progbar-logger-split",
    "the user's callbacks come before history and progress, which show what they add"
  ).since(
    "2.1.4", .progressFirst, "callback-order-progbar-before-user",
    "progress comes before the user's callbacks and does not show what they add")
}
