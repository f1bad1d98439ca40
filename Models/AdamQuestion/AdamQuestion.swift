import Foundation
import StrataCallbacks
import StrataCommands
import StrataLosses
import StrataOptimizers
import StrataReplay
import StrataSemantics
import StrataTraining

/// The same code under Keras 0.3.3 and 1.2.0: records it, and attributes the difference.
///
///     adam-question DATA.h5 OUTPUT-DIRECTORY [SEEDS]
@main struct AdamQuestion {
  private let data: QuestionData
  private let directory: String
  private let seeds: String

  static func main() {
    let arguments = CommandLine.arguments
    guard 3...4 ~= arguments.count else {
      print("usage: adam-question DATA.h5 OUTPUT-DIRECTORY [SEEDS]")
      exit(64)
    }
    do {
      let seeds = arguments.count == 4 ? arguments[3] : "5"
      try AdamQuestion(data: arguments[1], directory: arguments[2], seeds: seeds).run()
    } catch {
      FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
      exit(1)
    }
  }

  private init(data path: String, directory: String, seeds: String) throws {
    data = try QuestionData(path)
    self.directory = directory
    self.seeds = seeds
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  private func run() throws {
    for (name, definition) in QuestionModels.all {
      let paths = try ["0.3.3", "1.2.0"].map { try record(name, definition, $0) }
      try strata("explain", "keras-0.3.3..keras-1.2.0", paths[0])
      try strata(
        "attribute", paths[0], "--to", "keras-1.2.0", "--seeds", seeds, "--output",
        "\(directory)/\(name).html")
    }
    try strata("explain", "keras-0.3.3", "--optimizer", "adam")
    try strata("explain", "keras-1.2.0", "--optimizer", "adam")
  }

  /// Trains with Adam and everything else left to the release.
  private func record(
    _ name: String, _ definition: Sequential, _ release: Version
  ) throws -> String {
    let path = "\(directory)/\(name)-\(release).run.h5"
    let model = try Model(definition, semantics: .keras(release), seed: 1)
    try model.compile(
      optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
    let (training, validation) = data.divided(definition.architecture.inputs[0].shape)
    var options = FitOptions()
    options.validationData = validation
    options.verbosity = .silent
    let history = try model.fit(training, options, recordTo: path, includesData: true)
    let values = ["loss", "val_loss"].map { "\($0) \(history[$0].last ?? .nan)" }
    print("\(path): \(values.joined(separator: ", "))")
    return path
  }

  /// Runs the command line tool, in this process.
  private func strata(_ arguments: String...) throws {
    print("\n== strata " + arguments.joined(separator: " ") + "\n")
    let code = StrataTool().run(arguments)
    if code != 0 { throw QuestionError(command: arguments[0], code: code) }
  }
}

/// A command that failed.
private struct QuestionError: Error, CustomStringConvertible {
  var command: String
  var code: Int32
  var description: String {
    "adam-question: strata \(command): expected exit code 0, but got \(code)."
  }
}
