internal import CStrataKernels
internal import Foundation

/// The machine of a run; for information, results do not depend on it.
public struct Host: Sendable, Codable, Hashable {
  public var system: String
  public var cores: Int
  public var instructionSet: String
  public var threads: Int

  /// The machine at hand.
  public static var current: Host {
    Host(
      system: ProcessInfo.processInfo.operatingSystemVersionString,
      cores: ProcessInfo.processInfo.processorCount,
      instructionSet: String(cString: strata_isa_name()), threads: Int(strata_thread_count()))
  }
}

/// What this build is.
public enum StrataRelease {
  public static let version = "0.1.0"
  /// The version of the numbers contract (`Documentation/Numerics.md`).
  public static let numerics = "numerics@1"
}
