import Foundation
import StrataReplay
import Testing

@Suite struct ReplayValueTests {
  private func value(_ recorded: Double?, _ replayed: Double) throws -> EpochReplay.Value {
    let json = Data(#"{"key": "loss", "replayed": 0}"#.utf8)
    var value = try JSONDecoder().decode(EpochReplay.Value.self, from: json)
    value.recorded = recorded
    value.replayed = replayed
    return value
  }

  @Test func nansAreIdenticalWhateverTheirSignAndPayload() throws {
    #expect(try value(.nan, -.nan).isIdentical)
    #expect(try value(.nan, Double(nan: 5, signaling: false)).isIdentical)
  }

  @Test func otherValuesAreComparedBitByBit() throws {
    #expect(try value(1, 1).isIdentical)
    #expect(try !value(1, Double(1).nextUp).isIdentical)
    #expect(try !value(0, -0.0).isIdentical)
    #expect(try !value(nil, .nan).isIdentical)
    #expect(try !value(1, .nan).isIdentical)
  }
}
