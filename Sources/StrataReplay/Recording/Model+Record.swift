public import StrataCallbacks
public import StrataCore
public import StrataTraining

extension Model {
  /// Trains as `fit` does and records the run, so that `strata replay` can repeat it.
  ///
  /// Saved in the state that this training left, the model carries its provenance.
  ///
  /// - Parameters:
  ///   - path: the run file, `NAME.run.h5`. It is written when training ends, also by an error or
  ///     an interrupt.
  ///   - includesData: whether the samples go into the file; else only their digests do.
  /// - Throws: what `fit` throws, or `HDF5Error`.
  @discardableResult
  public func fit(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback] = [],
    recordTo path: String, includesData: Bool = false
  ) throws -> TrainingHistory {
    let (history, run) = try record(
      data, options, callbacks: callbacks, includesData: includesData,
      onFailure: { try $0.write(to: path) })
    try run?.write(to: path)
    return history
  }

  /// Trains as `fit` does and returns what was recorded; the saved model carries its provenance.
  ///
  /// - Throws: what `fit` throws, after `onFailure` got what was recorded until then.
  public func record(
    _ data: Dataset, _ options: FitOptions, callbacks: [any Callback] = [],
    includesData: Bool = false, onFailure: (RunFile) throws -> Void = { _ in }
  ) throws -> (TrainingHistory, RunFile?) {
    let recorder = Recorder(data, options, callbacks: callbacks, includesData: includesData)
    do {
      let history = try fit(data, options, callbacks: callbacks, observer: recorder)
      origin = recorder.run.map(Provenance.init)
      return (history, recorder.run)
    } catch {
      recorder.failed(error)
      if let run = recorder.run { try? onFailure(run) }
      throw error
    }
  }
}
