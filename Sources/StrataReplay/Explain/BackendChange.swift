internal import StrataCore
internal import StrataLayers
internal import StrataLosses
internal import StrataSemantics
internal import StrataTraining

/// A formula that depends on the library that computes, beside the release.
struct BackendChange: Sendable {
  var id: String
  /// The layer, activation or loss concerned.
  var owner: String
  var kind: HistoryCatalog.Kind
  var explanation: String
  /// The form in force, as text.
  var form: @Sendable (Semantics) -> String

  static let all: [BackendChange] = [
    BackendChange(
      id: "backend-relu-derivative-at-0", owner: "relu", kind: .activation,
      explanation: "the derivative of relu at exactly 0"
    ) { "\(Activation.relu.resolved(under: $0))" },
    BackendChange(
      id: "backend-leaky-relu-derivative-at-0", owner: "LeakyReLU", kind: .layer,
      explanation: "the derivative of LeakyReLU at exactly 0"
    ) { semantics in
      var layer = LeakyReLU()
      layer.resolve(under: semantics)
      return layer.form.text
    },
    BackendChange(
      id: "backend-batchnorm-kernel", owner: "BatchNormalization", kind: .layer,
      explanation: "where epsilon enters, and what moving_variance takes up"
    ) { semantics in
      var layer = BatchNormalization()
      layer.resolve(under: semantics)
      return layer.formula.text
    },
    BackendChange(
      id: "backend-batchnorm-averaging", owner: "BatchNormalization", kind: .layer,
      explanation: "whether moving averages are debiased"
    ) { semantics in
      var layer = BatchNormalization()
      layer.resolve(under: semantics)
      return layer.averaging.text
    },
    BackendChange(
      id: "backend-binary-crossentropy", owner: "binary_crossentropy", kind: .loss,
      explanation: "how probabilities become the loss"
    ) { semantics in
      var loss = BinaryCrossentropy()
      loss.resolve(under: semantics)
      return loss.form.text
    },
    BackendChange(
      id: "backend-sparse-crossentropy", owner: "sparse_categorical_crossentropy", kind: .loss,
      explanation: "how probabilities become the loss"
    ) { semantics in
      var loss = SparseCategoricalCrossentropy()
      loss.resolve(under: semantics)
      return loss.form.text
    },
    BackendChange(
      id: "backend-cosine-norm", owner: "cosine_proximity", kind: .loss,
      explanation: "how vectors are brought to length 1"
    ) { semantics in
      var loss = CosineProximity()
      loss.resolve(under: semantics)
      return loss.norm.text
    },
    BackendChange(
      id: "backend-logits-recovery", owner: "crossentropy", kind: .loss,
      explanation: "whether a crossentropy sees through the softmax or sigmoid of the output"
    ) { "\(LogitsRecovery.form(under: $0))" },
    BackendChange(
      id: "backend-dropout-stream", owner: "dropout masks", kind: .fit,
      explanation: "from which generator dropout masks are drawn"
    ) { semantics in
      let usesTheano =
        semantics.backend.kind == .theano && semantics.position(for: "random.generator") < "2.4.0"
      return usesTheano ? "theanoMRG" : "philox"
    },
    BackendChange(
      id: "backend-weight-draws", owner: "initial weights", kind: .initializer,
      explanation: "from which generator random weights are drawn"
    ) { TheanoDraws.form(under: $0).text },
  ]

  /// What differs between two releases because of their backends alone, as one unit.
  static func unit(_ from: Semantics, _ to: Semantics) -> ChangeUnit? {
    guard from.backend != to.backend, from.lineage != .torch else { return nil }
    let changed = all.compactMap { change -> ChangeUnit.Entry? in
      // Under either release the backend alone may make the difference.
      let pairs = [
        (change.form(from), change.form(from.computed(by: to.backend))),
        (change.form(to.computed(by: from.backend)), change.form(to)),
      ]
      guard let pair = pairs.first(where: { $0.0 != $0.1 }) else { return nil }
      return .init(
        id: change.id, since: nil,
        explanation: "\(change.owner): \(change.explanation): \(pair.0) -> \(pair.1)")
    }
    guard !changed.isEmpty else { return nil }
    return ChangeUnit(
      setting: ChangeUnit.backendSetting, owners: ["backend"], kind: .fit, axis: .layer,
      effect: .trajectory, from: "\(from.backend)", to: "\(to.backend)", changes: changed)
  }
}

extension BackendChange {
  /// Whether a training has what the change of that identifier is about.
  static func concerns(_ id: String, _ training: TrainingDescription) -> Bool {
    guard let change = all.first(where: { $0.id == id }) else { return true }
    let layers = training.architecture.nodes.map(\.layer)
    switch change.kind {
    case .layer: return layers.contains { type(of: $0).name == change.owner }
    case .activation:
      return layers.contains { layer in
        Reflection.settings(of: layer).contains { $0.value == change.owner }
      }
    case .loss:
      let names = training.compile?.losses.map { type(of: $0).name } ?? []
      return names.contains { $0.hasSuffix(change.owner) }
    case .initializer: return true
    default:
      return layers.contains { layer in
        let isNoise = type(of: layer).name.contains("Noise")
        return isNoise || type(of: layer).name.contains("Dropout")
          || Reflection.settings(of: layer).contains {
            $0.name.lowercased().hasSuffix("dropout") && $0.value != "0.0"
          }
      }
    }
  }
}

extension Optional {
  /// The value without the word Optional.
  var text: String { map { "\($0)" } ?? "none" }
}
