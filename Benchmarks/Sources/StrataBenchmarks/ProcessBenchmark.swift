import Foundation
import Strata

/// Whole processes, from start to exit: this program, started anew with a task to do.
struct ProcessBenchmark {
  enum Task {
    /// Load a model file, predict one sample, print the first output.
    case predict(model: String)
    /// Train the small network of `fit-digits`, print the last loss.
    case fitDigits

    var arguments: [String] {
      switch self {
      case .predict(let model): ["--predict", model]
      case .fitDigits: ["--fit", "digits"]
      }
    }
  }
  var task: Task
  var threads: Int
  var seconds: Double

  init?(_ name: String, threads: Int, seconds: Double) throws {
    switch name {
    case "cold-mlp-mnist":
      let architecture = Models.dense(784, hidden: [512, 512], classes: 10, dropout: 0.2)
      task = .predict(model: try Self.modelFile("mlp-mnist", architecture))
    case "cold-mlp-50mb":
      let architecture = Models.dense(784, hidden: [2048, 2048, 2048], classes: 1000)
      task = .predict(model: try Self.modelFile("mlp-50mb", architecture))
    case "fit-digits": task = .fitDigits
    default: return nil
    }
    self.threads = threads
    self.seconds = seconds
  }

  func run() throws -> [Field] {
    let command =
      [CommandLine.arguments[0]] + task.arguments + ["--threads", "\(threads)"]
    var samples = Samples()
    var memory = 0.0
    _ = try Child.run(command)
    let start = Moment.now
    while samples.durations.count < 3 || Moment.now.wall - start.wall < seconds {
      let child = try Child.run(command)
      samples.append(child.duration)
      memory = max(memory, child.memory)
    }
    return samples.fields + [("peak_rss_mb", .number(memory))]
  }

  /// The file that a peer left in the folder of the benchmarks, else one of our own.
  private static func modelFile(_ name: String, _ architecture: Architecture) throws -> String {
    let theirs = "\(temporaryFolder)/\(name).h5"
    if FileManager.default.fileExists(atPath: theirs) { return theirs }
    let ours = "\(temporaryFolder)/strata-\(name).h5"
    let model = try Model(architecture, semantics: .keras("1.2.2"), seed: 1)
    try Deterministic.initialize(model)
    try model.compile(optimizer: Adam(), loss: MeanSquaredError())
    try KerasWriter().write(model, to: ours, .model)
    return ours
  }

  /// What the child does for `--predict PATH`.
  static func predict(_ path: String) throws {
    let model = try KerasFile.load(path).model
    let x = Tensor((0..<784).map { Float($0) / 784 }, shape: [1, 784])
    print(try model.predict(x).floats()[0])
  }

  /// What the child does for `--fit digits`.
  static func fitDigits() throws {
    let model = try Model(
      Models.dense(64, hidden: [128, 64], classes: 10), semantics: .strata, seed: 1)
    try Deterministic.initialize(model)
    try model.compile(
      optimizer: Adam(), loss: SparseCategoricalCrossentropy(fromLogits: true))
    let (x, labels) = Deterministic.classification(1500, [64], classes: 10)
    var options = FitOptions()
    options.batchSize = 32
    options.epochs = 20
    options.shuffle = .none
    options.verbosity = .silent
    let history = try model.fit(Dataset(x, Tensor(labels, shape: [1500, 1])), options)
    print(history["loss"].last ?? .nan)
  }
}

/// A process and what it took.
struct Child {
  var duration: Moment
  /// Peak resident memory in MiB.
  var memory: Double

  struct Failure: Error, CustomStringConvertible {
    var command: [String]
    var status: Int32
    var description: String { "\(command.joined(separator: " ")): ended with \(status)." }
  }

  /// Runs a program to its end; what it prints goes nowhere.
  static func run(_ command: [String]) throws -> Child {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let start = Moment.now
    guard posix_spawn(&child, command[0], &actions, nil, &arguments, environ) == 0 else {
      throw Failure(command: command, status: errno)
    }
    var (status, usage) = (Int32(0), rusage())
    wait4(child, &status, 0, &usage)
    guard status == 0 else { throw Failure(command: command, status: status) }
    let cpu = [usage.ru_utime, usage.ru_stime].reduce(0.0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6
    }
    return Child(
      duration: Moment(wall: (Moment.now - start).wall, cpu: cpu), memory: usage.peakMemory)
  }
}
