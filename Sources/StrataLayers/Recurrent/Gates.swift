import StrataCore
import StrataSemantics
import StrataTensor

/// How a recurrent layer keeps the weights of its gates.
public enum GateLayout: String, Sendable, Hashable, Codable {
  /// A matrix for each gate: `kernel_i`, `recurrent_kernel_i`, `bias_i`, …
  case separate
  /// All gates side by side: `kernel [inputSize, gates·units]`, …
  case fused

  static func history(_ layer: String) -> History<GateLayout> {
    History<GateLayout>("\(layer).gateLayout", .initializer, .trajectory, initially: .separate)
      .since(
        "2.0.0", .fused, "init-lstm-fused-kernel-fans",
        "One kernel for all gates: its fans, and an orthogonal matrix across the gates.")
  }
}

/// Whether the gates share their dropout masks.
public enum GateDropout: String, Sendable, Hashable, Codable {
  /// A mask for each gate.
  case perGate
  /// One mask for all gates.
  case shared

  static func history(_ layer: String) -> History<GateDropout> {
    History<GateDropout>("\(layer).gateDropout", .layer, .trajectory, initially: .perGate)
      .since(
        "2.3.0", .shared, "rnn-implementation-default",
        "implementation = 2 by default: one dropout mask for all gates.")
  }
}

/// From which settings the recurrent matrices are made.
public enum RecurrentSettings: String, Sendable, Hashable, Codable {
  /// From `recurrentInitializer` and `recurrentRegularizer`.
  case own
  /// From `kernelInitializer` and `kernelRegularizer` where each gate has a matrix of its own.
  case kernels

  static func history(_ layer: String) -> History<RecurrentSettings> {
    History<RecurrentSettings>(
      "\(layer).recurrentSettings", .initializer, .trajectory, initially: .own
    )
    .since(
      "1.2.0", .kernels, "init-lstm-gru-recurrent-kernels-use-init",
      "Recurrent matrices are drawn by the kernel's initializer and get its regularizer."
    )
    .since(
      "2.0.0", .own, "init-lstm-gru-recurrent-kernels-restored",
      "Recurrent matrices have their own initializer and regularizer again.")
  }
}

/// The settings of one kind of weight.
struct WeightSettings {
  var initializer: Initializer
  var regularizer: Regularizer?
  var constraint: Constraint?

  func spec(_ name: String, _ shape: Shape) -> ParameterSpec {
    ParameterSpec(name, shape, initializer, regularizer: regularizer, constraint: constraint)
  }
}

/// The weights of a recurrent layer: their specs, and how they are read.
struct Gates {
  /// The letters of the gates in the order of the fused kernel.
  var letters: [String]
  /// The positions of the gates in the order in which separate matrices are drawn.
  var drawOrder: [Int]
  var units: Int
  var layout: GateLayout

  /// The specs of kernels, recurrent kernels and biases.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features.
  ///   - kernel: The settings of the kernels.
  ///   - recurrent: The settings of the recurrent kernels.
  ///   - biases: The settings of each gate's bias, in the order of the letters; nil for none.
  ///   - biasRows: 2 where input and recurrent product have a bias each.
  /// - Returns: The specs in the order in which they are drawn.
  func specs(
    inputSize: Int, _ kernel: WeightSettings, _ recurrent: WeightSettings,
    biases: [WeightSettings]?, biasRows: Int = 1
  ) -> [ParameterSpec] {
    if layout == .separate {
      return drawOrder.flatMap { gate -> [ParameterSpec] in
        let letter = letters[gate]
        let matrices = [
          kernel.spec("kernel_\(letter)", [inputSize, units]),
          recurrent.spec("recurrent_kernel_\(letter)", [units, units]),
        ]
        return matrices + (biases.map { [$0[gate].spec("bias_\(letter)", [units])] } ?? [])
      }
    }
    let width = letters.count * units
    let matrices = [
      kernel.spec("kernel", [inputSize, width]),
      recurrent.spec("recurrent_kernel", [units, width]),
    ]
    guard let biases, var bias = biases.first else { return matrices }
    let initializers = biases.map(\.initializer)
    if Set(initializers).count > 1 { bias.initializer = .blocks(initializers) }
    return matrices + [bias.spec("bias", biasRows == 1 ? [width] : [biasRows, width])]
  }

  /// The weights of all gates side by side.
  func fused(_ name: String, _ context: LayerContext) -> Tensor {
    guard layout == .separate else { return context[name] }
    return .concatenate(letters.map { context["\(name)_\($0)"] }, axis: -1)
  }

  /// One gate's part of the last axis.
  func part(_ gate: Int, of x: Tensor) -> Tensor { parts(gate..<(gate + 1), of: x) }

  /// Some gates' part of the last axis.
  func parts(_ gates: Range<Int>, of x: Tensor) -> Tensor {
    x.slice(axis: -1, (gates.lowerBound * units)..<(gates.upperBound * units))
  }

  /// `x·kernel` for all gates; `masks` multiply x: none, one for all, or one for each gate.
  func product(_ x: Tensor, _ kernel: Tensor, masks: [Tensor]) -> Tensor {
    switch masks.count {
    case 0: return x.matmul(kernel)
    case 1: return (x * masks[0]).matmul(kernel)
    default:
      let products = masks.enumerated().map { gate, mask in
        (x * mask).matmul(part(gate, of: kernel))
      }
      return .concatenate(products, axis: -1)
    }
  }
}
