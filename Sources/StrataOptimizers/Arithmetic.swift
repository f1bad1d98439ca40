import StrataCore
import StrataSemantics
import StrataTensor

/// How a release makes the weight `1 − β` of a new value in a running average.
public enum ComplementPrecision: String, Sendable, Hashable, Codable {
  /// Subtracted in Float32 from the rounded β.
  case single
  /// Subtracted in Float64, then rounded to Float32.
  case double

  func complement(of beta: Double) -> Float {
    switch self {
    case .single: 1 - Float(beta)
    case .double: Float(1 - beta)
    }
  }
}

/// How a release spells a running average `a ← β·a + (1−β)·x`; the spellings differ in rounding.
public enum AverageForm: String, Sendable, Hashable, Codable {
  /// `β·a + (1−β)·x`.
  case weighted
  /// `a + (x − a)·(1−β)`.
  case incremental

  func average(
    _ old: Tensor, _ new: Tensor, _ beta: Double, _ precision: ComplementPrecision
  )
    -> Tensor
  {
    let share = precision.complement(of: beta)
    return switch self {
    case .weighted: Float(beta) * old + share * new
    case .incremental: old + (new - old) * share
    }
  }
}

extension OptimizerRule {
  /// Checks that the semantics is of a Keras line, for whose releases the rule has a history.
  func checkLineage(_ semantics: Semantics) throws(HyperparameterError) {
    guard semantics.lineage != .torch else {
      throw HyperparameterError(
        owner: Self.name, setting: "semantics", expected: "of a Keras release or Strata's own",
        found: "\(semantics); torch's rules are Torch\(Self.className) and so on")
    }
  }

  func check<Value: Comparable>(
    _ setting: String, _ value: Value?, in range: ClosedRange<Value>
  ) throws(HyperparameterError) {
    guard let value, !(range ~= value) else { return }
    throw error(setting, "between \(range.lowerBound) and \(range.upperBound)", "\(value)")
  }

  func checkNotNegative(_ setting: String, _ value: Double?) throws(HyperparameterError) {
    guard let value, !(value >= 0) else { return }
    throw error(setting, "at least 0", "\(value)")
  }

  func checkRate() throws(HyperparameterError) {
    guard let learningRate, !(learningRate >= 0 && learningRate.isFinite) else { return }
    throw error("learningRate", "finite and at least 0", "\(learningRate)")
  }

  func error(_ setting: String, _ expected: String, _ found: String) -> HyperparameterError {
    HyperparameterError(owner: Self.name, setting: setting, expected: expected, found: found)
  }
}

extension Double? {
  /// A setting that `resolve(under:)` has filled in, as Float32; NaN shows that it has not.
  var resolved: Float { map { Float($0) } ?? .nan }
  var exact: Double { self ?? .nan }
}

/// Powers of constants, as torch computes its bias corrections in Float64.
enum Power {
  /// `1 − βᵗ`, accurate also where βᵗ is near 1.
  static func complement(_ beta: Double, _ step: Tensor) -> Tensor {
    -(step * Float(ElementaryFunctions.log(beta))).expm1()
  }
  static func of(_ base: Double, _ exponent: Tensor) -> Tensor {
    (exponent * Float(ElementaryFunctions.log(base))).exp()
  }
}

extension Tensor {
  /// `√(mean x²)`.
  var rootMeanSquare: Tensor { square().mean().squareRoot() }
  /// `√Σx²`.
  var length: Tensor { square().sum().squareRoot() }
}

/// Histories that several rules share.
enum SharedHistory {
  /// SGD, RMSprop, Adagrad and Adadelta do not read the step; when they count it.
  static func stepCounting(initially value: StepCounting) -> History<StepCounting> {
    History("optimizer.stepCounting", .optimizer, .file, initially: value)
      .since(
        "1.1.0", .onlyWithDecay, "sgd-iterations-count-only-with-decay",
        "steps are counted only with decay"
      )
      .since(
        "2.0.8", .always, "optimizer-iterations-always-int64", "every optimizer counts its steps")
  }

  /// ε of the rules that had `first` before 1.0.3.
  static func epsilon(_ owner: String, initially first: Double) -> History<Double> {
    let start = History("\(owner).epsilon", .optimizer, .trajectory, initially: first)
    let id =
      owner == "adadelta"
      ? "adadelta-epsilon-1e-6-to-1e-8" : "rmsprop-adagrad-epsilon-outside-sqrt"
    let middle = first == 1e-8 ? start : start.since("1.0.3", 1e-8, id, "epsilon 1e-6 -> 1e-8")
    return middle.since(
      "2.1.3", 1e-7, "optimizer-epsilon-none-to-k-epsilon", "epsilon follows K.epsilon(), 1e-7")
  }

  /// `1 − β`: hyperparameters were Float32 variables until the optimizers of 2.11.
  static func complement(_ owner: String) -> History<ComplementPrecision> {
    History(
      "\(owner).complement", .optimizer, .trajectory, initially: ComplementPrecision.single
    )
    .since(
      "2.11.0", .double, "adam-accumulator-rounding",
      "constants are Python floats: 1 - beta is rounded once")
  }
}
