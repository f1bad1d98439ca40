import StrataCore
import StrataOptimizers
import StrataTensor
import Testing

@Suite struct UpdaterTests {
  /// By hand: 1 - 0.5·2 = 0, then 0 - 0.5·1 = -0.5; the rate may change between steps.
  @Test func descendsAlongTheGradients() throws {
    let updater = try Updater(
      SGD(learningRate: 0.5), parameters: [Tensor(1), Tensor([3, 4], shape: [2])])
    try updater.step([Tensor(2), Tensor([0, 2], shape: [2])])
    #expect(try updater.parameters[0].scalar() == 0)
    #expect(try updater.parameters[1].floats() == [3, 3])
    updater.learningRate = 0.25
    try updater.step([Tensor(2), Tensor([0, 4], shape: [2])])
    #expect(try updater.parameters[0].scalar() == -0.5)
    #expect(try updater.parameters[1].floats() == [3, 2])
    #expect(updater.iterations == 2)
  }

  /// The velocity is kept: v = 0.5·(-1) - 1 = -1.5 in the second step.
  @Test func keepsItsSlots() throws {
    let updater = try Updater(SGD(learningRate: 1, momentum: 0.5), parameters: [Tensor(0)])
    for _ in 0..<2 { try updater.step([Tensor(1)]) }
    #expect(try updater.parameters[0].scalar() == -2.5)
  }

  /// The first step of Adam has the size of its rate, whatever the gradient, in every parameter.
  @Test func countsItsSteps() throws {
    let updater = try Updater(
      Adam(learningRate: 0.125, epsilon: 0), parameters: [Tensor(0), Tensor(5)])
    try updater.step([Tensor(300), Tensor(-7)])
    #expect(abs(try updater.parameters[0].scalar() + 0.125) < 1e-6)
    #expect(abs(try updater.parameters[1].scalar() - 5.125) < 1e-6)
  }

  @Test func refusesGradientsOfOtherShapes() throws {
    let updater = try Updater(SGD(), parameters: [Tensor(0)])
    #expect(throws: OperationError.self) { try updater.step([Tensor([1, 2], shape: [2])]) }
    #expect(throws: OperationError.self) { try updater.step([]) }
  }
}
