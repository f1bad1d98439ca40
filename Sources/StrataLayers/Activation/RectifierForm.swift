public import StrataSemantics

/// How a rectifier is written down, which shows in the derivative at exactly 0.
public enum RectifierForm: String, Sendable, Hashable, Codable {
  /// By comparison: the derivative at 0 is that from below.
  case bySelection
  /// From (x + |x|)/2 and (x - |x|)/2: the derivative at 0 is the mean of both sides.
  case byHalves

  /// Theano's rectifiers are written by halves.
  static func of(_ semantics: Semantics) -> RectifierForm {
    semantics.backend.kind == .theano ? .byHalves : .bySelection
  }
}
