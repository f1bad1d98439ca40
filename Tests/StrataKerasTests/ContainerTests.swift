import Foundation
import StrataCore
import StrataHDF5
import StrataLayers
import StrataSemantics
import StrataTensor
import StrataTraining
import Testing

@testable import StrataKeras

/// Archives, layouts by class and position, models inside of models.
@Suite struct ContainerTests {
  private static func fixture(_ name: String) -> String {
    RecordedFile.fixtures.appending(path: name).path()
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).keras")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    do {
      _ = try KerasFile.load(url.path())
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("a damaged archive is an error, wherever it ends")
  func damagedArchives() throws {
    let whole = [UInt8](
      try Data(contentsOf: URL(filePath: Self.fixture("3.15.1/custom_layer.keras"))))
    for length in [4, 100, whole.count / 2, whole.count - 30, whole.count - 1] {
      let text = try message(Array(whole[..<length]))
      #expect(text.contains("but got a damaged file"), "\(length): \(text)")
    }
    var changed = whole
    let end = whole.count - 22
    let directory = (0..<4).reduce(0) { $0 | Int(whole[end + 16 + $1]) << (8 * $1) }
    var member = directory
    for _ in 0..<3 {
      changed[member + 10] = 12
      member += 46 + Int(whole[member + 28]) + Int(whole[member + 30]) + Int(whole[member + 32])
    }
    #expect(try message(changed).contains("but got compression method 12"))
    // A byte of the configuration, behind a header of 30 bytes and the name of the member.
    changed = whole
    let config = try #require(whole.firstIndex(of: UInt8(ascii: "{")))
    changed[config + 20] ^= 1
    #expect(try message(changed).contains("with its checksum, but got a damaged file"))
  }

  /// The archive of Keras, packed anew by Python's zipfile with `ZIP_DEFLATED`.
  @Test func deflatedMembersAreRead() throws {
    let stored = try KerasFile.load(Self.fixture("3.15.1/masked_lstm.keras"))
    let deflated = try KerasFile.load(Self.fixture("../archives/masked_lstm.deflated.keras"))
    for (a, b) in zip(stored.model.weights, deflated.model.weights) {
      #expect(try a.path == b.path && a.value.floats() == b.value.floats())
    }
    #expect(stored.model.weights.count == deflated.model.weights.count)
  }

  /// Saved by Keras 3.15.1 after four steps: an optimizer of three, whose states follow each other.
  @Test func optimizersOfPartsKeepTheirStates() throws {
    let loaded = try KerasFile.load(Self.fixture("../archives/multi_optimizer.keras"))
    let optimizer = try #require(loaded.training?.optimizer)
    #expect(optimizer.name == "rmsprop")
    #expect(optimizer.parts.map(\.pattern) == [".*/a/kernel", "sequential/b/.*"])
    #expect(optimizer.parts.map(\.optimizer.name) == ["adam", "sgd"])
    let memory = try #require(loaded.model.optimizerState)
    #expect(memory.iterations == 4)
    #expect(memory.slots.map(\.name) == ["m", "rms", "momentum", "momentum", "v"])
    for slot in memory.slots {
      #expect(try slot.value.floats().contains { $0 != 0 }, "\(slot.name)")
    }
    #expect(!loaded.notes.contains { $0.kind == .missing }, "\(loaded.notes)")
  }

  @Test(
    "classes are named as Keras does",
    arguments: [
      ("Dense", "dense"), ("Conv2DTranspose", "conv2d_transpose"), ("ConvLSTM2D", "conv_lstm2d"),
      ("PReLU", "p_re_lu"), ("SimpleRNN", "simple_rnn"), ("RMSNormalization", "rms_normalization"),
      ("GlobalMaxPooling1D", "global_max_pooling1d"),
    ])
  func snakeCase(_ className: String, _ expected: String) {
    #expect(ObjectPaths.snakeCase(className) == expected)
  }

  @Test("the layers of nested models are layers of the whole, and keep their place")
  func nestedModels() throws {
    let loaded = try KerasFile.load(Self.fixture("2.3.1/nested.h5"))
    let nodes = loaded.model.architecture.nodes
    #expect(nodes.compactMap(\.name) == ["in_a", "in_bn", "in_b", "deep_a", "mid_b", "head"])
    #expect(nodes.map { $0.models.map(\.name) }[3] == ["middle", "innermost"])
    #expect(loaded.notes.contains { $0.subject == "layer inner" && $0.kind == .mapped })
    let json = try JSONEncoder().encode(loaded.model.definition)
    let again = try JSONDecoder().decode(Architecture.self, from: json)
    #expect(again.nodes.map(\.models) == nodes.map(\.models))
  }

