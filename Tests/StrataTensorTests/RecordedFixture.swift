import Foundation

/// Reads a recorded file of `Tests/Fixtures`; the script beside it made it.
func recordedFixture<Record: Decodable>(_ name: String, as type: Record.Type) throws -> Record {
  let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/\(name)")
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(contentsOf: file))
}

/// The distance of two Float64 values of one sign, counted in representable steps.
func ulps(_ a: Double, _ b: Double) -> UInt64 {
  let (x, y) = (a.bitPattern, b.bitPattern)
  return x > y ? x - y : y - x
}
