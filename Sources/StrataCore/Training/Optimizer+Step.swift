package import StrataTensor

/// What one step reads.
package struct OptimizerInput {
  package struct Parameter {
    package var value: Tensor
    package var gradient: Tensor
    package var constraint: Constraint?
    package var slots: [String: Tensor]
    /// Whether `weightDecay` concerns the parameter.
    package var isDecayed: Bool
    /// The part of the optimizer that the parameter belongs to; nil: its own rule.
    package var part: Int?
    /// Above 0 in the rows that a sparse gradient uses, where the others may stay; nil: all.
    package var usedRows: Tensor?
    /// The squares of the gradient where they are not those of its values.
    package var squares: Tensor?

    package init(
      value: Tensor, gradient: Tensor, constraint: Constraint? = nil,
      slots: [String: Tensor] = [:], isDecayed: Bool = true, part: Int? = nil,
      usedRows: Tensor? = nil, squares: Tensor? = nil
    ) {
      self.part = part
      self.usedRows = usedRows
      self.squares = squares
      self.value = value
      self.gradient = gradient
      self.constraint = constraint
      self.slots = slots
      self.isDecayed = isDecayed
    }
  }
  package var parameters: [Parameter]
  package var globals: [String: Tensor]
  /// The rate before decay, a scalar; a schedule of the optimizer stands in its place.
  package var learningRate: Tensor
  /// The momentum that a schedule asks for.
  var momentum: Tensor?
  /// The number of this step, from 1: a scalar.
  package var step: Tensor

  package init(
    parameters: [Parameter], globals: [String: Tensor] = [:], learningRate: Tensor, step: Tensor
  ) {
    self.parameters = parameters
    self.globals = globals
    self.learningRate = learningRate
    self.step = step
  }
}

/// What one step gives: new values, in the order of the input's parameters.
package struct OptimizerOutput {
  package var parameters: [ParameterUpdate]
  package var globals: [String: Tensor]
}

extension Optimizer {
  /// Traces one step on a resolved optimizer: gradients are accumulated and clipped, weights
  /// decayed, the rule applied, averages taken, constraints applied to the new parameters.
  ///
  /// Every right-hand side is an old value.
  package func step(_ input: OptimizerInput) -> OptimizerOutput {
    guard parts.isEmpty else { return stepOfParts(input) }
    var input = input
    if let schedule {
      input.learningRate = schedule.rate(at: input.step - 1)
      input.momentum = schedule.momentum(at: input.step - 1)
    }
    guard let accumulationSteps else { return update(input) }
    return accumulate(input, over: Float(accumulationSteps))
  }

  private func update(_ input: OptimizerInput) -> OptimizerOutput {
    let clipped = clip(input.parameters.map(\.gradient))
    let rate = decayed(input.learningRate, input.step)
    var state = OptimizerState(step: input.step, learningRate: rate, globals: input.globals)
    state.momentum = input.momentum
    state.count = input.parameters.count
    let globals = rule.updateGlobals(state)
    let updates = zip(input.parameters, clipped).enumerated().map { index, pair in
      let (parameter, gradient) = pair
      state.position = index
      state.slots = parameter.slots
      state.squares = isClipping ? nil : parameter.squares
      let value = decayed(parameter, rate)
      var update = rule.update(value, gradient: gradient, state)
      rule.unusedRows.restore(&update, parameter)
      average(&update, parameter, input.step)
      update.parameter = parameter.constraint?.project(update.parameter) ?? update.parameter
      return update
    }
    return OptimizerOutput(parameters: updates, globals: globals)
  }

  private var isClipping: Bool { clipNorm != nil || clipValue != nil || globalClipNorm != nil }

  /// The gradients after clipping.
  package func clip(_ gradients: [Tensor]) -> [Tensor] {
    let form = forms?.clipping ?? .firstOfNormGlobalNormValue
    return form.apply(
      gradients, .init(norm: clipNorm, value: clipValue, globalNorm: globalClipNorm))
  }

  /// The rate in force at a step.
  package func decayed(_ rate: Tensor, _ step: Tensor) -> Tensor {
    guard decay > 0 else { return rate }
    let divisor = 1 + decay * (step - 1)
    return switch forms?.decay ?? .quotient {
    case .reciprocal: rate * (1 / divisor)
    case .quotient: rate / divisor
    case .ignored, .refused: rate
    }
  }

  private func decayed(_ parameter: OptimizerInput.Parameter, _ rate: Tensor) -> Tensor {
    let shape = parameter.value.shape
    guard parameter.isDecayed, let decay = rule.weightDecay(weightDecay, for: shape) else {
      return parameter.value
    }
    return parameter.value - parameter.value * decay * rate
  }

  private func average(
    _ update: inout ParameterUpdate, _ parameter: OptimizerInput.Parameter, _ step: Tensor
  ) {
    guard let averaging, let old = parameter.slots[Self.averageSlot] else { return }
    let isFirst = step.isEqual(to: 1)
    let momentum = Float(averaging.momentum)
    let average: Tensor
    switch forms?.averaging ?? .firstStep {
    case .initialParameter:
      let before = Tensor.select(isFirst, parameter.value, old)
      average = momentum * before + Float(1 - averaging.momentum) * update.parameter
    case .firstStep:
      let later = momentum * old + (1 - momentum) * update.parameter
      average = .select(isFirst, update.parameter, later)
    }
    update.slots[Self.averageSlot] = average
    guard let frequency = averaging.overwriteFrequency else { return }
    update.parameter = .select(step.isMultiple(of: Float(frequency)), average, update.parameter)
  }

  /// One update for the mean gradient of `count` steps; the other steps keep all but the sum.
  private func accumulate(_ input: OptimizerInput, over count: Float) -> OptimizerOutput {
    let isUpdate = input.step.isMultiple(of: count)
    var due = input
    due.step = ((input.step - 1) / count).floor() + 1
    let sums = input.parameters.map { parameter in
      parameter.gradient + (parameter.slots[Self.accumulatorSlot] ?? 0)
    }
    for (index, sum) in sums.enumerated() {
      due.parameters[index].gradient = sum / count
      due.parameters[index].squares = nil
      due.parameters[index].usedRows = nil
    }
    var output = update(due)
    for (index, parameter) in input.parameters.enumerated() {
      let new = output.parameters[index]
      output.parameters[index].parameter = .select(isUpdate, new.parameter, parameter.value)
      for (name, value) in new.slots {
        output.parameters[index].slots[name] =
          .select(isUpdate, value, parameter.slots[name] ?? value)
      }
      output.parameters[index].slots[Self.accumulatorSlot] =
        .select(isUpdate, .zeros(sums[index].shape), sums[index])
    }
    for (name, value) in output.globals {
      output.globals[name] = .select(isUpdate, value, input.globals[name] ?? value)
    }
    return output
  }
}

extension Tensor {
  fileprivate func isMultiple(of count: Float) -> Tensor {
    (self - count * (self / count).floor()).isEqual(to: 0)
  }
}
