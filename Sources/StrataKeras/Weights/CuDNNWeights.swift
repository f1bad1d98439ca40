internal import StrataCore
internal import StrataHDF5
internal import StrataTensor
internal import StrataTraining

/// The weights of Keras 2's recurrent layers on cuDNN, in the form of the plain layers.
///
/// Files hold `kernel [inputSize, n·units]`, `recurrent_kernel [units, n·units]` and `bias [2·n·units]`
/// with the block of each gate transposed, as cuDNN wants it; the bias is one for the input and one for
/// the state. Those of an LSTM are added. Source: Keras 2.3.1, `engine/saving.py`.
struct CuDNNWeights {
  private let arrays: [HDF5Dataset]
  private let parameters: [Model.Parameter]

  init(_ arrays: [HDF5Dataset], _ parameters: [Model.Parameter]) {
    self.arrays = arrays
    self.parameters = parameters
  }

  /// The values of a weight; nil if its layer is none of cuDNN's.
  func values(_ index: Int) throws -> [Float]? {
    let first = index / 3 * 3
    guard first + 2 < arrays.count, parameters[first + 2].spec.name.hasSuffix("bias"),
      parameters[first + 1].spec.name.hasSuffix("recurrent_kernel"),
      parameters[first + 1].spec.shape.rank == 2, arrays[first + 2].shape.count == 1
    else { return nil }
    let units = parameters[first + 1].spec.shape[0]
    let gates = parameters[first + 1].spec.shape[1] / max(units, 1)
    let bias = parameters[first + 2].spec.shape
    let isCuDNN =
      arrays[first + 2].shape == [2 * gates * units]
      && (gates == 4 ? bias == [4 * units] : gates == 3 && bias == [2, 3 * units])
    guard isCuDNN,
      index == first + 2 || arrays[index].shape == parameters[index].spec.shape.dimensions
    else { return nil }
    let values = try arrays[index].read(as: Float.self)
    switch index - first {
    case 0: return blocks(values, rows: parameters[index].spec.shape[0], units, gates)
    case 1: return blocks(values, rows: units, units, gates)
    default:
      return gates == 4 ? (0..<4 * units).map { values[$0] + values[4 * units + $0] } : values
    }
  }

  /// Each gate's block `[rows, units]`, whose numbers in order are those of `[units, rows]`, turned.
  private func blocks(_ values: [Float], rows: Int, _ units: Int, _ gates: Int) -> [Float] {
    let width = units * gates
    var result = values
    for gate in 0..<gates {
      for row in 0..<rows {
        for unit in 0..<units {
          let place = unit * rows + row
          result[row * width + gate * units + unit] =
            values[place / units * width + gate * units + place % units]
        }
      }
    }
    return result
  }
}
