public import StrataCore
public import StrataSemantics
public import StrataTensor

/// A model: an architecture resolved under a release's semantics, with its weights.
///
/// Belongs to one task. Layers describe; the model owns parameters, statistics, optimizer slots and
/// random streams.
public final class Model {
  /// The architecture as it was written.
  public let definition: Architecture
  /// The architecture with every name given and every setting resolved.
  public let architecture: Architecture
  public let semantics: Semantics
  /// The random streams; saved with a run.
  public package(set) var random: ModelRandom

  package internal(set) var parameters: [Parameter]
  /// The shape of one sample of each call's output.
  package let callShapes: [Shape]
  /// The shapes of what each call gives besides its output.
  let furtherShapes: [[Shape]]
  /// The streams of random draws that each node makes in training, in order.
  let drawStreams: [[String]]
  package internal(set) var compiled: CompiledSettings?
  /// What `compile` was given, with nothing filled in.
  public internal(set) var compileDefinition: CompileDefinition?
  /// Slots, counter and rate of the compiled optimizer.
  package var optimizerState: OptimizerMemory?
  /// The running sums of metrics.
  var metricMemory: MetricMemory?
  /// Programs by mode, batch size and kind of weighting.
  var programs = ProgramCache()
  /// Measures the steps, while there is one.
  var profiler: Profiler?
  /// Follows the training in double precision, while there is one.
  var shadow: Float64Shadow?
  /// Writes checkpoints, for example a `KerasWriter()`; a model that was loaded has one already.
  public var writer: (any ModelFileWriter)?
  /// The training that led to the present state, if it was recorded.
  package var origin: (any ModelOrigin)?

  /// A parameter or statistic of the model.
  package struct Parameter {
    /// The node's name and the parameter's, for example `dense_1/kernel`.
    package let path: String
    package let node: Int
    package let spec: ParameterSpec
    package let storage: Storage
    /// Whether a step changes it by its gradient.
    package let isTrainable: Bool
  }

  /// Builds the model: names, settings, shapes, initial weights.
  ///
  /// - Parameters:
  ///   - definition: what the model is made of.
  ///   - semantics: the release whose behaviour is followed.
  ///   - seed: of all random numbers; nil takes one from the system.
  ///   - initializesWeights: false leaves zeros, for weights that are loaded next.
  /// - Throws: `LayerError` or `OperationError` naming the layer, what it expected and what came;
  ///   `CompileError` for a seed that the release does not take.
  public init(
    _ definition: some ArchitectureConvertible, semantics: Semantics = .strata,
    seed: UInt64? = nil, initializesWeights: Bool = true
  ) throws {
    let resolved = Self.resolve(definition.architecture, semantics)
    let build = try ModelBuild(resolved, semantics)
    self.definition = definition.architecture
    architecture = resolved
    self.semantics = semantics
    callShapes = build.callShapes
    furtherShapes = build.furtherShapes
    drawStreams = build.drawStreams
    random = try ModelRandom(
      seed: seed ?? UInt64.random(in: 0...UInt64(UInt32.max)), semantics: semantics)
    parameters = build.parameters
    if initializesWeights { try initializeWeights() } else { try openStreamsWhenAdded() }
  }

  private static func resolve(_ architecture: Architecture, _ semantics: Semantics) -> Architecture
  {
    var result = architecture
    let names = LayerNames.assign(
      architecture.nodes.map(\.name), classes: architecture.nodes.map { type(of: $0.layer).name },
      style: LayerNames.history.value(under: semantics))
    for index in result.nodes.indices {
      result.nodes[index].name = names[index]
      result.nodes[index].layer.resolve(under: semantics)
    }
    for index in result.inputs.indices where result.inputs[index].name == nil {
      result.inputs[index].name = "input_\(index + 1)"
    }
    return result
  }

  /// The shape of one sample of each output.
  public var outputShapes: [Shape] { architecture.outputs.map(shape(of:)) }

  /// The names of the outputs: those of the layers that make them.
  public var outputNames: [String] {
    architecture.outputs.map { source in
      switch source {
      case .input(let index): architecture.inputs[index].name ?? "input"
      case .call(let index), .further(let index, _):
        architecture.nodes[architecture.calls[index].node].name ?? "output"
      }
    }
  }

  /// The model's name, or what Keras 3 calls a model without one.
  package var keptName: String {
    architecture.name ?? (architecture.form == .sequential ? "sequential" : "functional")
  }

  /// Whether training draws random numbers: dropout, noise.
  package var isRandom: Bool { drawStreams.contains { !$0.isEmpty } }

  package func shape(of source: Architecture.Source) -> Shape {
    switch source {
    case .input(let index): architecture.inputs[index].shape
    case .call(let index): callShapes[index]
    case .further(let index, let output): furtherShapes[index][output - 1]
    }
  }

  /// The number of weights, those that training changes and all.
  public var parameterCounts: (trainable: Int, total: Int) {
    let trainable = parameters.filter(\.isTrainable).map(\.spec.shape.count).reduce(0, +)
    return (trainable, parameters.map(\.spec.shape.count).reduce(0, +))
  }
}

/// Writes a model to a file, for checkpoints.
public protocol ModelFileWriter {
  /// Writes a model or its weights; an existing file stays until the new one is complete.
  func write(_ model: Model, to path: String, _ content: CheckpointContent) throws
}

/// What a model's file says of how it came about.
package protocol ModelOrigin: Sendable {
  /// A JSON text; nil if the model has changed since.
  func provenance(of model: Model) throws -> String?
}
