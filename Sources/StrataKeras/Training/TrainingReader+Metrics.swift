internal import StrataCore
internal import StrataLosses
internal import StrataTraining

extension TrainingReader {
  /// A metric in a file: its name in logs, and its class and settings where it is an object.
  struct MetricEntry {
    var name: String
    var className: String?
    var config = JSONObject()
  }

  /// The metrics in a list, of objects and of lists for each output too, each name once.
  func entries(_ json: JSONValue) -> [MetricEntry] {
    if let name = json.string { return [MetricEntry(name: name)] }
    if let list = json.array {
      return list.flatMap(entries).reduce(into: []) { result, entry in
        if !result.contains(where: { $0.name == entry.name }) { result.append(entry) }
      }
    }
    guard let object = json.object else { return [] }
    if let name = object["config"]?["name"]?.string {
      return [
        MetricEntry(
          name: name, className: object["class_name"]?.string,
          config: object["config"]?.object ?? JSONObject())
      ]
    }
    if object["class_name"] == nil {
      notes.add(.mapped, "training", "metrics for single outputs are taken for all")
      return entries(.array(object.entries.map(\.value)))
    }
    return []
  }

  /// The metric of an entry; nil, with a note, for one that is not known.
  func choice(_ entry: MetricEntry) -> MetricChoice? {
    if ["accuracy", "acc"].contains(entry.name) { return .accuracy(typed: entry.name) }
    if let className = entry.className, let metric = object(className, entry) {
      return .named(entry.name, metric)
    }
    let function = entry.config["fn"]?.string ?? entry.name
    if let metric = catalog.metrics.entries[function] ?? catalog.metrics.entries[entry.name] {
      return .named(entry.name, metric)
    }
    notes.add(
      .ignored, "training", "the metric \(entry.name) is not known; it is not reported")
    return nil
  }

  /// An object with its settings; those that no metric here has must be at rest.
  private func object(_ className: String, _ entry: MetricEntry) -> (any Metric)? {
    guard catalog.metrics.entries[className] != nil, className != "MeanMetricWrapper" else {
      return nil
    }
    var config = JSONObject()
    for (key, value) in entry.config.entries where value.bool != false || key != "from_logits" {
      if key != "fn" { config[key] = value }
    }
    do {
      return try KerasMetric.read(className, config, of: semantics, registries: catalog)
    } catch {
      notes.add(.ignored, "training", "settings of the metric \(entry.name): \(error)")
      return nil
    }
  }
}
