import ArgumentParser
import StrataCallbacks
import StrataCore

/// What watches a training.
struct CallbackOptions: ParsableArguments {
  @Option(help: "Write checkpoints, such as best.h5 or weights.{epoch:02d}-{val_loss:.2f}.h5.")
  var checkpoint: String?
  @Flag(help: "Write a checkpoint only when the monitored value is the best so far.")
  var saveBestOnly = false
  @Flag(help: "Checkpoints hold weights only.") var saveWeightsOnly = false
  @Option(help: "Stop when the monitored value has not improved for so many epochs.")
  var earlyStopping: Int?
  @Option(help: "What checkpoints and early stopping look at.") var monitor = "val_loss"
  @Option(help: "Whether less or more is better: auto, min, max.", transform: Self.mode)
  var mode = MonitorMode.auto
  @Option(help: "Rates by epoch: 1e-3,20:1e-4 is 1e-3 before epoch 20 and 1e-4 from then on.")
  var schedule: StepSchedule?
  @Option(help: "Write the logs of every epoch to a CSV file.") var csv: String?
  @Option(help: "Write the logs to a folder that TensorBoard shows.") var tensorBoard: String?
  @Flag(help: "Stop when the loss is not a number.") var terminateOnNan = false

  func make() throws -> [any Callback] {
    var callbacks: [any Callback] = []
    if terminateOnNan { callbacks.append(TerminateOnNaN()) }
    if let schedule {
      callbacks.append(try Step(steps: schedule.steps, rates: schedule.rates))
    }
    if let checkpoint {
      callbacks.append(
        try ModelCheckpoint(
          checkpoint, monitor: monitor, saveBestOnly: saveBestOnly,
          saveWeightsOnly: saveWeightsOnly ? true : nil, mode: mode))
    }
    if let earlyStopping {
      callbacks.append(EarlyStopping(monitor: monitor, patience: earlyStopping, mode: mode))
    }
    if let csv { callbacks.append(CSVLogger(csv)) }
    if let tensorBoard { callbacks.append(try TensorBoard(tensorBoard)) }
    return callbacks
  }

  private static func mode(_ text: String) throws -> MonitorMode {
    guard let mode = MonitorMode(rawValue: text) else {
      throw ValidationError("expected auto, min or max, but got \"\(text)\".")
    }
    return mode
  }
}

/// Learning rates that change at epochs.
struct StepSchedule: ExpressibleByArgument, Equatable {
  var steps: [Int] = []
  var rates: [Double] = []

  /// `1e-3,20:1e-4,30:1e-5`.
  init?(argument: String) {
    for (index, part) in argument.split(separator: ",").enumerated() {
      let pair = part.split(separator: ":")
      guard pair.count == (index == 0 ? 1 : 2), let rate = pair.last.flatMap({ Double($0) }) else {
        return nil
      }
      if index > 0 {
        guard let step = Int(pair[0]) else { return nil }
        steps.append(step)
      }
      rates.append(rate)
    }
    if rates.isEmpty { return nil }
  }
}
