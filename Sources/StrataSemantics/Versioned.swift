/// A type with settings or formulas that changed from release to release.
public protocol Versioned {
  /// All that changed, for lists of the differences between releases.
  static var histories: [any AnyHistory] { get }
}
