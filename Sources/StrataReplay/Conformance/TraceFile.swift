import Foundation
internal import StrataKeras
public import StrataHDF5
public import StrataSemantics
import StrataTensor

/// A file of recorded values with its description, in either of the two layouts.
///
/// The older one (Keras before 2 on Theano) has groups and says `keras`, `theano` in its
/// description; the newer one is flat and says `framework`, `version`, `kind`.
public struct TraceFile: Sendable {
  public let path: String
  /// The release that the trace stands for, where that is not the one that recorded it.
  let standsFor: String?
  let meta: JSONValue
  let root: HDF5Group
  let file: HDF5File
  /// The datasets, by their paths from the root.
  let datasets: Set<String>

  /// What a file holds.
  public enum Kind: Sendable, Hashable {
    case optimizer, loss, metric, layer, fit
    /// What was recorded of saved files beside it.
    case file
    /// Inputs that other traces read.
    case inputs
    case other(String)
  }

  /// - Parameters:
  ///   - path: The trace.
  ///   - release: Another release that recorded the same values, for example `keras-2.2.4`.
  /// - Throws: `TraceError` if the file is no HDF5 file or has no description.
  public init(_ path: String, as release: String? = nil) throws(TraceError) {
    self.path = path
    standsFor = release
    do {
      file = try HDF5File.open(path)
      root = file.root
      guard try root.attributes.contains("meta") else {
        throw TraceError(file: path, expected: "a root attribute meta", found: "none")
      }
      meta = try JSONValue(parsing: try root.attributes.string("meta"))
      datasets = try Self.datasets(in: root, under: "")
    } catch let error as TraceError {
      throw error
    } catch {
      throw TraceError(file: path, expected: "a recorded trace", found: "\(error)")
    }
  }

  private static func datasets(in group: HDF5Group, under prefix: String) throws -> Set<String> {
    var result: Set<String> = []
    for name in try group.names() {
      if try group.kind(of: name) == .group {
        result.formUnion(try datasets(in: try group.group(name), under: prefix + name + "/"))
      } else {
        result.insert(prefix + name)
      }
    }
    return result
  }

  /// The file's name without its extension.
  public var name: String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// Whether the layout is the newer one.
  var isFlat: Bool { meta["framework"] != nil }

  /// What the file holds, from what is in it.
  public var kind: Kind {
    if let kind = meta["kind"]?.text {
      return Self.kinds[kind] ?? .other(kind)
    }
    if meta["optimizer"] != nil, meta["update_order"] != nil { return .optimizer }
    if meta["loss"] != nil, datasets.contains("per_sample") { return .loss }
    if datasets.contains("output_test") { return .layer }
    if meta["file"] != nil, datasets.contains("predict") { return .file }
    if datasets.contains("batch/loss") { return .fit }
    if datasets.contains("grads/0") { return .inputs }
    return .other(meta["case"]?.text ?? "no case")
  }

  private static let kinds: [String: Kind] = [
    "optimizer": .optimizer, "loss": .loss, "metric": .metric, "layer": .layer, "fit": .fit,
    "metric_function": .metric, "files": .file,
    "fit-initial": .inputs, "optimizer-gradients": .inputs,
    "optimizer_gradients": .inputs, "gradients": .inputs,
  ]

  /// The release that recorded the trace.
  ///
  /// Optimizers of `tf.keras.optimizers.legacy` are those of
  /// 2.10, the last release in which they were the ordinary ones.
  ///
  /// - Throws: `TraceError` if the description names no release.
  public func semantics() throws(TraceError) -> Semantics {
    let isLegacy = meta["spec"]?["legacy"]?.flag == true
    let version = isLegacy ? "2.10.0" : meta["version"]?.text ?? meta["keras"]?.text ?? ""
    let text = standsFor ?? "\(meta["framework"]?.text ?? "keras")-\(version)\(backend)"
    do { return try Semantics(parsing: text) } catch {
      throw TraceError(file: path, expected: "a framework and version", found: text)
    }
  }

  /// The release in words: `keras-1.2.0`, with the legacy optimizers of tf.keras apart.
  public var release: String {
    if let standsFor { return standsFor }
    let version = meta["version"]?.text ?? meta["keras"]?.text ?? "?"
    let legacy = meta["spec"]?["legacy"]?.flag == true ? " legacy" : ""
    return "\(meta["framework"]?.text ?? "keras")-\(version)\(legacy)"
  }

  /// `+theano-0.9.0`.
  private var backend: String {
    let words = (meta["backend"]?.text ?? "").split(separator: " ").map(String.init)
    guard let kind = words.first else { return "" }
    let version = words.count > 1 ? words[1] : meta["theano"]?.text ?? "0"
    return "+\(kind)-\(version.prefix { $0 != "+" })"
  }

  /// A dataset as Float32, integers converted.
  ///
  /// - Throws: `TraceError` if it is not there or not of numbers.
  func tensor(_ name: String) throws(TraceError) -> Tensor {
    do {
      let dataset = try root.dataset(name)
      let shape = Shape(dataset.shape)
      if let floats = try? dataset.read(as: Float.self) { return Tensor(floats, shape: shape) }
      return Tensor(try dataset.read(as: Int32.self).map(Float.init), shape: shape)
    } catch {
      throw TraceError(file: path, expected: "a dataset \(name) of numbers", found: "\(error)")
    }
  }

  func floats(_ name: String) throws(TraceError) -> [Float] {
    do { return try tensor(name).floats() } catch {
      throw TraceError(file: path, expected: "a dataset \(name) of numbers", found: "\(error)")
    }
  }

  /// A result that says why the trace was not run.
  func unknown(_ axis: Axis?, _ reason: String) -> ConformanceResult {
    ConformanceResult(axis: axis, release: release, name: name, verdict: .unknown(reason))
  }

  func result(
    _ axis: Axis, _ comparison: Comparison, verdict: ConformanceResult.Verdict? = nil
  ) -> ConformanceResult {
    ConformanceResult(
      axis: axis, release: release, name: name,
      verdict: verdict ?? comparison.firstDifference.map { .differs($0) } ?? .agrees,
      largestError: comparison.largestError, largestValue: comparison.largestValue,
      largestRelativeError: comparison.largestRelativeError, usedShadow: comparison.usedShadow)
  }
}

/// A file that is not the trace it should be.
public struct TraceError: Error, Hashable, CustomStringConvertible {
  public var file: String
  public var expected: String
  public var found: String
  public init(file: String, expected: String, found: String) {
    self.file = file
    self.expected = expected
    self.found = found
  }
  public var description: String { "\(file): expected \(expected), but got \(found)." }
}
