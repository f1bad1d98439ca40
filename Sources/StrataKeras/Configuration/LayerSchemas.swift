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

  /// Layers that read the same in Keras 0 and 1.
  private static let early: [ClassSchema] = [
    "Activation activation trainable", "LeakyReLU alpha=negativeSlope trainable",
    "PReLU init=alphaInitializer trainable", "Dropout p=rate trainable",
    "GaussianDropout p=rate trainable", "GaussianNoise sigma=stddev trainable",
    "Flatten trainable", "Permute dims trainable", "RepeatVector n trainable",
    "Masking mask_value trainable", embedding,
  ].map { ClassSchema($0) }

  static let keras0 =
    early
    + [
      "Dense output_dim=units init=kernelInitializer activation @input_dim \(weighted)",
      "TimeDistributedDense=Dense output_dim=units init=kernelInitializer activation @input_dim"
        + " @input_length \(weighted)",
      "ELU alpha trainable", "ThresholdedReLU theta trainable",
      "Reshape dims=targetShape trainable",
      "BatchNormalization epsilon mode axis momentum trainable",
      "LSTM \(recurrent)\(gates)\(forget)", "GRU \(recurrent)\(gates)", "SimpleRNN \(recurrent)",
    ].map { ClassSchema($0) }

  static let keras1 =
    early
    + [
      "Dense output_dim=units init=kernelInitializer activation bias=useBias @input_dim"
        + " \(weighted)",
      "TimeDistributedDense=Dense output_dim=units init=kernelInitializer activation bias=useBias"
        + " @input_dim @input_length \(weighted)",
      "ELU alpha~ trainable", "ThresholdedReLU theta~ trainable", "Reshape target_shape trainable",
      "BatchNormalization epsilon mode axis momentum gamma_regularizer@1.2.0"
        + " beta_regularizer@1.2.0 trainable",
      "LSTM \(recurrent)\(gates)\(forget)\(layout)", "GRU \(recurrent)\(gates)\(layout)",
      "SimpleRNN \(recurrent) unroll:false consume_less:cpu",
    ].map { ClassSchema($0) }

  private static let recurrentRules =
    "implementation=gateDropout{1:perGate,2:shared,0:perGate} unroll:false return_state:false"
    + " zero_output_for_mask:false time_major:false use_cudnn:auto seed:null"

  static let keras2 = [
    "LeakyReLU alpha=negativeSlope", "Embedding @input_length",
    "Dropout noise_shape:null seed:null",
    "LSTM \(recurrentRules)", "GRU \(recurrentRules)",
    "SimpleRNN implementation:1 unroll:false return_state:false",
    "BatchNormalization renorm:false fused:null virtual_batch_size:null synchronized:false",
    "GaussianNoise seed:null", "GaussianDropout seed:null",
  ].map { ClassSchema($0, isOpen: true) }

  static let keras3 = [
    "LeakyReLU", "Embedding @input_length", "Dropout noise_shape:null seed:null",
    "LSTM \(recurrentRules)", "GRU \(recurrentRules)", "SimpleRNN seed:null unroll:false",
    "BatchNormalization renorm:false synchronized:false",
    "GaussianNoise seed:null", "GaussianDropout seed:null", "Dense lora_rank:null",
  ].map { ClassSchema($0, isOpen: true) }

  /// What a setting is where a file does not say it.
  static let defaults: JSONObject = [
    "activation": "linear", "useBias": true, "isTrainable": true, "dropout": 0,
    "recurrentDropout": 0, "returnSequences": false, "goBackwards": false, "stateful": false,
    "maskZero": false, "center": true, "scale": true, "axis": -1, "mode": 0,
    "dataFormat": "channels_last", "maskValue": 0, "negativeSlope": 0, "threshold": 0,
    "normalize": false,
    "kernelInitializer": "glorot_uniform", "biasInitializer": "zeros", "betaInitializer": "zeros",
    "movingMeanInitializer": "zeros", "movingVarianceInitializer": "ones",
    "embeddingsInitializer": "uniform", "alphaInitializer": "zeros",
  ]

  /// Settings that say how a release computes; they follow from the semantics, not from a file.
  static let formulas: Set<String> = [
    "formula", "scaling", "dropoutScaling", "gateDropout", "recurrentSettings", "frozen",
    "sampleDeviation", "gammaInitializer", "form", "complement", "averages", "velocitySlot",
    "nesterovForm", "epsilonPlace", "averaging",
  ]
}
