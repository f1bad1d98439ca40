import Foundation
import StrataReplay
import Testing

/// Saved files of later releases that have something of their own: they are loaded and trained on as
/// the releases did.
@Suite struct ContinuedFileTests {
  private static let folder = RecordedTraceTests.fixtures.appending(path: "files")

  @Test(arguments: [
    // The product of Nadam's momenta, not saved and multiplied once for each parameter.
    "tf.keras-2.15.0/opt_nadam",
    // Saved between two updates, with the sum of the gradients.
    "keras-3.15.1/opt_adam_accumulate",
    // A schedule in the place of the rate.
    "keras-3.15.1/opt_sgd_exponential",
    // Models inside of the model: `get_weights` takes one for a layer (2.3.1) or goes through it.
    "keras-2.3.1/nested", "tf.keras-2.15.0/nested",
  ])
  func trainsOnAsTheReleaseDid(_ name: String) throws {
    let path = Self.folder.appending(path: "\(name).io.h5").path
    let results = try ConformanceRun(paths: [path], only: [.files]).run().results
    let result = try #require(results.first { $0.name.hasSuffix(".h5") }, "\(results)")
    #expect(result.verdict == .agrees, "\(result)")
  }
}
