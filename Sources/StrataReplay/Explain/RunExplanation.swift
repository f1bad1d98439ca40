public import StrataSemantics

/// A unit of change with what it does to one training.
public struct ExplainedChange: Sendable, Codable, Hashable {
  public struct Detail: Sendable, Codable, Hashable {
    /// For example `BatchNormalization bn_1`.
    public var place: String
    public var name: String
    public var from: String
    public var to: String

    public init(place: String, name: String, from: String, to: String) {
      self.place = place
      self.name = name
      self.from = from
      self.to = to
    }
  }

  public var unit: ChangeUnit
  /// The settings of the training that move; empty where a rule, not a setting, changed.
  public var details: [Detail]
  /// Why the second release does not allow it, if it does not.
  public var refusal: String?
}

/// What changed between two releases, for one training.
///
/// A unit concerns a training if the training uses what has the setting, and left it to the release.
/// This is found by building the model both ways, so that what the user chose counts.
public struct RunExplanation: Sendable {
  public let from: Semantics
  public let to: Semantics
  public private(set) var changes: [ExplainedChange] = []
  /// Changes of things that the training uses, but whose setting it chose itself, or which do not
  /// come to bear.
  public private(set) var withoutEffect: [ChangeUnit] = []

  /// - Throws: `IncomparableReleases`, or what building the model under the first release throws.
  public init(
    _ training: TrainingDescription, from: Semantics, to: Semantics,
    catalog: HistoryCatalog = .builtIn
  ) throws {
    self.from = from
    self.to = to
    let comparison = try ReleaseComparison(from: from, to: to, catalog: catalog)
    let units = comparison.units.filter { training.has($0.setting, of: $0) }
    guard !units.isEmpty else { return }
    let imprints = [
      false: try ModelImprint(training, under: from, drawing: false),
      true: try ModelImprint(training, under: from, drawing: true),
    ]
    for unit in units {
      let draws = unit.axis == .initializer || unit.setting == ChangeUnit.backendSetting
      guard let before = imprints[draws] else { continue }
      add(unit, training, before, drawing: draws)
    }
  }

  private mutating func add(
    _ unit: ChangeUnit, _ training: TrainingDescription, _ before: ModelImprint, drawing: Bool
  ) {
    var change = ExplainedChange(unit: unit, details: [], refusal: nil)
    do {
      let after = try ModelImprint(training, under: from.taking(unit, from: to), drawing: drawing)
      change.details = before.differences(to: after)
    } catch {
      change.refusal = "\(error)"
    }
    if unit.setting == ChangeUnit.backendSetting {
      change.unit.changes.removeAll { !BackendChange.concerns($0.id, training) }
    }
    let isVisible = Self.isVisible(unit)
    if isVisible, change.details.isEmpty, change.refusal == nil {
      withoutEffect.append(unit)
    } else {
      changes.append(change)
    }
  }

  /// Whether a unit that matters shows in the settings of the built model.
  private static func isVisible(_ unit: ChangeUnit) -> Bool {
    switch unit.kind {
    case .layer, .activation, .initializer, .optimizer, .metric: true
    case .loss: unit.setting != "loss.reduction"
    case .callback: false
    case .fit:
      [
        "fit.batchSize", "fit.epochs", "layer.autoName", "dropout.seeding", "random.generator",
        ChangeUnit.backendSetting,
      ].contains(unit.setting)
    }
  }
}
