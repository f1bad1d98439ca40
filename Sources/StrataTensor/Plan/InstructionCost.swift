internal import CStrataKernels

/// The work of one instruction: floating point operations and bytes of its operands.
///
/// A product sum counts two operations for each multiply-add, an elementwise chain one for each
/// micro-operation that computes, everything else one for each element it reads or writes.
package struct InstructionCost: Sendable, Hashable {
  package var operations: Double
  /// Every operand counted once, in bytes.
  package var bytes: Double

  init(_ instruction: strata_instruction, words: [Int32], bytes: Int) {
    self.bytes = Double(bytes)
    let count = Self.count(instruction, words: words)
    operations = count ?? Double(bytes) / 4
  }

  private static func count(_ instruction: strata_instruction, words: [Int32]) -> Double? {
    let d = withUnsafeBytes(of: instruction.dims) { $0.bindMemory(to: Int64.self).map(Double.init) }
    let s = withUnsafeBytes(of: instruction.sizes) {
      $0.bindMemory(to: Int64.self).map(Double.init)
    }
    switch strata_opcode(rawValue: UInt32(instruction.opcode)) {
    case STRATA_ELEMENTWISE:
      let codes = stride(from: 0, to: words.count, by: 5).map { words[$0] }
      let computing = codes.filter { $0 > Int32(STRATA_EW_STORE.rawValue) }.count
      return Double(computing) * d.prefix(Int(instruction.rank)).reduce(1, *)
    case STRATA_MATMUL:
      return 2 * s[0] * s[1] * s[2] * s[3]
    case STRATA_CONV2D, STRATA_CONV2D_INPUT, STRATA_CONV2D_KERNEL:
      let taps = s[0] * s[1] * d[3] / max(1, s[7])
      return 2 * d[0] * d[4] * d[5] * d[6] * taps
    case STRATA_RECURRENT, STRATA_RECURRENT_GRAD:
      return 2 * s[0] * s[1] * s[2] * s[2] * gates(s[3])
    default:
      return nil
    }
  }

  private static func gates(_ kind: Double) -> Double {
    switch strata_recurrent_kind(rawValue: UInt32(kind)) {
    case STRATA_SIMPLE_RNN: 1
    case STRATA_LSTM: 4
    default: 3
    }
  }
}
