import Strata

/// The architectures of the workloads.
///
/// Parameters are numbered in the order of the nodes.
enum Models {
  static func dense(
    _ input: Int, hidden: [Int], classes: Int, dropout: Float = 0
  ) -> Architecture {
    var model = Sequential(input: [input])
    for units in hidden {
      model.add(Dense(units: units, activation: .relu))
      if dropout > 0 { model.add(Dropout(rate: dropout)) }
    }
    model.add(Dense(units: classes))
    return model.architecture
  }

  static let digitsConvolution = Sequential(input: [28, 28, 1]) {
    Conv2D(filters: 32, kernelSize: [3, 3], activation: .relu)
    Conv2D(filters: 64, kernelSize: [3, 3], activation: .relu)
    MaxPooling2D()
    Flatten()
    Dense(units: 128, activation: .relu)
    Dense(units: 10)
  }.architecture

  static let vgg = Sequential(input: [32, 32, 3]) {
    for filters in [64, 64, 0, 128, 128, 0, 256, 256, 0] {
      if filters > 0 {
        Conv2D(filters: filters, kernelSize: [3, 3], padding: .same)
        normalization
        ActivationLayer(activation: .relu)
      } else {
        MaxPooling2D()
      }
    }
    Flatten()
    Dense(units: 256, activation: .relu)
    Dense(units: 10)
  }.architecture

  static let lstm = Sequential(input: [50, 32]) {
    LSTM(units: 128)
    Dense(units: 1)
  }.architecture

  static let text = Sequential(input: [80]) {
    Embedding(inputDim: 5000, outputDim: 128)
    LSTM(units: 256)
    Dense(units: 5000)
  }.architecture

  static let bidirectional = Sequential(input: [50, 32]) {
    Bidirectional(layer: GRU(units: 128, resetAfter: true))
    Dense(units: 1)
  }.architecture

  static var resnet20: Architecture {
    let graph = GraphBuilder()
    func convolution(_ filters: Int, _ size: Int = 3, stride: Int = 1) -> GraphBuilder.Node {
      graph.node(
        Conv2D(
          filters: filters, kernelSize: [size, size], strides: [stride, stride], padding: .same))
    }
    func normalized(_ x: GraphBuilder.Value) -> GraphBuilder.Value {
      graph.node(normalization)(x)
    }
    func relu(_ x: GraphBuilder.Value) -> GraphBuilder.Value {
      graph.node(ActivationLayer(activation: .relu))(x)
    }
    var x = relu(normalized(convolution(16)(graph.input([32, 32, 3]))))
    for (stage, filters) in [16, 32, 64].enumerated() {
      for block in 0..<3 {
        let stride = stage > 0 && block == 0 ? 2 : 1
        let inner = relu(normalized(convolution(filters, stride: stride)(x)))
        let y = normalized(convolution(filters)(inner))
        x = relu(graph.node(Add())(y, stride == 1 ? x : convolution(filters, 1, stride: 2)(x)))
      }
    }
    let pooled = graph.node(GlobalAveragePooling2D())(x)
    return graph.architecture(outputs: [graph.node(Dense(units: 10))(pooled)])
  }

  static var transformer: Architecture {
    let graph = GraphBuilder()
    func normalized(_ x: GraphBuilder.Value, _ y: GraphBuilder.Value) -> GraphBuilder.Value {
      graph.node(LayerNormalization(epsilon: 1e-6))(graph.node(Add())(x, y))
    }
    let x = graph.input([128, 256])
    let attended = normalized(x, graph.node(MultiHeadAttention(numHeads: 4, keyDim: 64))(x))
    let inner = graph.node(Dense(units: 1024, activation: .relu))(attended)
    let y = normalized(attended, graph.node(Dense(units: 256))(inner))
    let pooled = graph.node(GlobalAveragePooling1D())(y)
    return graph.architecture(outputs: [graph.node(Dense(units: 10))(pooled)])
  }

  private static var normalization: BatchNormalization {
    BatchNormalization(momentum: 0.99, epsilon: 1e-3)
  }
}
