import StrataCore
import StrataReplay
import StrataTraining

/// Prints the digest of weights and optimizer state after every epoch.
final class DigestPrinter: Callback {
  private let model: Model
  private let console: Console?
  private(set) var digests: [String] = []

  init(_ model: Model, _ console: Console?) {
    self.model = model
    self.console = console
  }

  func epochEnd(_ epoch: Int, _ logs: inout Logs, _ training: any TrainingControl) {
    let digest = StateDigest(of: model).combined
    digests.append(digest.description)
    console?.print("epoch \(epoch) digest \(digest)")
  }
}
