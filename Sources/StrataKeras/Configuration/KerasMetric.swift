package import StrataCore
internal import StrataLosses
package import StrataSemantics
package import StrataTraining

/// Metrics in the words of a release.
package enum KerasMetric {
  /// The metric of a name and its settings, with the release's forms filled in.
  ///
  /// - Parameters:
  ///   - name: The class or function in the release.
  ///   - config: Its settings by the release's keys.
  ///   - release: The release.
  ///   - registries: By which names are found.
  /// - Returns: The metric.
  /// - Throws: `KerasFileError` for a metric or setting that does not exist here.
  package static func read(
    _ name: String, _ config: JSONObject, of release: Semantics,
    registries: Catalog = .builtIn
  ) throws -> any Metric {
    guard let known = registries.metrics.entries[name] else {
      throw KerasFileError(
        subject: "metric",
        expected: "one of \(registries.metrics.entries.names.sorted().joined(separator: ", "))",
        found: "\"\(name)\"")
    }
    let given = config.entries.filter { !$0.value.isNull && !["name", "dtype"].contains($0.key) }
    var metric = known
    if let loss = registries.losses.entries[name], type(of: loss).name == type(of: known).name {
      metric = try ofLoss(name, given, release, registries)
    } else {
      let coding = SettingsCoding(forms: ValueForms(release))
      metric = try configured(known, given, coding)
    }
    metric.resolve(under: release)
    return metric
  }

  private static func ofLoss(
    _ name: String, _ given: [(key: String, value: JSONValue)], _ release: Semantics,
    _ registries: Catalog
  ) throws -> any Metric {
    var settings: [String: ConfigurationValue] = [:]
    for (key, value) in given {
      settings[key] = value.bool.map { .flag($0) } ?? .number(value.double ?? .nan)
    }
    let found = try registries.losses.loss(name, configuration: settings, release)
    try refuse(found.unknownKeys, name)
    func mean<L: Loss>(_ loss: L) -> any Metric { MeanOfLoss(loss) }
    return mean(found.loss)
  }

  private static func configured<M: Metric>(
    _ metric: M, _ given: [(key: String, value: JSONValue)], _ coding: SettingsCoding
  ) throws -> any Metric {
    let known = Set(SettingsCoding.names(of: metric).map { $0.lowercased() })
    try refuse(
      given.map(\.key).filter { !known.contains(KeyRule.camelCase($0).lowercased()) }, M.name)
    var settings = try coding.settings(of: metric)
    for (key, value) in given {
      let isSingle = key == "thresholds" && value.array == nil
      settings[KeyRule.camelCase(key)] = isSingle ? .array([value]) : value
    }
    do {
      return try coding.value(M.self, from: settings, defaults: [:])
    } catch let failure as SettingsCoding.Failure {
      throw KerasFileError(
        subject: "metric \(M.name), \(failure.setting)", expected: failure.expected,
        found: failure.found)
    }
  }

  private static func refuse(_ keys: [String], _ name: String) throws {
    guard keys.isEmpty else {
      throw KerasFileError(
        subject: "metric \(name)", expected: "known settings",
        found: keys.sorted().joined(separator: ", "))
    }
  }
}
