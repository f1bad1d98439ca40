public import StrataSemantics
internal import StrataTensor

/// What a step does to the rows of an embedding that no sample of the batch uses.
public enum SparseRows: String, Sendable, Hashable, Codable {
  /// The same as with a gradient of 0.
  case all
  /// Rules with sparse forms of their own leave them alone, wholly or in part: `UnusedRows`.
  case usedOnly

  /// The optimizers of tf.keras 2.4 to 2.10, since 2.11 called legacy, have sparse forms.
  public static let history = History(
    "optimizer.sparseRows", .optimizer, .trajectory, initially: SparseRows.all
  )
  .since(
    "2.4.0", .usedOnly, "optimizer-sparse-rows-used-only",
    "Momentum, Adadelta, Adamax, Nadam, Ftrl and RMSprop with momentum leave the rows of an embedding"
      + " alone that a batch does not use."
  )
  .since(
    "2.11.0", .all, "optimizer-sparse-rows-all", "Every row follows its slots, used or not."
  )
  .on { $0.kind == .tensorflow }
}

/// What the sparse form of a rule leaves as it is in rows without a use.
public enum UnusedRows: String, Sendable, Hashable {
  /// Nothing.
  case change
  /// The parameter; slots go on.
  case keepParameter
  /// Parameter and slots.
  case keep

  /// Puts the old values back into rows without a use.
  func restore(_ update: inout ParameterUpdate, _ old: OptimizerInput.Parameter) {
    guard self != .change, let used = old.usedRows?.isGreater(than: 0) else { return }
    update.parameter = .select(used, update.parameter, old.value)
    guard self == .keep else { return }
    for (name, slot) in old.slots where slot.shape == old.value.shape {
      guard let new = update.slots[name] else { continue }
      update.slots[name] = .select(used, new, slot)
    }
  }
}
