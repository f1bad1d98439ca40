public import StrataCore

extension Registry where Entry == any Layer.Type {
  /// The layers of this module by their names in Keras files, with the names of older releases.
  public static var builtIn: Registry {
    builtInLayers.reduce(Registry("layer")) { registry, layer in
      registry.adding(layer.name, aliases: aliases[layer.name] ?? [], layer)
    }
  }
}

/// Every layer of this module, in the order of its folders.
public let builtInLayers: [any Layer.Type] = [
  ActivationLayer.self, ELU.self, LeakyReLU.self, PReLU.self, ReLU.self, Softmax.self,
  ThresholdedReLU.self,
  Dense.self, Embedding.self, InputLayer.self, Masking.self,
  Add.self, Average.self, Concatenate.self, Dot.self, Maximum.self, Minimum.self, Multiply.self,
  Subtract.self,
  BatchNormalization.self,
  GRU.self, LSTM.self, SimpleRNN.self,
  Dropout.self, GaussianDropout.self, GaussianNoise.self,
  Flatten.self, Permute.self, RepeatVector.self, Reshape.self,
]

/// Other names under which files hold a layer.
private let aliases: [String: [String]] = [
  "Dense": ["TimeDistributedDense"],
  "BatchNormalization": ["BatchNormalizationV1", "BatchNormalizationV2"],
  "LSTM": ["LSTMV1", "LSTMV2"],
  "GRU": ["GRUV1", "GRUV2"],
]
