/// What each dialect calls the layers and their settings.
enum LayerSchemas {
  /// Class names stand once; of several for one layer, the first is written.
  static func schemas(_ dialect: KerasDialect) -> [ClassSchema] {
    switch dialect {
    case .keras0: keras0
    case .keras1: keras1
    case .keras2: keras2
    case .keras3: keras3
    }
  }

  /// Keys of every layer that are not settings of it.
  static func structural(_ dialect: KerasDialect) -> Set<String> {
    let common: Set<String> = ["name", "batch_input_shape", "input_dtype"]
    return switch dialect {
    case .keras0: common.union(["custom_name", "cache_enabled", "input_shape"])
    case .keras1: common.union(["input_shape"])
    case .keras2, .keras3:
      common.union([
        "dtype", "batch_shape", "module", "registered_name", "build_config",
        "quantization_config", "shared_object_id",
      ])
    }
  }

  /// Layers of images that do not say in Keras 0 and 1 where the channels are.
  static let withoutOrder: Set<String> = ["ZeroPadding2D", "UpSampling2D", "Cropping2D"]

  private static let weighted =
    "W_regularizer=kernelRegularizer b_regularizer=biasRegularizer activity_regularizer"
    + " W_constraint=kernelConstraint b_constraint=biasConstraint trainable"
  private static let recurrent =
    "output_dim=units init=kernelInitializer inner_init=recurrentInitializer activation"
    + " W_regularizer=kernelRegularizer U_regularizer=recurrentRegularizer"
    + " b_regularizer=biasRegularizer dropout_W=dropout dropout_U=recurrentDropout"
    + " return_sequences go_backwards stateful @input_dim @input_length trainable"
  private static let gates = " inner_activation=recurrentActivation"
  private static let forget = " forget_bias_init=unitForgetBias{one:true,zero:false}"
  private static let layout =
    " unroll:false consume_less=gateLayout{cpu:separate,mem:separate,gpu:fused}"
  private static let embedding =
    "Embedding input_dim output_dim init=embeddingsInitializer @input_length"
    + " W_regularizer=embeddingsRegularizer activity_regularizer"
    + " W_constraint=embeddingsConstraint mask_zero dropout trainable"

  private static let order = "dim_ordering=dataFormat{th:channels_first,tf:channels_last}"
  private static let image =
    "nb_filter=filters nb_row=kernelSize[0] nb_col=kernelSize[1] init=kernelInitializer"
    + " activation border_mode=padding subsample=strides \(order) \(weighted)"
  private static let line =
    "nb_filter=filters filter_length=kernelSize[0] init=kernelInitializer activation"
    + " border_mode=padding subsample_length=strides[0] @input_dim @input_length \(weighted)"
  private static let volume =
    "nb_filter=filters kernel_dim1=kernelSize[0] kernel_dim2=kernelSize[1]"
    + " kernel_dim3=kernelSize[2] init=kernelInitializer activation border_mode=padding"
    + " subsample=strides \(order) \(weighted)"
  private static let localLine =
    "nb_filter=filters filter_length=kernelSize[0] init=kernelInitializer activation"
    + " border_mode:valid subsample_length=strides[0] @input_dim @input_length \(weighted)"
  private static let localImage =
    "nb_filter=filters nb_row=kernelSize[0] nb_col=kernelSize[1] init=kernelInitializer"
    + " activation border_mode:valid subsample=strides \(order) \(weighted)"
  private static let rectifier =
    "t_left_init=tLeftInitializer a_left_init=aLeftInitializer t_right_init=tRightInitializer"
    + " a_right_init=aRightInitializer trainable"
  private static let pooling1D =
    "pool_length=poolSize[0] stride=strides[0] border_mode=padding trainable"
  private static let pooling2D = "pool_size strides border_mode=padding \(order) trainable"

  /// Layers of images and sequences that read the same in Keras 0 and 1.
  private static let windows: [ClassSchema] = [
    "MaxPooling1D \(pooling1D)", "AveragePooling1D \(pooling1D)",
    "MaxPooling2D \(pooling2D)", "AveragePooling2D \(pooling2D)",
    "ZeroPadding1D padding trainable", "ZeroPadding2D padding trainable",
    "UpSampling1D length=size trainable", "UpSampling2D size trainable",
    "TimeDistributed layer trainable",
  ].map { ClassSchema($0) }

