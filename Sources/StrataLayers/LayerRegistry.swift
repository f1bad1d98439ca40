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
  ActivationLayer.self, ELU.self, LeakyReLU.self, ParametricSoftplus.self, PReLU.self, ReLU.self,
  SReLU.self, Softmax.self, ThresholdedReLU.self,
  AdditiveAttention.self, Attention.self, GroupedQueryAttention.self, MultiHeadAttention.self,
  Conv1D.self, Conv1DTranspose.self, Conv2D.self, Conv2DTranspose.self, Conv3D.self,
  Conv3DTranspose.self, DepthwiseConv1D.self, DepthwiseConv2D.self, LocallyConnected1D.self,
  LocallyConnected2D.self, SeparableConv1D.self, SeparableConv2D.self,
  Dense.self, EinsumDense.self, Embedding.self, Highway.self, Identity.self, InputLayer.self,
  Masking.self, MaxoutDense.self,
  Add.self, Average.self, Concatenate.self, Cosine.self, Dot.self, Maximum.self, Minimum.self,
  Multiply.self, Subtract.self,
  BatchNormalization.self, GroupNormalization.self, LayerNormalization.self,
  RMSNormalization.self, UnitNormalization.self,
  AdaptiveAveragePooling1D.self, AdaptiveAveragePooling2D.self, AdaptiveAveragePooling3D.self,
  AdaptiveMaxPooling1D.self, AdaptiveMaxPooling2D.self, AdaptiveMaxPooling3D.self,
  AveragePooling1D.self, AveragePooling2D.self, AveragePooling3D.self,
  GlobalAveragePooling1D.self, GlobalAveragePooling2D.self, GlobalAveragePooling3D.self,
  GlobalMaxPooling1D.self, GlobalMaxPooling2D.self, GlobalMaxPooling3D.self,
  MaxPooling1D.self, MaxPooling2D.self, MaxPooling3D.self,
  CategoryEncoding.self, CenterCrop.self, Discretization.self, Normalization.self,
  Rescaling.self, Resizing.self,
  ConvLSTM1D.self, ConvLSTM2D.self, ConvLSTM3D.self, GRU.self, LSTM.self, SimpleRNN.self,
  StackedRNNCells.self,
  ActivityRegularization.self, AlphaDropout.self, Dropout.self, GaussianDropout.self,
  GaussianNoise.self, SpatialDropout1D.self, SpatialDropout2D.self, SpatialDropout3D.self,
  Cropping1D.self, Cropping2D.self, Cropping3D.self, Flatten.self, Permute.self,
  RepeatVector.self, Reshape.self, UpSampling1D.self, UpSampling2D.self, UpSampling3D.self,
  ZeroPadding1D.self, ZeroPadding2D.self, ZeroPadding3D.self,
  Bidirectional.self, SpectralNormalization.self, TimeDistributed.self,
]

/// Other names under which files hold a layer.
private let aliases: [String: [String]] = [
  "Conv1D": ["Convolution1D", "AtrousConvolution1D", "AtrousConv1D"],
  "Conv1DTranspose": ["Convolution1DTranspose"],
  "Conv2DTranspose": ["Convolution2DTranspose", "Deconvolution2D", "Deconv2D"],
  "SeparableConv1D": ["SeparableConvolution1D"],
  "SeparableConv2D": ["SeparableConvolution2D"],
  "Conv2D": ["Convolution2D", "AtrousConvolution2D", "AtrousConv2D"],
  "AveragePooling1D": ["AvgPool1D"], "AveragePooling2D": ["AvgPool2D"],
  "GlobalAveragePooling1D": ["GlobalAvgPool1D"], "GlobalAveragePooling2D": ["GlobalAvgPool2D"],
  "GlobalMaxPooling1D": ["GlobalMaxPool1D"], "GlobalMaxPooling2D": ["GlobalMaxPool2D"],
  "MaxPooling1D": ["MaxPool1D"], "MaxPooling2D": ["MaxPool2D"],
  "MaxPooling3D": ["MaxPool3D"], "AveragePooling3D": ["AvgPool3D"],
  "GlobalAveragePooling3D": ["GlobalAvgPool3D"], "GlobalMaxPooling3D": ["GlobalMaxPool3D"],
  "Conv3D": ["Convolution3D"], "Conv3DTranspose": ["Convolution3DTranspose", "Deconvolution3D"],
  "GroupedQueryAttention": ["GroupQueryAttention"],
  "Dense": ["TimeDistributedDense"],
  "BatchNormalization": ["BatchNormalizationV1", "BatchNormalizationV2"],
  "LSTM": ["LSTMV1", "LSTMV2"],
  "GRU": ["GRUV1", "GRUV2"],
]
