/// What a command is given beside its arguments.
public struct CommandContext: Sendable {
  public var console: Console

  public init(console: Console = .standard) {
    self.console = console
  }
}
