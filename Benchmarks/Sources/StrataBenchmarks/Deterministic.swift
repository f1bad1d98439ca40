import Strata

/// Data and weights without random-number generators, the same in every language: a hash of the
/// element's index, mapped to [-1, 1).
enum Deterministic {
  static func hash(_ index: UInt32, _ seed: UInt32) -> UInt32 {
    var x = index &+ seed &* 0x9E37_79B9
    x ^= x >> 16
    x = x &* 0x7FEB_352D
    x ^= x >> 15
    x = x &* 0x846C_A68B
    x ^= x >> 16
    return x
  }

  /// `count` values in [-1, 1).
  static func symmetric(_ count: Int, _ seed: Int) -> [Float] {
    (0..<count).map { Float(hash(UInt32($0), UInt32(seed)) >> 8) * 0x1p-24 * 2 - 1 }
  }

  /// Samples of noisy class patterns and their labels.
  static func classification(_ count: Int, _ shape: Shape, classes: Int) -> (Tensor, [Int32]) {
    let size = shape.count
    let noise = symmetric(count * size, 1)
    let pattern = symmetric(classes * size, 3)
    let labels = (0..<count).map { Int32(hash(UInt32($0), 2) % UInt32(classes)) }
    var x = noise
    for row in 0..<count {
      for i in 0..<size {
        x[row * size + i] = 0.5 * pattern[Int(labels[row]) * size + i] + 0.5 * noise[row * size + i]
      }
    }
    return (Tensor(x, shape: shape.batched(count)), labels)
  }

  /// Noise and ten times its mean.
  static func regression(_ count: Int, _ shape: Shape) -> (Tensor, Tensor) {
    let size = shape.count
    let x = symmetric(count * size, 1)
    let y = (0..<count).map { row in
      Float(10 * x[row * size..<(row + 1) * size].reduce(0.0) { $0 + Double($1) } / Double(size))
    }
    return (Tensor(x, shape: shape.batched(count)), Tensor(y, shape: [count, 1]))
  }

  /// Token numbers below 5000; the label is the eighth token modulo 100.
  static func tokens(_ count: Int, length: Int) -> (Tensor, [Int32]) {
    let x = (0..<(count * length)).map { Int32(hash(UInt32($0), 1) % 5000) }
    return (
      Tensor(x, shape: [count, length]), (0..<count).map { x[$0 * length + 7] % 100 }
    )
  }

  /// Puts the initial weights of the specification into a model: trainable parameters are numbered
  /// in order, kernels are `symmetric · √(6 / (fan in + fan out))`.
  static func initialize(_ model: Model) throws {
    for (number, weight) in model.weights.filter({ isTrainable($0.path) }).enumerated() {
      let (path, shape) = (weight.path, weight.value.shape)
      let name = path.split(separator: "/").last ?? ""
      // The other ones start as the layers' defaults have it: 0, and 1 for gamma and LSTM's forget.
      guard name.hasSuffix("kernel") || name == "embeddings" else { continue }
      let scale = name == "embeddings" ? 0.05 : Float((6 / fans(path, shape)).squareRoot())
      let values = symmetric(shape.count, 1000 + number).map { $0 * scale }
      try model.setWeight(path, to: Tensor(values, shape: shape))
    }
  }

  private static func isTrainable(_ path: String) -> Bool { !path.contains("moving_") }

  /// Fan in + fan out.
  ///
  /// Attention's kernels are matrices of which one axis is split into heads.
  private static func fans(_ path: String, _ shape: Shape) -> Double {
    if path.hasSuffix("/attention_output/kernel") {
      return Double(shape[0] * shape[1] + shape[2])
    }
    if ["/query/kernel", "/key/kernel", "/value/kernel"].contains(where: path.hasSuffix) {
      return Double(shape[0] + shape[1] * shape[2])
    }
    let receptive = shape.dimensions.dropLast(2).reduce(1, *)
    return Double(receptive * (shape[-2] + shape[-1]))
  }
}
