import ArgumentParser
import StrataCallbacks
import StrataCore
import StrataKeras
import StrataReplay
import StrataSemantics
import StrataTraining

/// How a model is trained on whose file says nothing of its training.
struct FurtherTraining: ParsableArguments {
  @Option(help: "The number of epochs. Default: the release's.") var epochs: Int?
  @Option(help: "The samples of a batch. Default: the release's.") var batchSize: Int?
  @Option(help: "The seed of the samples' order and of dropout. Default: 0.") var seed: UInt64?

  var isEmpty: Bool { epochs == nil && batchSize == nil && seed == nil }

  /// Trains from the file's weights, training configuration and optimizer state.
  ///
  /// - Throws: `CommandError` if the file does not say how the model was compiled, or without
  ///   samples; what loading and training throw.
  func run(_ command: ReplayCommand, in context: CommandContext) throws {
    let loaded = try KerasFile.load(
      command.run, semantics: command.release, catalog: context.catalog)
    let model = loaded.model
    let data = try data(command, loaded)
    model.random = try ModelRandom(seed: seed ?? 0, semantics: model.semantics)
    if !command.options.json { heading(loaded).forEach { context.console.print($0) } }
    let digests = DigestPrinter(
      model, command.options.json ? nil : context.console, showsValues: true)
    var options = FitOptions()
    options.epochs = epochs
    options.batchSize = batchSize
    options.validationData = try command.validationData.map {
      try command.samples.read($0, for: model)
    }
    options.verbosity = .silent
    options.watchers = [digests]
    options.stopsOnInterrupt = true
    options.report = { context.console.printError($0) }
    let history = try model.fit(data, options)
    if command.options.json {
      try context.console.printJSON(
        Report(trainedOn: FitCommand.Report(model, history, digests.digests)))
    }
  }

  private func data(_ command: ReplayCommand, _ loaded: LoadedModel) throws -> Dataset {
    guard loaded.training != nil else {
      throw CommandError(
        command: "replay", subject: command.run,
        expected: "a recorded run, or a model that says how it was compiled",
        found: "the file says nothing of a training")
    }
    guard let path = command.data else {
      throw CommandError(
        command: "replay", subject: command.run,
        expected: "samples to train on (--data FILE), since the file holds no record of a training",
        found: "there are none")
    }
    return try command.samples.read(path, for: loaded.model)
  }

  private func heading(_ loaded: LoadedModel) -> [String] {
    let model = loaded.model
    let semantics = model.semantics
    let count = epochs ?? FitHistory.epochs.value(under: semantics)
    let size = batchSize ?? FitHistory.batchSize.value(under: semantics)
    let origin =
      epochs == nil && batchSize == nil
      ? "the release's defaults" : "what is not given is the release's default"
    let optimizer = loaded.training.map { type(of: $0.optimizer.rule).name } ?? "no optimizer"
    return [
      "saved by \(loaded.source) without a record of its training: nothing to compare with, "
        + "trained on from its weights",
      "\(semantics), \(optimizer) after \(model.optimizerState?.iterations ?? 0) updates, "
        + "\(count) epochs, batches of \(size) (\(origin)), seed \(model.random.seed)",
    ]
  }

  struct Report: Encodable {
    /// In place of a comparison.
    var trainedOn: FitCommand.Report
  }
}
