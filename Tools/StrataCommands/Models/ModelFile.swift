import ArgumentParser
import StrataKeras
import StrataSemantics
import StrataTensor

/// Which model, from which files, under which release.
struct ModelFile: ParsableArguments {
  @Argument(help: "A model file (.h5, .keras); a weights file together with --architecture.")
  var model: String
  @Option(help: "The architecture as Keras's to_json writes it, for a file with weights only.")
  var architecture: String?
  @Option(
    help: "The release to follow, such as keras-1.2.0. Default: the one that wrote the file.",
    transform: { try Semantics(parsing: $0) })
  var semantics: Semantics?
  @Option(
    help: """
      The release and backend that wrote the file, such as keras-1.2.2+tensorflow. Default: what \
      the file says or looks like.
      """,
    transform: { try Semantics(parsing: $0) })
  var source: Semantics?

  /// - Parameter samples: Inputs whose shapes fill in what the file leaves open.
  func load(_ context: CommandContext, samples: DataFile? = nil) throws -> LoadedModel {
    try KerasFile.load(
      model, semantics: semantics, architecture: architecture, catalog: context.catalog,
      inputShapes: try samples?.sampleShapes("x"), source: source)
  }
}

/// A remark on a file, for reports.
struct Remark: Encodable {
  var kind: String
  var subject: String
  var text: String

  init(_ note: KerasNote) {
    kind = note.kind.rawValue
    subject = note.subject
    text = note.text
  }

  var line: String { "\(kind): \(subject): \(text)" }
}
