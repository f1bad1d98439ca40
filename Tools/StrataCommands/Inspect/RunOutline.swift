import StrataCallbacks
import StrataReplay

/// What a recorded run says beside its numbers.
struct RunOutline: Encodable {
  var semantics: String
  var seed: UInt64
  var numerics: String
  var strata: String
  var host: Host
  var outcome: String
  var samples: Int
  var validationSamples: Int?
  var holdsData: Bool
  var callbacks: [String]
  var epochs: [Int]
  var history: [String: [Double]]
  /// Of weights and optimizer state, after each epoch.
  var digests: [String]
  private var architecture: String
  private var epochLines: [String]

  private enum CodingKeys: String, CodingKey {
    case semantics, seed, numerics, strata, host, outcome, samples, validationSamples, holdsData
    case callbacks, epochs, history, digests
  }

  init(_ run: RunFile) {
    let record = run.record
    semantics = "\(record.semantics)"
    seed = record.seed
    numerics = record.numerics
    strata = record.strata
    host = record.host
    outcome = record.outcome
    samples = record.sampleCount
    validationSamples = record.validationSampleCount
    holdsData = run.data != nil
    callbacks = record.callbacks.map(\.className) + record.otherCallbacks
    epochs = record.epochs
    history = run.history
    digests = record.digests.map(\.combined.description)
    architecture = "\(record.architecture)"
    epochLines = record.epochs.indices.map { Self.line($0, run) }
  }

  var lines: [String] {
    let validation = validationSamples.map { ", \($0) for validation" } ?? ""
    return [
      "run: \(semantics), seed \(seed), \(outcome)",
      "numbers: \(numerics), strata \(strata)",
      "host: \(host.system), \(host.cores) cores, \(host.threads) threads, \(host.instructionSet)",
      "data: \(samples) samples\(validation); \(holdsData ? "in the file" : "only digests")",
      "callbacks: \(callbacks.isEmpty ? "none" : callbacks.joined(separator: ", "))", "",
      architecture, "",
    ] + epochLines
  }

  private static func line(_ index: Int, _ run: RunFile) -> String {
    let record = run.record
    let epoch = record.epochs[index]
    let values = run.history.sorted { $0.key < $1.key }.compactMap { key, values in
      record.value(of: key, after: epoch, in: values).map { "\(key) \($0)" }
    }
    let hasDigest = record.digests.indices.contains(index)
    let digest = hasDigest ? String(record.digests[index].combined.description.prefix(12)) : "-"
    return "epoch \(epoch)  \(digest)  \(values.joined(separator: "  "))"
  }
}
