import StrataTensor
import Testing

/// Sizes that cannot be, as files and settings may have them.
@Suite struct ShapeTests {
  private func message(_ tensor: Tensor) -> String {
    do {
      _ = try tensor.floats()
      return "none"
    } catch { return "\(error)" }
  }

  @Test(
    arguments: [
      (Shape([]), 1), ([3, 0, 2], 0), ([1 << 20, 1 << 20], 1 << 40), ([0, -1], nil),
      ([1 << 20, (1 << 20) + 1], nil), ([.max, .max], nil),
    ] as [(Shape, Int?)])
  func countsWhatMemoryCanHold(_ shape: Shape, _ count: Int?) {
    #expect(shape.checkedCount == count)
  }

  @Test func valuesOfAnImpossibleShape() {
    #expect(
      message(Tensor([1, 2], shape: [-1, -2]))
        == "tensor: expected a possible number of values for shape [-1, -2], but got 2.")
    #expect(
      message(.zeros([.max, 2]))
        == "tensor: expected a possible number of values for shape [\(Int.max), 2], but got 0.")
    #expect(
      message(Tensor([1, 2], shape: [3])) == "tensor: expected 3 values for shape [3], but got 2.")
  }

  @Test func anOpenSizeFollowsFromTheOthers() throws {
    let six = Tensor([1, 2, 3, 4, 5, 6], shape: [6])
    #expect(six.reshaped([2, -1]).shape == [2, 3])
    #expect(
      message(six.reshaped([4, -1]))
        == "reshape: expected a possible number of elements for shape [4, -1], "
        + "but got [6].")
    #expect(
      message(six.reshaped([-1, -1]))
        == "reshape: expected a possible number of elements for shape [-1, -1], "
        + "but got [6].")
  }
}