  private static let windows1: [ClassSchema] =
    windows
    + [
      "Convolution1D=Conv1D \(line) bias=useBias",
      "Convolution2D=Conv2D \(image) bias=useBias",
      "AtrousConvolution1D=Conv1D \(line) bias=useBias atrous_rate=dilationRate[0]",
      "AtrousConvolution2D=Conv2D \(image) bias=useBias atrous_rate=dilationRate",
      "GlobalMaxPooling1D trainable", "GlobalAveragePooling1D trainable",
      "GlobalMaxPooling2D \(order) trainable", "GlobalAveragePooling2D \(order) trainable",
      "Cropping1D cropping trainable", "Cropping2D cropping trainable",
      "SpatialDropout1D p=rate trainable", "SpatialDropout2D p=rate \(order) trainable",
      "Bidirectional layer merge_mode trainable",
      "Convolution3D=Conv3D \(volume) bias=useBias",
      "MaxPooling3D \(pooling2D)", "AveragePooling3D \(pooling2D)",
      "ZeroPadding3D padding \(order) trainable", "Cropping3D cropping \(order) trainable",
      "UpSampling3D size \(order) trainable", "SpatialDropout3D p=rate \(order) trainable",
      "LocallyConnected1D \(localLine) bias=useBias",
      "LocallyConnected2D \(localImage) bias=useBias",
    ].map { ClassSchema($0) }

  /// Layers that read the same in Keras 0 and 1.
  private static let early: [ClassSchema] = [
    "Activation activation trainable", "LeakyReLU alpha=negativeSlope trainable",
    "PReLU init=alphaInitializer trainable", "Dropout p=rate trainable",
    "GaussianDropout p=rate trainable", "GaussianNoise sigma=stddev trainable",
    "Flatten trainable", "Permute dims trainable", "RepeatVector n trainable",
    "Masking mask_value trainable", embedding, "SReLU \(rectifier)",
    "ActivityRegularization l1 l2 trainable",
  ].map { ClassSchema($0) }

  static let keras0 =
    early + windows
    + [
      "Convolution1D=Conv1D \(line)", "Convolution2D=Conv2D \(image)",
      "Dense output_dim=units init=kernelInitializer activation @input_dim \(weighted)",
      "TimeDistributedDense=Dense output_dim=units init=kernelInitializer activation @input_dim"
        + " @input_length \(weighted)",
      "Highway init=kernelInitializer transform_bias activation @input_dim \(weighted)",
      "MaxoutDense output_dim=units nb_feature=features init=kernelInitializer @input_dim"
        + " \(weighted)",
      "ParametricSoftplus alpha_init=alpha beta_init=beta trainable",
      "ELU alpha trainable", "ThresholdedReLU theta trainable",
      "Reshape dims=targetShape trainable",
      "BatchNormalization epsilon mode axis momentum trainable",
      "LSTM \(recurrent)\(gates)\(forget)", "GRU \(recurrent)\(gates)", "SimpleRNN \(recurrent)",
    ].map { ClassSchema($0) }

  static let keras1 =
    early + windows1
    + [
      "Dense output_dim=units init=kernelInitializer activation bias=useBias @input_dim"
        + " \(weighted)",
      "TimeDistributedDense=Dense output_dim=units init=kernelInitializer activation bias=useBias"
        + " @input_dim @input_length \(weighted)",
      "Highway init=kernelInitializer transform_bias activation bias=useBias @input_dim"
        + " \(weighted)",
      "MaxoutDense output_dim=units nb_feature=features init=kernelInitializer bias=useBias"
        + " @input_dim \(weighted)",
      "ParametricSoftplus alpha_init~=alpha beta_init~=beta trainable",
      "ELU alpha~ trainable", "ThresholdedReLU theta~ trainable", "Reshape target_shape trainable",
      "BatchNormalization epsilon mode axis momentum gamma_regularizer@1.2.0"
        + " beta_regularizer@1.2.0 trainable",
      "LSTM \(recurrent)\(gates)\(forget)\(layout)", "GRU \(recurrent)\(gates)\(layout)",
      "SimpleRNN \(recurrent) unroll:false consume_less:cpu",
    ].map { ClassSchema($0) }

  private static let recurrentRules =
    "implementation=gateDropout{1:perGate,2:shared,0:perGate} unroll:false"
    + " zero_output_for_mask:false time_major:false use_cudnn:auto seed:null"

