import Foundation

extension Float64Shadow: CustomStringConvertible {
  /// A line for each epoch: both losses, their relative difference, that of the weights.
  public var description: String {
    let head = Self.line("epoch", "loss", "in Float64", "difference", "weights")
    return ([head + "  largest in"] + epochs.map(Self.line)).joined(separator: "\n")
  }

  /// The line of one epoch.
  public static func line(_ epoch: Epoch) -> String {
    line(
      "\(epoch.number)", String(format: "%.8f", epoch.loss),
      String(format: "%.8f", epoch.shadowLoss), String(format: "%.1e", epoch.lossDifference),
      String(format: "%.1e", epoch.weightDifference)) + "  \(epoch.tensor)"
  }

  private static func line(_ cells: String...) -> String {
    cells.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined()
  }
}
