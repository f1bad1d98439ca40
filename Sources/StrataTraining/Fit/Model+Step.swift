internal import StrataCore
internal import StrataTensor

extension Model {
  /// Runs one step and returns its values in the order of `logKeys`.
  func step(_ mode: StepMode, _ batch: FeedBatch) throws -> [Float] {
    let program = try stage(mode, batch)
    if mode == .train { optimizerState?.begin(parameters) }
    if mode == .train, let memory = optimizerState {
      program.stage(learningRate: memory.learningRate, step: Float(memory.iterations + 1))
    }
    if mode == .train { shadow?.prepare(self) }
    program.run(&random, profiler)
    if mode == .train { optimizerState?.iterations += 1 }
    program.readScalars()
    if mode == .train { shadow?.follow(self, program) }
    return program.scalars
  }

  /// The rate of the next step, before decay.
  package var currentRate: Float {
    guard let memory = optimizerState else { return 0 }
    return compiled?.optimizer.schedule?.value(at: memory.iterations) ?? memory.learningRate
  }

  func stage(_ mode: StepMode, _ batch: FeedBatch) throws -> StepProgram {
    let program = try program(mode, batch)
    try program.stage(batch)
    return program
  }

  func requireCompiled() throws {
    if compiled == nil {
      throw CompileError(setting: "the model", expected: "to be compiled", found: "no compile()")
    }
  }

  /// One step of training on one batch.
  ///
  /// - Returns: the loss and metrics of the batch before its update, in the order of their keys.
  /// - Throws: `DataError`, or `CompileError` before `compile`.
  @discardableResult
  public func trainOnBatch(_ batch: Dataset) throws -> [(key: String, value: Float)] {
    try onBatch(.train, batch)
  }

  /// Loss and metrics of one batch, without training.
  ///
  /// - Throws: `DataError`, or `CompileError` before `compile`.
  public func testOnBatch(_ batch: Dataset) throws -> [(key: String, value: Float)] {
    try onBatch(.test, batch)
  }

  private func onBatch(_ mode: StepMode, _ batch: Dataset) throws -> [(key: String, value: Float)] {
    try requireCompiled()
    let data = try checked(batch, needsTargets: true)
    let values = try step(mode, FeedBatch(data: data, rows: Array(0..<data.count)[...]))
    return zip(logKeys, values).map { ($0, $1) }
  }
}
