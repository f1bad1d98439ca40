package import StrataSemantics

/// What becomes of a mask at a layer that does not support one.
enum UnsupportedMask: String, Sendable, Equatable {
  case refused
  /// The layer does not see it, and nothing after the layer does.
  case dropped

  static let history = History(
    "layer.unsupportedMask", .layer, .trajectory, initially: UnsupportedMask.refused
  )
  .since(
    "2.4.0", .dropped, "layer-unsupported-mask-dropped",
    "A mask ends at a layer that does not support masking, instead of being an error.")
}

/// The histories of how models are built.
package enum ModelHistory {
  package static let all: [any AnyHistory] = [UnsupportedMask.history]
}
