internal import StrataTensor

/// Runs the same training in double precision beside it, to show when rounding takes over.
///
///     let shadow = Float64Shadow()
///     options.shadow = shadow
///     try model.fit(data, options)
///     print(shadow)
///
/// Every step is computed again by the reference executor in Float64, from the same batches, random
/// draws and learning rates, but from weights and optimizer slots of its own. It takes hundreds of
/// times as long as the training. Weights that a callback sets are not followed.
public final class Float64Shadow {
  /// How far the two trainings are apart after an epoch.
  public struct Epoch: Sendable, Hashable {
    public var number: Int
    /// The mean loss of the epoch's batches in Float32.
    public var loss: Double
    /// The same in Float64.
    public var shadowLoss: Double
    /// `max |w - w64| / max |w64|`, of the tensor in which it is largest.
    public var weightDifference: Double
    /// The path of that tensor, such as `dense_1/kernel`.
    public var tensor: String

    /// `|loss - loss64| / |loss64|`; 0 where both are 0.
    public var lossDifference: Double {
      loss == shadowLoss ? 0 : abs(loss - shadowLoss) / abs(shadowLoss)
    }
  }

  public private(set) var epochs: [Epoch] = []

  private typealias Buffer = ReferenceBuffer<Double>
  private var states: [String: Buffer] = [:]
  private var steps: [(key: ProgramKey, step: TracedStep)] = []
  private var samples = 0
  private var sums = (loss: 0.0, shadow: 0.0)

  public init() {}

  // MARK: Following

  func begin() {
    (epochs, steps, states) = ([], [], [:])
    startEpoch()
  }

  /// Takes over the state of a model that is about to make its first step.
  func prepare(_ model: Model) {
    guard states.isEmpty else { return }
    states = model.states.mapValues {
      ReferenceExecutor<Double>.buffer(TensorType($0.shape), $0.storage)
    }
  }

  /// Does the step that a program has just done.
  func follow(_ model: Model, _ program: StepProgram) {
    let step = tracedStep(model, program.key)
    var inputs: [NodeID: Buffer] = [:]
    for (input, storage) in program.inputValues {
      if case .state(let name) = input.role {
        inputs[input.node] = states[name]
      } else {
        inputs[input.node] = ReferenceExecutor<Double>.buffer(input.type, storage)
      }
    }
    let values = ReferenceExecutor<Double>().run(
      step.graph, inputs: inputs, outputs: step.outputs + step.updates.map(\.value))
    let nodes = step.graph.nodes
    for (update, value) in zip(step.updates, values.dropFirst(step.outputs.count)) {
      guard case .input(.state(let name)) = nodes[update.state].kind else { continue }
      states[name] = value
    }
    let size = program.key.batchSize
    samples += size
    sums.loss += Double(program.scalars.first ?? .nan) * Double(size)
    sums.shadow += (values.first?.reals.first ?? .nan) * Double(size)
  }

  func epochEnded(_ number: Int, _ model: Model) {
    let (difference, tensor) = largestDifference(model)
    let count = Double(samples)
    epochs.append(
      Epoch(
        number: number, loss: sums.loss / count, shadowLoss: sums.shadow / count,
        weightDifference: difference, tensor: tensor))
    startEpoch()
  }

  private func startEpoch() {
    samples = 0
    sums = (0, 0)
  }

  private func tracedStep(_ model: Model, _ key: ProgramKey) -> TracedStep {
    if let known = steps.first(where: { $0.key == key }) { return known.step }
    let step = StepTrace(model, key).trace()
    steps.append((key, step))
    return step
  }

  private func largestDifference(_ model: Model) -> (Double, String) {
    var largest = (difference: 0.0, tensor: model.parameters.first?.path ?? "")
    for parameter in model.parameters {
      guard let shadow = states[parameter.path]?.reals else { continue }
      let own = parameter.storage.array(of: Float.self, count: shadow.count)
      let scale = shadow.reduce(0) { max($0, abs($1)) }
      let distance = zip(own, shadow).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
      let difference = distance == 0 ? 0 : distance / scale
      if !(difference <= largest.difference) { largest = (difference, parameter.path) }
    }
    return largest
  }
}
