import Foundation

/// All recorded traces and files of real releases: `STRATA_GOLDEN=FOLDER`.
///
/// Tests that go through all of them run only where the variable names them, never because of what
/// happens to stand beside the checkout.
public enum RecordedTraces {
  /// The folder with a folder for each release; nil without `STRATA_GOLDEN`.
  public static let folder: String? = ProcessInfo.processInfo.environment["STRATA_GOLDEN"]
}
