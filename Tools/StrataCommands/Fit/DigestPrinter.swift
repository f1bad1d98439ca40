import StrataCore
import StrataReplay
import StrataTraining

/// Prints the digest of weights and optimizer state after every epoch.
final class DigestPrinter: Callback {
  private let model: Model
  private let console: Console?
  /// Whether loss and metrics follow the digest.
  private let showsValues: Bool
  private(set) var digests: [String] = []

  init(_ model: Model, _ console: Console?, showsValues: Bool = false) {
    self.model = model
    self.console = console
    self.showsValues = showsValues
  }

  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    let digest = StateDigest(of: model).combined
    digests.append(digest.description)
    let values = showsValues ? ReplayLines.values(logs.keys, logs.values) : ""
    console?.print("epoch \(epoch) digest \(digest)\(values)")
  }
}
