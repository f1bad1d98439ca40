public import StrataCore
import StrataTensor

/// A layer that goes through time and can be told in which direction.
public protocol RecurrentLayer: Layer {
  /// Runs from the last time step to the first; a sequence is returned in the order of running.
  var goBackwards: Bool { get set }
  /// Whether all outputs are returned, not the last alone.
  var returnSequences: Bool { get set }
}

/// A recurrent layer whose states are known outside: it can be one of several in a loop.
protocol LoopLayer: RecurrentLayer {
  /// Whether the last states are given besides the output; nil: no.
  var returnState: Bool? { get set }
}

extension RecurrentLayer {
  /// `[batch, units]` of each state.
  func stateShapes(_ count: Int, units: Int, returned: Bool?) -> [Shape] {
    returned == true ? [Shape](repeating: [units], count: count) : []
  }
}

extension SimpleRNN: LoopLayer {}
extension LSTM: LoopLayer {}
extension GRU: LoopLayer {}
extension StackedRNNCells: LoopLayer {}
