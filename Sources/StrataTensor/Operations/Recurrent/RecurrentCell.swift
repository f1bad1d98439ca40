internal import CStrataKernels

/// The cell of a recurrent layer: its gates and their activations.
///
///     simple   h = act(x + hU)
///     LSTM     c' = f·c + i·g    h' = o·act(c')    gates i, f, g, o in the order of the columns
///     GRU      h' = z·h + (1 - z)·s    gates z, r, s
///              s = act(x_s + r·(hU_s)), or act(x_s + (r·h)U_s) where the reset comes first
package struct RecurrentCell: Sendable, Hashable {
  package enum Kind: Sendable, Hashable, CaseIterable {
    case simple, lstm, gruResetAfter, gruResetBefore
  }
  package var kind: Kind
  package var activation: GateActivation
  /// The activation of the gates that open and close.
  package var inner: GateActivation

  package init(_ kind: Kind, activation: GateActivation, inner: GateActivation = .sigmoid) {
    self.kind = kind
    self.activation = activation
    self.inner = inner
  }

  /// Columns of the weights, in units.
  var gateCount: Int {
    switch kind {
    case .simple: 1
    case .lstm: 4
    case .gruResetAfter, .gruResetBefore: 3
    }
  }
  /// What a time step leaves for the derivative, in units.
  var recordCount: Int {
    switch kind {
    case .simple: 1
    case .lstm: 5
    case .gruResetAfter: 4
    case .gruResetBefore: 3
    }
  }
  var biasRows: Int { kind == .gruResetAfter ? 2 : 1 }

  var kernelKind: strata_recurrent_kind {
    switch kind {
    case .simple: STRATA_SIMPLE_RNN
    case .lstm: STRATA_LSTM
    case .gruResetAfter: STRATA_GRU_RESET_AFTER
    case .gruResetBefore: STRATA_GRU_RESET_BEFORE
    }
  }
}

/// The sizes of a recurrent operation and the layout of its tape.
///
/// The tape is h `[time + 1, batch, units]`, from zero on; then c likewise (LSTM), or r·h
/// `[time, batch, units]` where the reset comes first; then the records `[time, batch, records]`.
struct RecurrentShape {
  var cell: RecurrentCell
  var time: Int, batch: Int, units: Int

  var width: Int { cell.gateCount * units }
  /// Elements of one time step of a state.
  var state: Int { batch * units }
  var second: Int { (time + 1) * state }
  private var secondCount: Int {
    switch cell.kind {
    case .lstm: (time + 1) * state
    case .gruResetBefore: time * state
    case .simple, .gruResetAfter: 0
    }
  }
  var records: Int { second + secondCount }
  var tapeCount: Int { records + time * state * cell.recordCount }

  /// The sizes of an instruction.
  func sizes(lastOnly: Bool = false) -> [Int] {
    [
      time, batch, units, Int(cell.kernelKind.rawValue),
      Int(cell.activation.kernelGate.rawValue), Int(cell.inner.kernelGate.rawValue),
      lastOnly ? 1 : 0,
    ]
  }
}

/// The activation of a gate.
///
/// A gate keeps a record, from which its value and its slope follow: the value itself, or the
/// argument of its last clipping.
package enum GateActivation: Sendable, Hashable, CaseIterable {
  case linear, relu
  /// `(x + |x|) / 2`
  case reluByHalves
  case tanh, sigmoid
  /// `x / 6 + ½` limited to 0...1.
  case hardSigmoid
  /// `0.2·x + ½` limited to 0...1.
  case hardSigmoidByFifths

  func record<S: Scalar>(_ x: S) -> S {
    switch self {
    case .linear, .reluByHalves: x
    case .relu: x > 0 ? x : 0
    case .tanh: .tanh(x)
    case .sigmoid: .sigmoid(x)
    case .hardSigmoid: x / 6 + 0.5
    case .hardSigmoidByFifths: Self.fifth() * x + 0.5
    }
  }

  func value<S: Scalar>(_ record: S) -> S {
    switch self {
    case .linear, .relu, .tanh, .sigmoid: record
    case .reluByHalves: 0.5 * (record + record.magnitude)
    case .hardSigmoid, .hardSigmoidByFifths:
      BinaryFunction.minimum.apply(BinaryFunction.maximum.apply(record, 0), 1)
    }
  }

  /// The gradient g of the value, carried to the argument.
  func slope<S: Scalar>(_ record: S, _ g: S) -> S {
    let y = value(record)
    let clipped = record >= 0 && record <= 1 ? g : 0
    return switch self {
    case .linear: g
    case .relu: y > 0 ? g : 0
    case .reluByHalves: 0.5 * g + 0.5 * g * UnaryFunction.sign.apply(record)
    case .tanh: g * (1 - y * y)
    case .sigmoid: g * (y * (1 - y))
    case .hardSigmoid: clipped / 6
    case .hardSigmoidByFifths: clipped * Self.fifth()
    }
  }

  private static func fifth<S: Scalar>() -> S { S(0.2 as Float) }

  var kernelGate: strata_gate {
    switch self {
    case .linear: STRATA_GATE_LINEAR
    case .relu: STRATA_GATE_RELU
    case .reluByHalves: STRATA_GATE_RELU_BY_HALVES
    case .tanh: STRATA_GATE_TANH
    case .sigmoid: STRATA_GATE_SIGMOID
    case .hardSigmoid: STRATA_GATE_HARD_SIGMOID
    case .hardSigmoidByFifths: STRATA_GATE_HARD_SIGMOID_BY_FIFTHS
    }
  }
}
