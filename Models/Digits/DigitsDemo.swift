import Foundation
import StrataCallbacks
import StrataCommands
import StrataKeras
import StrataReplay
import StrataSemantics
import StrataTraining

/// Trains the digits under two releases of Keras, saves, records, replays, compares, plots.
///
///     digits-demo DATA.h5 OUTPUT-DIRECTORY
@main struct DigitsDemo {
  private static let releases: [Semantics] = [.keras("0.3.3"), .keras("1.2.0")]

  private let console = Console.standard
  private let digits: Digits
  private let directory: String

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("usage: digits-demo DATA.h5 OUTPUT-DIRECTORY")
      exit(64)
    }
    do {
      try DigitsDemo(data: arguments[1], directory: arguments[2]).run()
    } catch {
      FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
      exit(1)
    }
  }

  private init(data path: String, directory: String) throws {
    digits = try Digits(path)
    self.directory = directory
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  private func run() throws {
    for release in Self.releases { try train(release) }
    let runs = Self.releases.map { path($0, ".run.h5") }
    for run in runs { try strata("replay", run) }
    try strata("replay", runs[0], "--as", "keras-1.2.0")
    try compareAdam()
    try strata("plot", runs[0], runs[1], "--output", directory + "/histories.svg")
    try strata("plot", runs[0], runs[1], "--metric", "loss", "--metric", "val_loss")
  }

  /// Trains one model, recording it with its data, and saves it for Keras.
  private func train(_ release: Semantics) throws {
    heading("fit under \(release)")
    let model = try DigitsModel.make(release)
    console.print(model.summary())
    var options = FitOptions()
    options.epochs = 30
    options.validationData = digits.validation
    options.verbosity = .linePerEpoch
    let callbacks = try DigitsModel.callbacks(checkpoint: path(release, ".best.h5"))
    let start = Date()
    try model.fit(
      digits.training, options, callbacks: callbacks, recordTo: path(release, ".run.h5"),
      includesData: true)
    let seconds = Date().timeIntervalSince(start)
    console.print("trained in \(String(format: "%.2f", seconds)) s")
    console.print("digest \(StateDigest(of: model).combined)")
    for note in try model.save(to: path(release, ".h5")) { console.print("saved: \(note)") }
    console.print("model: \(path(release, ".h5"))  best: \(path(release, ".best.h5"))")
  }

  /// Shows whether the two releases' Adam rules differ.
  private func compareAdam() throws {
    heading("Adam's rule under both releases, on the same gradients")
    let comparison = try AdamComparison(Self.releases[0], Self.releases[1], steps: 1000)
    if let step = comparison.firstDifference {
      console.print("the updates differ first in step \(step) of \(comparison.steps)")
    } else {
      console.print("\(comparison.steps) updates, all identical to the last bit")
    }
  }

  /// Runs the command line tool, in this process.
  private func strata(_ arguments: String...) throws {
    heading("strata " + arguments.joined(separator: " "))
    let code = StrataTool().run(arguments)
    if code != 0 { throw DemoError(command: arguments[0], code: code) }
  }

  private func path(_ release: Semantics, _ ending: String) -> String {
    "\(directory)/digits-\(release.lineage.rawValue)-\(release.version)\(ending)"
  }

  private func heading(_ text: String) { console.print("\n== \(text)\n") }
}

/// A step of the demo that failed.
private struct DemoError: Error, CustomStringConvertible {
  var command: String
  var code: Int32
  var description: String { "demo: strata \(command): expected exit code 0, but got \(code)." }
}
