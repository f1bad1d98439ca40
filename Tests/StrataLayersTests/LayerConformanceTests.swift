import Foundation
import StrataCore
import StrataLayers
import StrataSemantics
import StrataTensor
import Testing

/// What every layer must do, run for each sample.
@Suite struct LayerConformanceTests {
  @Test func everyLayerHasASample() {
    let sampled = Set(samples.map { type(of: $0.layer).name })
    #expect(sampled == Set(builtInLayers.map { $0.name }))
  }

  @Test func everyLayerFileIsRegistered() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/StrataLayers").standardized
    var found: Set<String> = []
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.split(separator: "\n").filter {
        $0.contains(": Layer") || $0.contains(": ActivatedLayer")
      }
      for line in lines where line.hasPrefix("public struct ") {
        found.insert(String(line.dropFirst("public struct ".count).prefix { $0 != ":" }))
      }
    }
    #expect(found == Set(builtInLayers.map { "\($0)" }))
  }

  @Test func namesAndAliasesResolve() throws {
    let registry = Registry<any Layer.Type>.builtIn
    #expect(registry.names.count == builtInLayers.count)
    #expect(try registry.resolve("TimeDistributedDense") == Dense.self)
    let error = #expect(throws: UnknownNameError.self) { try registry.resolve("Desne") }
    #expect(error?.description.hasPrefix("layer: expected one of Activation, Act") == true)
    #expect(error?.description.hasSuffix("but got \"Desne\".") == true)
  }

  @Test(arguments: samples) func promisedShapeIsTheRealOne(_ sample: Sample) throws {
    let shape = try sample.layer.outputShape(for: sample.shapes)
    for isTraining in [false, true] {
      for batch in [0, 1, 3] {
        let chain = try sample.chain(batch: batch, isTraining: isTraining)
        #expect(chain.output.shape == shape.batched(batch))
        let values = try chain.native([chain.output])[0]
        #expect(values.count == shape.count * batch)
        #expect(values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(arguments: samples) func kernelsAgreeWithTheReferenceToTheBit(_ sample: Sample) throws {
    for isTraining in [false, true] {
      let chain = try sample.chain(batch: 3, isTraining: isTraining)
      let weights = Sample.values(chain.output.shape, seed: 7)
      let wanted = [chain.output] + chain.gradients(of: weights).gradients
      let (native, reference) = (
        try chain.native(wanted), try chain.reference(wanted, in: Float.self)
      )
      #expect(native.map { $0.map(\.bitPattern) } == reference.map { $0.map(\.bitPattern) })
    }
  }

  /// Central differences in Float64 of `Σ output·R` with respect to every input and parameter.
  @Test(arguments: samples) func gradientsAgreeWithDifferences(_ sample: Sample) throws {
    for isTraining in [false, true] {
      let chain = try sample.chain(batch: 3, isTraining: isTraining)
      let weights = Sample.values(chain.output.shape, seed: 7)
      let (loss, gradients) = chain.gradients(of: weights)
      let analytic = try chain.reference(gradients, in: Double.self)
      for (variable, gradient) in zip(chain.variables, analytic) {
        let values = try variable.value.floats().map(Double.init)
        for index in values.indices {
          let differences = try [1e-6, -1e-6].map { step in
            var moved = values
            moved[index] += step
            return try chain.reference([loss], in: Double.self, changed: [variable.name: moved])[0][
              0]
          }
          let numeric = (differences[0] - differences[1]) / 2e-6
          #expect(
            abs(numeric - gradient[index]) < 1e-5 * max(1, abs(numeric)),
            "\(variable.name)[\(index)], training: \(isTraining)")
        }
      }
    }
  }

  @Test(arguments: samples) func encodingKeepsEverySetting(_ sample: Sample) throws {
    #expect(try roundTrip(sample.layer))
    var resolved = sample.layer
    resolved.resolve(under: .strata)
    #expect(try roundTrip(resolved))
  }

  private func roundTrip<L: Layer>(_ layer: L) throws -> Bool {
    let data = try JSONEncoder().encode(layer)
    return try JSONDecoder().decode(L.self, from: data) == layer
  }

  /// The samples are written as their descriptions print them, so the compiler has read those.
  @Test(arguments: samples) func descriptionIsTheCodeThatBuildsIt(_ sample: Sample) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Support/Samples.swift")
    let lines = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines[sample.line - 1].trimmingCharacters(in: .whitespaces)
    #expect(line.hasPrefix("Sample(\(sample.layer.description), "))
  }

  @Test func historiesAreInOrderAndNamed() {
    let versioned = builtInLayers.compactMap { $0 as? any Versioned.Type }
    #expect(versioned.count == 19)
    let histories = (versioned + [Activation.self, InitializationMethod.self])
      .flatMap { $0.histories }
    // A setting may have another history on another backend.
    for backend in [Backend.theano(), .tensorflow("1.15.0")] {
      let settings = histories.filter { $0.holds(on: backend) }.map { $0.setting }
      #expect(Set(settings).count == settings.count, "\(backend)")
    }
    for history in histories {
      let timeline = history.timeline
      #expect(timeline.count > 1, "\(history.setting)")
      for (earlier, later) in zip(timeline, timeline.dropFirst()) {
        #expect(earlier.since < later.since && earlier.value != later.value)
        #expect(later.change?.id.contains { $0 == " " } == false)
      }
    }
  }

  @Test(arguments: samples) func resolvingFillsInAllAndTwiceIsOnce(_ sample: Sample) {
    for version in ["0.3.3", "1.0.8", "1.2.0", "2.0.9", "2.3.1", "3.15.1"] as [Version] {
      var once = sample.layer
      once.resolve(under: .keras(version))
      var twice = once
      twice.resolve(under: .keras(version))
      #expect(once.description == twice.description)
    }
  }
}
