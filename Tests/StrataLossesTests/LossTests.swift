import Foundation
import StrataCore
import StrataLosses
import StrataSemantics
import StrataTensor
import Testing

/// Scores worked out by hand.
@Suite struct LossTests {
  private func score(
    _ name: String, _ version: Version, target: [Float], prediction: [Float],
    _ configuration: [String: ConfigurationValue] = [:]
  ) throws -> Float {
    let loss = try LossRegistry.builtIn.loss(
      name, configuration: configuration, .keras(version)
    ).loss
    let p = Tensor(prediction, shape: [1, prediction.count])
    let t = Tensor(target, shape: [1, target.count])
    return try loss.perSample(target: t, prediction: p).mean().scalar()
  }

  private func isClose(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= 2e-6 * max(1, abs(b)) }

  @Test(
    arguments: [
      ("mse", [1, 2], [2, 4], 2.5), ("mae", [1, 2], [2, 4], 1.5), ("mape", [2, 4], [1, 8], 75),
      ("msle", [0, 1], [1, 1], 0.240_226_6), ("hinge", [1, -1], [0.5, 2], 1.75),
      ("squared_hinge", [1, -1], [0.5, 2], 4.625), ("poisson", [0, 1], [1, 2], 1.153_426_4),
      ("categorical_hinge", [1, 0], [0.25, 0.5], 1.25),
      ("kld", [0.5, 0.5], [0.25, 0.75], 0.143_841),
      ("categorical_crossentropy", [1, 0], [0.25, 0.75], 1.386_294_4),
      ("binary_crossentropy", [1, 0], [0.25, 0.5], 1.039_720_8),
      ("logcosh", [0, 0], [1, -1], 0.433_780_8),
    ] as [(String, [Float], [Float], Float)])
  func scores(_ name: String, _ target: [Float], _ prediction: [Float], _ expected: Float) throws {
    for version in ["0.3.3", "1.2.0", "2.2.4"] as [Version] {
      let value = try score(name, version, target: target, prediction: prediction)
      #expect(isClose(value, expected), "\(version): \(value)")
    }
  }

  @Test func crossentropyNormalisesThenLimits() throws {
    let value = try score(
      "categorical_crossentropy", "0.3.3", target: [0, 1], prediction: [3, 1])
    #expect(isClose(value, 1.386_294_4))
    let limited = try score(
      "categorical_crossentropy", "0.3.3", target: [0, 1], prediction: [1, 0])
    #expect(isClose(limited, 16.118_096))
  }

  /// Cosine 1 of two vectors of size 2: divided by 2 until 2.0.8.
  @Test func cosineIsAMeanUntil208() throws {
    let vectors: ([Float], [Float]) = ([3, 4], [6, 8])
    #expect(isClose(try score("cosine", "1.2.0", target: vectors.0, prediction: vectors.1), -0.5))
    #expect(isClose(try score("cosine", "2.0.9", target: vectors.0, prediction: vectors.1), -1))
  }

  /// Labels (0, 1) for predictions (1, 1): as they are 1 and 0; as (−1, 1) 2 and 0.
  @Test func hingeConvertsLabelsSince23() throws {
    #expect(isClose(try score("hinge", "2.2.4", target: [0, 1], prediction: [1, 1]), 0.5))
    #expect(isClose(try score("hinge", "2.3.0", target: [0, 1], prediction: [1, 1]), 1))
    #expect(isClose(try score("hinge", "2.3.0", target: [0, 2], prediction: [1, 1]), 0.5))
  }

  @Test func huberIsSquaredNearZeroAndLinearBeyond() throws {
    let value = try score(
      "huber", "3.15.1", target: [0, 0], prediction: [0.5, 3], ["delta": .number(1)])
    #expect(isClose(value, (0.125 + 2.5) / 2))
  }

  @Test func naiveLogCoshOverflows() throws {
    #expect(try score("logcosh", "2.0.4", target: [0], prediction: [200]) == .infinity)
    #expect(isClose(try score("logcosh", "2.1.2", target: [0], prediction: [200]), 199.306_85))
  }

  @Test func labelSmoothingMixesInTheUniformDistribution() throws {
    let smooth: [String: ConfigurationValue] = ["label_smoothing": .number(0.5)]
    let value = try score(
      "categorical_crossentropy", "3.15.1", target: [1, 0], prediction: [0.25, 0.75], smooth)
    #expect(isClose(value, -(0.75 * log(Float(0.25)) + 0.25 * log(Float(0.75)))))
  }

  @Test func sparseTargetsAreClassNumbers() throws {
    let loss = try LossRegistry.builtIn.resolve(
      "sparse_categorical_crossentropy", .keras("1.2.0"))
    let p = Tensor([0.25, 0.75, 0.5, 0.5], shape: [2, 2])
    let t = Tensor([Int32](arrayLiteral: 0, 1), shape: [2, 1])
    let scores = try loss.perSample(target: t, prediction: p).floats()
    #expect(isClose(scores[0], 1.386_294_4) && isClose(scores[1], 0.693_147_2))
    #expect(loss.targetShape(for: [5, 10]) == [5, 1])
  }

  /// p = 0.25 and 0.81 of the true class: (1 - sqrt(p)) / 0.5.
  @Test func generalizedCrossentropyByHand() throws {
    let loss = try LossRegistry.builtIn.resolve(
      "CategoricalGeneralizedCrossEntropy", .keras("3.15.1"))
    let p = Tensor([0.25, 0.75, 0.19, 0.81], shape: [2, 2])
    let t = Tensor([Int32](arrayLiteral: 0, 1), shape: [2, 1])
    let scores = try loss.perSample(target: t, prediction: p).floats()
    #expect(isClose(scores[0], 1) && isClose(scores[1], 0.2))
    #expect(loss.targetShape(for: [5, 10]) == [5, 1])
  }

  @Test func logitsAreRecoveredOnTensorFlowOnly() {
    #expect(LogitsRecovery.form(under: .keras("2.2.4")) == .never)
    #expect(LogitsRecovery.form(under: .keras("2.3.1")) == .fromLastActivationOfMatrices)
    #expect(LogitsRecovery.form(under: .keras("3.15.1")) == .fromLastActivation)
    #expect(LogitsRecovery.form(under: .keras("2.3.1", backend: .theano())) == .never)
  }

  @Test func unknownNamesAreListed() {
    let error = #expect(throws: UnknownNameError.self) {
      try LossRegistry.builtIn.resolve("crossentropy", .keras("0.3.3"))
    }
    #expect(error?.description.hasPrefix("loss: expected one of binary_crossentropy, ") == true)
    #expect(error?.description.hasSuffix("tversky, but got \"crossentropy\".") == true)
  }
}
