package import StrataSemantics

/// How messages number the epochs, which is also what `{epoch}` stands for in paths.
package struct EpochMessage: Sendable, Hashable {
  /// The number of the first epoch.
  package var base: Int
  /// Digits to fill with zeros.
  package var width: Int

  package static let baseHistory = History<Int>(
    "callbacks.epochBase", .callback, .file, initially: 0
  ).since(
    "2.0.9", 1, "checkpoint-epoch-one-based", "{epoch} and the messages count epochs from 1")

  package init(under semantics: Semantics) {
    base = Self.baseHistory.value(under: semantics)
    width = semantics.position(for: "callbacks.message") < "2.8.0" ? 5 : 1
  }

  /// `Epoch 00003: early stopping`.
  package func text(_ epoch: Int, _ what: String) -> String {
    "Epoch \(PythonNumber.padded(epoch + base, width)): \(what)"
  }
}
