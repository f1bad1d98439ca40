import Foundation
import StrataCallbacks
import StrataCore
import StrataLayers
import StrataLosses
import StrataOptimizers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

/// Validation after every second epoch, as Keras's `validation_freq=2`.
@Suite struct SeldomValidationTests {
  /// Counts what is written.
  private final class Writer: ModelFileWriter {
    private(set) var paths: [String] = []
    func write(_ model: Model, to path: String, _ content: CheckpointContent) throws {
      paths.append(path)
    }
  }

  private static func train(
    _ semantics: Semantics = .strata, epochs: Int = 5, _ callbacks: [any Callback] = [],
    writer: Writer? = nil
  ) throws -> TrainingHistory {
    let model = try Model(Sequential(input: [1]) { Dense(units: 1) }, semantics: semantics, seed: 1)
    try model.compile(optimizer: SGD(learningRate: 0), loss: MeanSquaredError())
    model.writer = writer
    var options = FitOptions()
    options.epochs = epochs
    options.batchSize = 2
    options.verbosity = .silent
    options.report = { _ in }
    options.validationFrequency = 2
    options.validationData = Dataset(Tensor([1], shape: [1, 1]), Tensor([3], shape: [1, 1]))
    let data = Dataset(Tensor([1, 2], shape: [2, 1]), Tensor([1, 2], shape: [2, 1]))
    return try model.fit(data, options, callbacks: callbacks)
  }

  /// As Keras: a value for each epoch that was validated, no more; the epochs are at hand.
  @Test func aHistoryHasTheValidatedEpochs() throws {
    let history = try Self.train()
    #expect(history.epochs == [0, 1, 2, 3, 4])
    #expect(history["loss"].count == 5 && history["val_loss"].count == 2)
    #expect(history.epochs(of: "loss") == [0, 1, 2, 3, 4])
    #expect(history.epochs(of: "val_loss") == [1, 3])
    let copy = TrainingHistory()
    try copy.restore(history.state)
    #expect(copy.epochs(of: "val_loss") == [1, 3])
  }

  /// The validation loss never improves after its first value, so that epoch 3 is the first without an
  /// improvement; epochs that are not validated do not count.
  @Test func earlyStoppingWaitsForValues() throws {
    for semantics in [Semantics.keras("2.3.1"), .tfKeras("2.15.0"), .strata] {
      let stopping = EarlyStopping(patience: 1)
      let history = try Self.train(semantics, epochs: 9, [stopping])
      #expect(history.epochs == [0, 1, 2, 3], "\(semantics)")
      #expect(stopping.stoppedEpoch == 3)
    }
  }

  private static func log(_ semantics: Semantics) throws -> [String] {
    let path = NSTemporaryDirectory() + "seldom-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try train(semantics, epochs: 4, [CSVLogger(path)])
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").map {
      $0.split(separator: ",").map { Double($0) == nil || Int($0) != nil ? String($0) : "x" }
        .joined(separator: ",")
    }
  }

  /// Before 2.13 the first epoch settles the columns, which then leave validation out.
  @Test func logsOfValidation() throws {
    #expect(try Self.log(.keras("2.3.1")) == ["epoch,loss", "0,x", "1,x", "2,x", "3,x"])
    #expect(
      try Self.log(.tfKeras("2.15.0"))
        == ["epoch,loss,val_loss", "0,x,NA", "1,x,x", "2,x,NA", "3,x,x"])
  }

  /// A checkpoint of the best is written after validated epochs only; one whose name needs the missing
  /// number is an error, as a KeyError is in Keras.
  @Test func checkpointsOfTheBest() throws {
    for semantics in [Semantics.keras("2.3.1"), .tfKeras("2.15.0"), .strata] {
      let writer = Writer()
      let best = try ModelCheckpoint("{epoch}.h5", saveBestOnly: true)
      _ = try Self.train(semantics, epochs: 4, [best], writer: writer)
      #expect(writer.paths == ["2.h5"], "\(semantics)")
    }
    let named = try ModelCheckpoint("{val_loss:.2f}.h5")
    #expect(throws: (any Error).self) {
      try Self.train(.keras("2.3.1"), [named], writer: Writer())
    }
  }
}
