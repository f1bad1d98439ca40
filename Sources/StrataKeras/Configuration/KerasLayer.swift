package import StrataCore
package import StrataSemantics
internal import StrataTensor
package import StrataTraining

/// Single layers in the words of a release, as recorded traces hold them.
package enum KerasLayer {
  /// The layer of a class and its configuration.
  ///
  /// - Parameters:
  ///   - className: The class in the release.
  ///   - config: What `get_config` of the release gives.
  ///   - release: The release.
  ///   - registry: By which names are found.
  /// - Returns: The layer, not yet resolved, and what of the configuration has no effect.
  /// - Throws: `KerasFileError` for a layer or setting that does not exist here.
  package static func read(
    _ className: String, _ config: JSONObject, of release: Semantics,
    registry: Registry<any Layer.Type>
  ) throws -> (layer: any Layer, notes: [KerasNote]) {
    let notes = NoteList()
    let reader = ArchitectureReader(release, registry, notes, inputShapes: nil)
    let layer = try reader.layer(
      ArchitectureReader.Entry(className: className, config: config, name: nil))
    return (layer, notes.notes)
  }
}

extension Model {
  /// The positions of the parameters in the order of a release's `get_weights`.
  package func parameterOrder(of release: Semantics) -> [Int] {
    let layout = WeightLayout(dialect: KerasDialect(release))
    // Keras 2 takes a nested model for one layer.
    let isByUnit = layout.dialect == .keras2 && release.version < "2.4.0"
    let weights = isByUnit ? layout.units(of: self).map(\.weights) : layout.weights(of: self)
    return weights.flatMap { $0.map(\.parameter) }
  }
}

extension Model {
  /// The slots of the optimizer in the order of a release's files; empty before `compile`.
  ///
  /// - Parameters:
  ///   - release: The release.
  ///   - shapes: The shapes of the arrays in the file; its last ones are the slots.
  /// - Returns: The values of the slots.
  package func optimizerState(
    inOrderOf release: Semantics, fitting shapes: [[Int]]
  ) -> [[Float]] {
    let codec = OptimizerStateCodec(semantics: release, notes: NoteList())
    let count = codec.slots(self, fitting: []).count
    return codec.slots(self, fitting: shapes.suffix(count)).map {
      $0.storage.array(of: Float.self, count: $0.shape.count)
    }
  }
}
