internal import StrataTensor

/// An optimizer for some of the parameters, in the place of the one that it is a part of.
///
///     RMSprop().with(SGD(learningRate: 0.1), for: "encoder/.*")
///
/// Source: Keras 3.14's `MultiOptimizer`. Parts keep their own rates: a callback that sets the rate sets
/// that of the whole's own rule.
public struct OptimizerPart: Sendable, Equatable {
  /// The path of a parameter, such as `dense_1/kernel`, or a regular expression that matches the whole
  /// of it; with the model's name before the path as well (`sequential/dense_1/kernel`).
  public var pattern: String
  public var optimizer: Optimizer

  public init(_ pattern: String, _ optimizer: Optimizer) {
    self.pattern = pattern
    self.optimizer = optimizer
  }
}

extension OptimizerRule {
  /// The rule with another optimizer for the parameters of a pattern; see `OptimizerPart`.
  public func with(_ optimizer: Optimizer, for pattern: String) -> Optimizer {
    Optimizer(self).with(optimizer, for: pattern)
  }
  /// The rule with another one for the parameters of a pattern; see `OptimizerPart`.
  public func with(_ rule: some OptimizerRule, for pattern: String) -> Optimizer {
    Optimizer(self).with(Optimizer(rule), for: pattern)
  }
}

extension Optimizer {
  /// The optimizer with another one for the parameters of a pattern; see `OptimizerPart`.
  public func with(_ optimizer: Optimizer, for pattern: String) -> Optimizer {
    var copy = self
    copy.parts.append(OptimizerPart(pattern, optimizer))
    return copy
  }
  /// The optimizer with another rule for the parameters of a pattern; see `OptimizerPart`.
  public func with(_ rule: some OptimizerRule, for pattern: String) -> Optimizer {
    with(Optimizer(rule), for: pattern)
  }

  /// The part that a parameter belongs to; nil: none, the whole's own rule.
  ///
  /// - Throws: `HyperparameterError` if several patterns match.
  package func part(of path: String, in model: String) throws(HyperparameterError) -> Int? {
    let paths = [path, "\(model)/\(path)"]
    if let exact = parts.firstIndex(where: { paths.contains($0.pattern) }) { return exact }
    let matching = parts.indices.filter { index in
      guard let pattern = try? Regex(parts[index].pattern) else { return false }
      return paths.contains { $0.wholeMatch(of: pattern) != nil }
    }
    guard matching.count < 2 else {
      throw HyperparameterError(
        owner: name, setting: "parts", expected: "one at most for \(path)",
        found: matching.map { "\"\(parts[$0].pattern)\"" }.joined(separator: " and "))
    }
    return matching.first
  }

  /// The optimizer of a part; nil: this one.
  package func optimizer(of part: Int?) -> Optimizer { part.map { parts[$0].optimizer } ?? self }

  /// What the parts keep once: the names have the part's number before them.
  var globalsOfParts: [SlotSpec] {
    parts.enumerated().flatMap { index, part in
      part.optimizer.globals.map { spec in
        var spec = spec
        spec.name = "\(index)/\(spec.name)"
        return spec
      }
    }
  }

  func checkParts() throws(HyperparameterError) {
    for part in parts {
      let (pattern, other) = (part.pattern, part.optimizer)
      guard (try? Regex(pattern)) != nil else {
        throw HyperparameterError(
          owner: name, setting: "parts", expected: "of regular expressions", found: pattern)
      }
      guard other.parts.isEmpty, other.averaging == nil, other.accumulationSteps == nil else {
        throw HyperparameterError(
          owner: name, setting: "parts",
          expected: "optimizers without parts, averages and accumulation",
          found: "such a \(other.name) for \"\(pattern)\"")
      }
    }
  }

  /// One step of the whole and of each part, on the parameters that belong to it.
  func stepOfParts(_ input: OptimizerInput) -> OptimizerOutput {
    var output = OptimizerOutput(
      parameters: input.parameters.map { ParameterUpdate($0.value) }, globals: input.globals)
    for part in [nil] + parts.indices.map(Optional.some) {
      let places = input.parameters.indices.filter { input.parameters[$0].part == part }
      guard !places.isEmpty else { continue }
      let prefix = part.map { "\($0)/" } ?? ""
      var (own, given) = (optimizer(of: part), input)
      own.parts = []
      given.parameters = places.map { input.parameters[$0] }
      given.globals = [:]
      for spec in own.globals { given.globals[spec.name] = input.globals[prefix + spec.name] }
      if part != nil { given.learningRate = Tensor(own.rule.learningRate ?? .nan) }
      let result = own.step(given)
      for (place, update) in zip(places, result.parameters) { output.parameters[place] = update }
      for (name, value) in result.globals { output.globals[prefix + name] = value }
    }
    return output
  }
}
