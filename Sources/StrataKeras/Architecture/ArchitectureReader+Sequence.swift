internal import StrataTensor
internal import StrataTraining

extension ArchitectureReader {
  /// Layers one after the other; the first may be a Merge of sequences, or an input.
  ///
  /// - Returns: The last value; nil without layers.
  mutating func sequence(
    _ layers: [JSONValue], from start: Architecture.Source?
  ) throws -> Architecture.Source? {
    var last = start
    for (index, json) in layers.enumerated() {
      let entry = try entry(json)
      if entry.className == "Merge", index == 0, let branches = entry.config["layers"]?.array {
        last = try merge(branches, entry)
        continue
      }
      if entry.className == "InputLayer" {
        if last != nil { continue }
        last = addInput(try closed(try inputShape(entry), entry), name: entry.name)
        continue
      }
      if entry.isTimedModel, last == nil {
        last = addInput(try closed(try inputShape(entry), entry), name: nil)
      }
      if entry.isModel {
        last = try nested(entry, last.map { [$0] } ?? []).first
        continue
      }
      let source: Architecture.Source
      if let last {
        source = last
      } else {
        source = addInput(try closed(try inputShape(entry), entry), name: nil)
      }
      last = call(
        models.isEmpty ? addNode(try layer(entry), name: entry.name) : try node(entry, at: index),
        [source])
    }
    return last
  }

  func refuseNested(_ entry: Entry) throws {
    guard entry.isModel || entry.className == "Graph" else { return }
    throw KerasFileError(
      subject: "layer \(entry.label)", expected: "a layer",
      found: "a nested \(entry.className), which has no place here")
  }

  /// A Merge of sequences with an input each.
  private mutating func merge(
    _ branches: [JSONValue], _ entry: Entry
  ) throws -> Architecture.Source {
    becomeGraph()
    codec.notes.add(
      .mapped, "layer \(entry.label)", "a Merge of sequences is a graph with an input for each")
    let ends = try branches.map { branch -> Architecture.Source in
      let branch = try self.entry(branch)
      guard branch.className == "Sequential", let layers = branch.config["layers"]?.array,
        let end = try sequence(layers, from: nil)
      else {
        throw KerasFileError(
          subject: "layer \(entry.label)", expected: "branches of class Sequential",
          found: branch.className)
      }
      return end
    }
    return call(addNode(try layer(entry), name: entry.name), ends)
  }
}