  /// By hand: y = h(x₁) + h(x₂) with the inner model h(x) = 2x + 1, called twice.
  @Test func aNestedModelCalledTwiceSharesItsLayers() throws {
    let inner = """
      {"class_name": "Model", "name": "inner", "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]],
       "config": {"name": "inner", "input_layers": [["x", 0, 0]], "output_layers": [["dense", 0, 0]],
        "layers": [
         {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
          "config": {"name": "x", "batch_input_shape": [null, 1]}},
         {"class_name": "Dense", "name": "dense", "inbound_nodes": [[["x", 0, 0, {}]]],
          "config": {"name": "dense", "units": 1, "activation": "linear", "use_bias": true}}]}}
      """
    let inputs = ["a", "b"].map {
      """
      {"class_name": "InputLayer", "name": "\($0)", "inbound_nodes": [],
       "config": {"name": "\($0)", "batch_input_shape": [null, 1]}}
      """
    }
    let json = """
      {"class_name": "Model", "keras_version": "2.2.4", "backend": "tensorflow", "config": {
       "name": "outer", "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["add", 0, 0]],
       "layers": [\(inputs.joined(separator: ",")), \(inner),
        {"class_name": "Add", "name": "add", "config": {"name": "add"},
         "inbound_nodes": [[["inner", 0, 0, {}], ["inner", 1, 0, {}]]]}]}}
      """
    let read = try KerasFile.architecture(json: json)
    #expect(read.architecture.nodes.count == 2 && read.architecture.calls.count == 3)
    let model = try Model(read.architecture, semantics: read.source)
    try model.setWeights([Tensor([2], shape: [1, 1]), Tensor([1], shape: [1])])
    let y = try model.predictAll([Tensor([3], shape: [1, 1]), Tensor([5], shape: [1, 1])])[0]
    #expect(try y.floats() == [18])
  }

  @Test("Keras 1 names its backend only by the names of its weights")
  func backendOfKeras1() throws {
    let theano = RecordedFile.named("1.2.0", "model_reg_rmsprop")
    let path = FileManager.default.fileExists(atPath: theano.path) ? theano : RecordedFile.models[0]
    #expect(try KerasFile.load(path.path).source.backend.kind == .theano)
    let onTensorFlow = Semantics.keras("1.2.2").onTensorFlow
    #expect(onTensorFlow.backend.kind == .tensorflow)
    #expect(Semantics.named(version: "1.2.2", backend: "tensorflow") == onTensorFlow)
    #expect(Semantics.named(version: "1.2.2", backend: nil)?.backend.kind == .theano)
  }
}

/// Layers that files hold in another form than ours.
@Suite struct MappedLayerTests {
  private func read(_ layers: String, version: String = "2.2.4") throws -> Architecture {
    let json = """
      {"class_name": "Sequential", "keras_version": "\(version)", "backend": "tensorflow",
       "config": {"name": "s", "layers": [\(layers)]}}
      """
    return try KerasFile.architecture(json: json).architecture
  }

