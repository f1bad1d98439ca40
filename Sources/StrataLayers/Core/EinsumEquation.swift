import StrataTensor

/// The letters of `input,kernel->output`, `...` replaced by letters of its own.
struct EinsumEquation {
  var input: [Character]
  var kernel: [Character]
  var output: [Character]
  /// The letters that stand for `...`.
  var elided: [Character] = []

  /// nil for a text that is no such equation, or does not fit `rank` axes of the input.
  init?(_ text: String, rank: Int) {
    let sides = text.replacing(" ", with: "").split(separator: "->").map(String.init)
    let operands = sides.first?.split(separator: ",").map(String.init) ?? []
    guard sides.count == 2, operands.count == 2 else { return nil }
    let named = operands[0].replacing("...", with: "").count
    if operands[0].contains("...") {
      guard rank > named || sides[1].contains("...") else { return nil }
      elided = (0..<max(rank - named, 0)).compactMap { UnicodeScalar(0x3b1 + UInt32($0)) }
        .map(Character.init)
    }
    let axes = String(elided)
    input = Array(operands[0].replacing("...", with: axes))
    kernel = Array(operands[1])
    output = Array(sides[1].replacing("...", with: axes))
    let isFine =
      input.count == rank && [input, kernel, output].allSatisfy { Set($0).count == $0.count }
      && output.allSatisfy { input.contains($0) || kernel.contains($0) }
      && input.allSatisfy { output.contains($0) || kernel.contains($0) }
      && kernel.allSatisfy { output.contains($0) || input.contains($0) }
      && !kernel.isEmpty && input.first == output.first && !kernel.contains(input[0])
    guard isFine else { return nil }
  }

  /// One batched matrix product: axes of all three are its batch, summed ones its inner size.
  func product(_ x: Tensor, _ weights: Tensor) -> Tensor {
    let shared = input.filter { kernel.contains($0) && output.contains($0) }
    let rows = input.filter { !kernel.contains($0) }
    let summed = input.filter { !output.contains($0) }
    let columns = kernel.filter { !input.contains($0) }
    func size(_ letters: [Character]) -> Int {
      letters.map { letter in
        input.firstIndex(of: letter).map { x.shape[$0] }
          ?? kernel.firstIndex(of: letter).map { weights.shape[$0] } ?? 1
      }.reduce(1, *)
    }
    func ordered(_ tensor: Tensor, _ letters: [Character], _ order: [Character]) -> Tensor {
      tensor.transposed(order.compactMap { letters.firstIndex(of: $0) })
    }
    let left = ordered(x, input, shared + rows + summed)
      .reshaped([size(shared), size(rows), size(summed)])
    let right = ordered(weights, kernel, shared + summed + columns)
      .reshaped([size(shared), size(summed), size(columns)])
    let made = shared + rows + columns
    let y = left.matmul(right).reshaped(Shape(made.map { size([$0]) }))
    return ordered(y, made, output)
  }
}
