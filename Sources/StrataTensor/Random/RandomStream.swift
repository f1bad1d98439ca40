/// A random stream of any kind, as it is saved with a run.
///
/// Each kind draws what its framework draws, in its own way: there is no common way to draw. What
/// they share is that a stream is a value whose state can be written and read back.
public enum RandomStream: Sendable, Equatable, Codable {
  /// NumPy's global stream: order of the samples and initial weights of Keras before version 3.
  case numpy(NumPyRandom)
  /// Strata's own.
  case philox(Philox)
  /// A dropout mask of Keras on Theano.
  case theano(TheanoMRG.Variable)
}

/// A stream that can put elements in random order.
public protocol ShufflingStream: Sendable, Equatable, Codable {
  mutating func shuffle<Element>(_ elements: inout [Element])
}

extension NumPyRandom: ShufflingStream {}
extension Philox: ShufflingStream {}
