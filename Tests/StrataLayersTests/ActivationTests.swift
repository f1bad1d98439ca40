import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

@Suite struct ActivationTests {
  private func slope(_ activation: Activation, at x: Float) throws -> Float {
    try valueAndGradient(at: [tensor([x], shape: [1])]) { activation($0[0]).sum() }
      .gradients[0].scalar()
  }

  /// Theano's relu is (x + |x|) / 2, whose derivative at 0 is ½.
  @Test func reluAtZeroDependsOnTheBackend() throws {
    let theano = Activation.relu.resolved(under: .keras("1.2.0"))
    let tensorflow = Activation.relu.resolved(under: .keras("2.3.1"))
    #expect(try slope(theano, at: 0) == 0.5)
    #expect(try slope(tensorflow, at: 0) == 0)
    #expect(try slope(theano, at: 2) == 1)
  }

  @Test func hardSigmoidChangedItsSlope() throws {
    let old = Activation.hardSigmoid.resolved(under: .tfKeras("2.15.0"))
    let new = Activation.hardSigmoid.resolved(under: .keras("3.0.0"))
    #expect(try slope(old, at: 1) == 0.2)
    #expect(abs(try slope(new, at: 1) - 1 / 6) < 1e-7)
    #expect(try slope(new, at: 2.75) > 0)
    #expect(try slope(old, at: 2.75) == 0)
  }

  @Test(arguments: Activation.allCases)
  func largeArgumentsStayFinite(_ activation: Activation) throws {
    let x = tensor([-80, -1, 0, 1, 80], shape: [1, 5])
    let (value, gradients) = try valueAndGradient(at: [x]) { activation($0[0]).sum() }
    #expect(try value.scalar().isFinite)
    #expect(try gradients[0].floats().allSatisfy { $0.isFinite })
  }

  @Test(arguments: Activation.allCases)
  func isSavedByItsKerasName(_ activation: Activation) throws {
    let data = try JSONEncoder().encode([activation])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(activation.kerasName)\"]")
    let back = try JSONDecoder().decode([Activation].self, from: data)[0]
    #expect(back.kerasName == activation.kerasName)
    #expect(!activation.kerasName.contains(" "))
  }

  @Test func unknownNameListsTheKnown() {
    let error = #expect(throws: UnknownNameError.self) { try Activation(named: "rellu") }
    #expect(error?.description.hasPrefix("activation: expected one of celu, elu, ") == true)
    #expect(error?.description.hasSuffix("but got \"rellu\".") == true)
    #expect(throws: UnknownNameError.self) { try Activation(named: "relu (by halves)") }
  }

  @Test func softmaxSumsToOneAndIgnoresShifts() throws {
    let y = try Activation.softmax(tensor([1, 2, 3, 101, 102, 103], shape: [2, 3])).floats()
    #expect(abs(y[0] + y[1] + y[2] - 1) < 1e-6)
    #expect(y[0] == y[3] && y[2] == y[5])
  }

  /// The supports are {2} with τ = 1, and all three with τ = (0.5 + 0.8 + 0.8 - 1) / 3.
  @Test func sparsemaxHasKerasThreshold() throws {
    let one = try Activation.sparsemax(tensor([2, 1, 0], shape: [1, 3])).floats()
    #expect(one == [1, 0, 0])
    let three = try Activation.sparsemax(tensor([0.5, 0.3, 0], shape: [1, 3])).floats()
    #expect(abs(three[0] - 0.133_333_3) < 1e-6)
    #expect(three[1] == 0 && three[2] == 0)
  }
}