  /// By hand: at each step 2·(3x + 1), the layers of the model inside in a row.
  @Test func aModelAtEveryTimeStep() throws {
    let dense = """
      {"class_name": "Dense", "config": {"name": "NAME", "units": 1, "activation": "linear",
       "use_bias": BIAS, "batch_input_shape": [null, 1]}}
      """
    let first = dense.replacing("NAME", with: "a").replacing("BIAS", with: "true")
    let second = dense.replacing("NAME", with: "b").replacing("BIAS", with: "false")
    let architecture = try read(
      """
      {"class_name": "TimeDistributed", "config": {"name": "timed",
       "batch_input_shape": [null, 2, 1], "layer": {"class_name": "Sequential", "config":
       {"name": "inner", "layers": [\(first), \(second)]}}}}
      """)
    #expect(architecture.nodes.allSatisfy { $0.layer is TimeDistributed })
    #expect(
      architecture.nodes.map { $0.models.map(\.name) } == [
        ["timed", "inner"], ["timed", "inner"],
      ])
    let model = try Model(architecture, semantics: .keras("2.2.4"))
    try model.setWeights([
      Tensor([3], shape: [1, 1]), Tensor([1], shape: [1]), Tensor([2], shape: [1, 1]),
    ])
    let y = try model.predict(Tensor([1, 2], shape: [1, 2, 1]))
    #expect(try y.floats() == [8, 14])
  }

  @Test func aCellInItsLoopIsItsLayer() throws {
    let architecture = try read(
      """
      {"class_name": "RNN", "config": {"name": "rnn", "return_sequences": true, "stateful": true,
       "go_backwards": false, "unroll": false, "batch_input_shape": [null, 3, 2],
       "cell": {"class_name": "GRUCell", "config": {"name": "cell", "units": 4,
        "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true,
        "reset_after": false, "dropout": 0.0, "recurrent_dropout": 0.0}}}}
      """)
    let layer = try #require(architecture.nodes[0].layer as? GRU)
    #expect(layer.units == 4 && layer.returnSequences && !layer.stateful)
  }

  @Test func severalCellsInALoop() throws {
    let cells = ["LSTM", "GRU"].map {
      """
      {"class_name": "\($0)Cell", "config": {"name": "\($0)", "units": 4, "activation": "tanh",
       "recurrent_activation": "sigmoid", "use_bias": true, "dropout": 0.0}}
      """
    }
    let architecture = try read(
      """
      {"class_name": "RNN", "config": {"name": "rnn", "return_sequences": true, "stateful": false,
       "go_backwards": true, "unroll": false, "batch_input_shape": [null, 3, 2],
       "cell": {"class_name": "StackedRNNCells", "config": {"name": "cells", "cells":
        [\(cells.joined(separator: ","))]}}}}
      """)
    let layer = try #require(architecture.nodes[0].layer as? StackedRNNCells)
    #expect(layer.layers.map { type(of: $0).name } == ["LSTM", "GRU"])
    #expect(layer.returnSequences && layer.goBackwards)
    let model = try Model(architecture, semantics: .keras("2.2.4"))
    #expect(model.weights.map(\.path)[0] == "rnn/cell_0_kernel" && model.weights.count == 6)
  }

  /// A layer that acts at random in training only is passed by, and said.
  @Test func augmentationIsNoted() throws {
    let json = """
      {"class_name": "Sequential", "keras_version": "3.0.0", "backend": "tensorflow",
       "config": {"name": "s", "layers": [{"class_name": "RandomFlip", "config": {"name": "flip",
        "mode": "horizontal", "batch_shape": [null, 2, 2, 1]}}]}}
      """
    let read = try KerasFile.architecture(json: json)
    #expect(read.architecture.nodes[0].layer is Identity)
    #expect(
      read.notes.map(\.description) == [
        "layer flip: RandomFlip changes images in training only, which Strata does not: predictions"
          + " are the same, training is not"
      ])
  }

  /// A block of cuDNN holds the numbers of the plain one in the order of its columns.
  ///
  /// By hand, of one gate: [[1, 2], [3, 4], [5, 6]] holds, in order, the rows of
  /// [[1, 2, 3], [4, 5, 6]], which is [[1, 4], [2, 5], [3, 6]] turned. The two biases are added.
  @Test func weightsOfCuDNN() throws {
    let json = """
      {"class_name": "Sequential", "keras_version": "2.2.4", "backend": "tensorflow",
       "config": {"name": "s", "layers": [{"class_name": "CuDNNLSTM", "config": {"name": "lstm",
        "units": 2, "unit_forget_bias": true, "return_sequences": false,
        "batch_input_shape": [null, 4, 3]}}]}}
      """
    let architecture = try KerasFile.architecture(json: json)
    #expect(architecture.notes.isEmpty)
    let model = try Model(architecture.architecture, semantics: architecture.source)
    try withTemporaryPath { path in
      let file = try HDF5File.create(path)
      try file.root.attributes.set("layer_names", to: ["lstm"], as: .bytes(fitting: ["lstm"]))
      let group = try file.root.createGroup("lstm")
      let names = ["kernel", "recurrent", "bias"]
      try group.attributes.set("weight_names", to: names, as: .bytes(fitting: names))
      var kernel: [Float] = []
      for row in 0..<3 {
        for column in 0..<8 { kernel.append(Float(2 * row + column % 2 + 1 + 10 * (column / 2))) }
      }
      try group.createDataset("kernel", kernel, shape: [3, 8])
      let recurrent = [1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4] as [Float]
      try group.createDataset("recurrent", recurrent, shape: [2, 8])
      try group.createDataset("bias", (0..<16).map(Float.init), shape: [16])
      try file.close()
      let notes = try KerasFile.loadWeights(path, into: model)
      #expect(notes.filter { $0.kind == .converted }.count == 3)
    }
    let weights = try model.weights.map { try $0.value.floats() }
    #expect(Array(weights[0][0..<4]) == [1, 4, 11, 14])
    #expect(Array(weights[0][8..<12]) == [2, 5, 12, 15])
    #expect(Array(weights[1][0..<4]) == [1, 3, 1, 3])
    #expect(weights[2] == [8, 10, 12, 14, 16, 18, 20, 22])
  }

  @Test(arguments: [
    ("Transpose", "[0, 2, 1]", "Permute(dims: [2, 1])"),
    ("Reshape", "[-1, 6]", "Reshape(targetShape: [6])"),
    ("Mul", "0.5", "Rescaling(scale: 0.5, offset: 0.0)"),
  ])
  func operationsOfTensorFlow(_ operation: String, _ constant: String, _ expected: String) throws {
    let architecture = try read(
      """
      {"class_name": "TensorFlowOpLayer", "config": {"name": "op",
       "batch_input_shape": [null, 2, 3], "node_def": {"op": "\(operation)"},
       "constants": {"1": \(constant)}}}
      """)
    #expect(architecture.nodes[0].layer.description == expected)
  }

  /// Keras 3 goes on without the mask; Keras 2.3 refuses.
  @Test func masksAtLayersThatDoNotSupportThem() throws {
    var network = Sequential(input: [2, 1])
    network.add(Masking())
    network.add(Flatten())
    #expect(try Model(network, semantics: .keras("3.15.1")).outputShapes == [[2]])
    #expect(throws: OperationError.self) { try Model(network, semantics: .keras("2.3.1")) }
  }
}
