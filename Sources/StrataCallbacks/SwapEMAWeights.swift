public import StrataCore

/// Puts the running averages of an optimizer in the place of the parameters while the model is
/// validated, and with `swapsOnEpoch` at the end of every epoch, for callbacks that write it.
///
/// The parameters come back before training goes on. Source: Keras since 3.3.
public final class SwapEMAWeights: ConfigurableCallback {
  public static let name = "SwapEMAWeights"

  public let swapsOnEpoch: Bool
  private var isSwapped = false

  public init(swapsOnEpoch: Bool = false) { self.swapsOnEpoch = swapsOnEpoch }

  public func epochBegin(_ epoch: Int, _ training: any TrainingControl) throws {
    if swapsOnEpoch { try swap(to: false, training) }
  }

  public func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) throws {
    guard swapsOnEpoch, !isSwapped else { return }
    try swap(to: true, training)
    // The end of `fit` puts the averages in place: they must be what stands there now.
    if epoch == training.progress.epochs - 1 { try training.settleAverages() }
  }

  public func testBegin(_ training: any TrainingControl) throws { try swap(to: true, training) }
  public func testEnd(_ training: any TrainingControl) throws { try swap(to: false, training) }

  private func swap(to swapped: Bool, _ training: any TrainingControl) throws {
    guard isSwapped != swapped else { return }
    try training.exchangeAverages()
    isSwapped = swapped
  }

  public var configuration: CallbackConfiguration {
    CallbackConfiguration(Self.name, ["swap_on_epoch": .bool(swapsOnEpoch)])
  }

  public convenience init(configuration: CallbackConfiguration) throws {
    var settings = try SettingReader(Self.name, configuration)
    self.init(swapsOnEpoch: try settings.bool("swap_on_epoch") ?? false)
    try settings.finish()
  }
}