  private static let unused =
    "-groups -kernel_initializer -kernel_regularizer -kernel_constraint"
  private static let both = [
    "DepthwiseConv1D \(unused)", "DepthwiseConv2D \(unused)", "SeparableConv1D \(unused)",
    "SeparableConv2D \(unused)", "ZeroPadding1D -data_format", "Cropping1D -data_format",
    "AlphaDropout noise_shape:null seed:null",
    "Bidirectional -backward_layer", "GlobalMaxPooling1D keepdims=keepsDimensions@2.6.0",
    "GlobalMaxPooling2D keepdims=keepsDimensions@2.6.0",
    "GlobalAveragePooling1D keepdims=keepsDimensions@2.6.0",
    "GlobalAveragePooling2D keepdims=keepsDimensions@2.6.0", "Conv1D groups@2.4.0",
    "Conv2D groups@2.4.0", "SpatialDropout1D noise_shape:null seed:null",
    "SpatialDropout2D noise_shape:null seed:null",
    "GlobalMaxPooling3D keepdims=keepsDimensions@2.6.0",
    "GlobalAveragePooling3D keepdims=keepsDimensions@2.6.0", "Conv3D groups@2.4.0",
    "SpatialDropout3D noise_shape:null seed:null",
    "LocallyConnected1D padding:valid implementation:1",
    "LocallyConnected2D padding:valid implementation:1",
    "ConvLSTM1D \(convLSTM)", "ConvLSTM2D \(convLSTM)", "ConvLSTM3D \(convLSTM)",
    "Attention causal=useCausalMask seed:null", "AdditiveAttention causal=useCausalMask seed:null",
    "GroupedQueryAttention flash_attention:null seed:null use_gate:false",
    "EinsumDense output_shape=outputSizes lora_rank:null lora_alpha:null quantization_mode:null",
    "Normalization input_mean=mean input_variance=variance",
    "StackedRNNCells stateful:false unroll:false time_major:false zero_output_for_mask:false",
    "CategoryEncoding max_tokens=numTokens sparse:false"
      + " output_mode{binary:multi_hot,multi_hot:multi_hot,one_hot:one_hot,count:count}",
    "Discretization -num_bins -epsilon sparse:false",
    "Resizing fill_mode:constant fill_value:0.0 antialias:false",
    "MultiHeadAttention output_shape=outputDim attention_axes:null flash_attention:null seed:null",
  ]

  private static let convLSTM =
    "return_state:false unroll:false time_major:false zero_output_for_mask:false seed:null"

  static let keras2 =
    (both + [
      "LeakyReLU alpha=negativeSlope", "Embedding @input_length",
      "Dropout noise_shape:null seed:null",
      "LSTM \(recurrentRules)", "GRU \(recurrentRules)",
      "SimpleRNN implementation:1 unroll:false",
      "BatchNormalization renorm:false fused:null virtual_batch_size:null synchronized:false",
      "GaussianNoise seed:null", "GaussianDropout seed:null",
    ]).map { ClassSchema($0, isOpen: true) }

  static let keras3 =
    (both + [
      "LeakyReLU", "Embedding @input_length", "Dropout noise_shape:null seed:null",
      "LSTM \(recurrentRules)", "GRU \(recurrentRules)", "SimpleRNN seed:null unroll:false",
      "BatchNormalization renorm:false synchronized:false",
      "GaussianNoise seed:null", "GaussianDropout seed:null", "Dense lora_rank:null",
    ]).map { ClassSchema($0, isOpen: true) }

  /// What a setting is where a file does not say it.
  static let defaults: JSONObject = [
    "activation": "linear", "useBias": true, "isTrainable": true, "dropout": 0,
    "recurrentDropout": 0, "returnSequences": false, "goBackwards": false, "stateful": false,
    "maskZero": false, "center": true, "scale": true, "axis": -1, "mode": 0,
    "dataFormat": "channels_last", "maskValue": 0, "negativeSlope": 0, "threshold": 0,
    "normalize": false, "padding": "valid", "groups": 1, "keepsDimensions": false,
    "interpolation": "nearest", "rmsScaling": false, "depthMultiplier": 1,
    "mergeMode": "concat", "useCausalMask": false,
    "depthwiseInitializer": "glorot_uniform", "pointwiseInitializer": "glorot_uniform",
    "kernelInitializer": "glorot_uniform", "biasInitializer": "zeros", "betaInitializer": "zeros",
    "movingMeanInitializer": "zeros", "movingVarianceInitializer": "ones",
    "embeddingsInitializer": "uniform", "alphaInitializer": "zeros",
    "recurrentInitializer": "orthogonal", "unitForgetBias": true, "offset": 0, "invert": false,
    "useScale": false, "scoreMode": "dot", "tLeftInitializer": "zeros",
    "aLeftInitializer": "glorot_uniform", "tRightInitializer": "glorot_uniform",
    "aRightInitializer": "ones", "gammaInitializer": "ones", "cropToAspectRatio": false,
    "padToAspectRatio": false,
  ]

  /// As `defaults`, with those that depend on the number of axes.
  static func defaults(of name: String) -> JSONObject {
    var result = defaults
    let ones = JSONValue.array(ListForms.axes(of: name).map { _ in 1 })
    result["dilationRate"] = ones
    if name.contains("Conv") || name.contains("Connected") { result["strides"] = ones }
    return result
  }

  /// Settings that say how a release computes; they follow from the semantics, not from a file.
  static let formulas: Set<String> = [
    "formula", "scaling", "dropoutScaling", "gateDropout", "recurrentSettings", "frozen",
    "sampleDeviation", "gammaInitializer", "form", "complement", "averages", "velocitySlot",
    "nesterovForm", "epsilonPlace", "averaging", "absentSteps", "grid", "zeroEnd",
  ]
}
