public import StrataCore
internal import StrataSemantics

extension TensorBoard {
  public static var spans: [SettingSpan] {
    [SettingSpan("update_freq", since: "2.2.3", neutral: "epoch")]
  }

  public var configuration: CallbackConfiguration {
    let frequency: SettingValue =
      switch updateFrequency {
      case .epoch: "epoch"
      case .batch: "batch"
      case .every(let count): .integer(count)
      }
    return CallbackConfiguration(
      Self.name,
      [
        "log_dir": .text(folder), "update_freq": frequency,
        "histogram_freq": .integer(histogramFrequency), "write_graph": .bool(writesGraph),
      ])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    let folder = try settings.text("log_dir")
    let frequency = try settings.read("update_freq", "\"epoch\", \"batch\" or a whole number") {
      UpdateFrequency($0)
    }
    let histograms = try settings.int("histogram_freq")
    let graph = try settings.bool("write_graph")
    try settings.refuseWhatIsNotWritten()
    try settings.finish()
    try self.init(
      folder ?? "logs", updateFrequency: frequency ?? .epoch, histogramFrequency: histograms ?? 0,
      writesGraph: graph ?? true)
  }
}

extension TensorBoard.UpdateFrequency {
  init?(_ value: SettingValue) {
    switch (value.text, value.int) {
    case ("epoch", _): self = .epoch
    case ("batch", _): self = .batch
    case (_, let count?): self = .every(count)
    default: return nil
    }
  }
}

extension SettingReader {
  /// Takes the settings of what Strata does not write, where they ask for nothing.
  fileprivate mutating func refuseWhatIsNotWritten() throws(HyperparameterError) {
    for key in ["write_images", "write_grads", "write_steps_per_second"] {
      _ = try read(key, "false (Strata does not write it)") { $0.bool == false ? false : nil }
    }
    for key in ["embeddings_freq", "profile_batch"] {
      _ = try read(key, "0 (Strata does not write it)") { $0.int == 0 ? 0 : nil }
    }
    for key in ["embeddings_layer_names", "embeddings_metadata", "embeddings_data"] {
      _ = try read(key, "null (Strata does not write embeddings)") { _ in Bool?.none }
    }
    // The batch size of histograms over validation data, which are refused elsewhere.
    _ = try int("batch_size")
  }
}
