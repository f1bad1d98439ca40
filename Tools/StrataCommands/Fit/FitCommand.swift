import ArgumentParser
import Foundation
import StrataCallbacks
import StrataCore
import StrataKeras
import StrataReplay
import StrataSemantics
import StrataTraining

struct FitCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Train a model on the samples in a file.",
    discussion: """
      The model is an architecture (JSON, as Keras's to_json writes it) or a saved model, which is \
      trained on from its weights and its optimizer's state. What is left out is the release's own.
      """)

  @Argument(help: "An architecture (.json) or a saved model.") var model: String
  @Option(
    help: "The release to follow. Default: the one that wrote the file.",
    transform: { try Semantics(parsing: $0) })
  var semantics: Semantics?
  @Option(help: "Start from the weights in a file.") var weights: String?
  @Option(help: "The seed of all random numbers. Default: one from the system, printed.")
  var seed: UInt64?
  @Option var batchSize: Int?
  @Option(help: "The epoch at which to end.") var epochs: Int?
  @Option(help: "The epoch at which to start.") var initialEpoch = 0
  @Flag(help: "Take the samples in their order.") var noShuffle = false
  @Option(help: "0: nothing, 1: a bar, 2: a line for each epoch.", transform: Self.verbosity)
  var verbose = Verbosity.bar
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Compiling") var compiling: CompileOptions
  @OptionGroup(title: "Callbacks") var callbacks: CallbackOptions
  @Option(help: "Save the trained model.") var save: String?
  @Option(help: "Record the run, so that it can be replayed (NAME.run.h5).") var record: String?
  @Flag(help: "Put the samples into the recorded run.") var recordData = false
  @Flag(help: "Train in double precision too, slowly, and show when rounding takes over.")
  var shadow = false
  @Flag(help: "Show where the time goes, operation by operation.") var profile = false
  @Option(help: "Write the first steps as a trace that Perfetto opens (.json).")
  var profileTrace: String?
  @OptionGroup var options: ReportOptions

  private static func verbosity(_ text: String) throws -> Verbosity {
    guard let verbosity = Int(text).flatMap(Verbosity.init(rawValue:)) else {
      throw ValidationError("expected 0, 1 or 2, but got \"\(text)\".")
    }
    return verbosity
  }

  func run(in context: CommandContext) throws {
    let (model, saved) = try makeModel(context)
    try compiling.compile(model, saved: saved, catalog: context.catalog)
    let digests = DigestPrinter(model, options.json ? nil : context.console)
    var fitOptions = try makeOptions(model, context.console, watchers: [digests])
    let profiler = profile || profileTrace != nil ? Profiler() : nil
    fitOptions.profiler = profiler
    let double = shadow ? Float64Shadow() : nil
    fitOptions.shadow = double
    let samples = try data.samples.read(data.data, for: model)
    let (history, run) = try model.record(
      samples, fitOptions, callbacks: callbacks.make(), includesData: recordData,
      onFailure: { try keep($0) })
    if let run { try keep(run) }
    if let save {
      try model.save(to: save).forEach { context.console.printError("saving: \($0)") }
    }
    if let double { context.console.printError(double.description) }
    if let profiler { try show(profiler, context.console) }
    if options.json { try context.console.printJSON(Report(model, history, digests.digests)) }
  }

  private func show(_ profiler: Profiler, _ console: Console) throws {
    if let profileTrace {
      try profiler.timeline().write(to: URL(fileURLWithPath: profileTrace), options: .atomic)
    }
    if profile { console.printError(profiler.description) }
  }

  private func keep(_ run: RunFile) throws {
    if let record { try run.write(to: record) }
  }

  private func makeModel(
    _ context: CommandContext
  ) throws -> (Model, TrainingConfiguration?) {
    let made: (model: Model, training: TrainingConfiguration?)
    if let json = try architectureText() {
      let read = try KerasFile.architecture(json: json, catalog: context.catalog)
      let chosen = semantics ?? read.source
      made = (try Model(read.architecture, semantics: chosen, seed: seed), nil)
    } else {
      let loaded = try KerasFile.load(model, semantics: semantics, catalog: context.catalog)
      made = (loaded.model, loaded.training)
      if let seed {
        try loaded.model.reseed(seed)
      }
    }
    made.model.writer = KerasWriter()
    if let weights { try KerasFile.loadWeights(weights, into: made.model) }
    context.console.printError("\(made.model.semantics), seed \(made.model.random.seed)")
    return made
  }

  /// The text of an architecture file; nil for a file of another kind.
  private func architectureText() throws -> String? {
    guard model.hasSuffix(".json") else { return nil }
    guard let data = FileManager.default.contents(atPath: model) else {
      throw CommandError(
        command: "fit", subject: model, expected: "a file that can be read",
        found: "there is none")
    }
    return String(decoding: data, as: UTF8.self)
  }

  private func makeOptions(
    _ model: Model, _ console: Console, watchers: [any Callback]
  ) throws -> FitOptions {
    var result = FitOptions()
    result.batchSize = batchSize
    result.epochs = epochs
    result.initialEpoch = initialEpoch
    result.shuffle = noShuffle ? .none : .samples
    result.validationData = try data.validationData.map { try data.samples.read($0, for: model) }
    result.validationSplit = data.validationSplit
    result.verbosity = options.json ? .silent : verbose
    result.progressSink = ProgressSink(
      isTerminal: console.terminalWidth != nil, write: console.write)
    result.watchers = watchers
    result.stopsOnInterrupt = true
    result.report = { console.printError($0) }
    return result
  }

  struct Report: Encodable {
    var semantics: String
    var seed: UInt64
    var epochs: [Int]
    var history: [String: [Double]]
    /// Of weights and optimizer state, after each epoch.
    var digests: [String]

    init(_ model: Model, _ history: TrainingHistory, _ digests: [String]) {
      semantics = "\(model.semantics)"
      seed = model.random.seed
      epochs = history.epochs
      self.history = Dictionary(uniqueKeysWithValues: history.keys.map { ($0, history[$0]) })
      self.digests = digests
    }
  }
}
