public import StrataTraining

/// What a command is given beside its arguments.
public struct CommandContext: Sendable {
  public var console: Console
  /// By which the names in files and options are found.
  public var catalog: Catalog

  public init(console: Console = .standard, catalog: Catalog = .builtIn) {
    self.console = console
    self.catalog = catalog
  }
}
