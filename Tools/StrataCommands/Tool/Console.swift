import Foundation

/// Where a command writes: results to one side, errors and remarks to the other.
public struct Console: Sendable {
  public var write: @Sendable (String) -> Void
  public var writeError: @Sendable (String) -> Void
  /// The columns of the terminal that results go to; nil where they go to a file or a pipe.
  public var terminalWidth: Int?
  /// Whether results may have colours.
  public var isColored: Bool

  public init(
    write: @escaping @Sendable (String) -> Void, writeError: @escaping @Sendable (String) -> Void,
    terminalWidth: Int? = nil, isColored: Bool = false
  ) {
    self.write = write
    self.writeError = writeError
    self.terminalWidth = terminalWidth
    self.isColored = isColored
  }

  /// Standard output and standard error; colours on a terminal unless `NO_COLOR` is set.
  public static var standard: Console {
    Console(
      write: { FileHandle.standardOutput.write(Data($0.utf8)) },
      writeError: { FileHandle.standardError.write(Data($0.utf8)) },
      terminalWidth: standardWidth,
      isColored: standardWidth != nil && ProcessInfo.processInfo.environment["NO_COLOR"] == nil)
  }

  /// Writes a line.
  public func print(_ line: String = "") { write(line + "\n") }
  func printError(_ line: String) { writeError(line + "\n") }

  private static var standardWidth: Int? {
    guard isatty(1) != 0 else { return nil }
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
