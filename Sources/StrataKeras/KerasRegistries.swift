public import StrataCore
public import StrataLayers
public import StrataLosses
public import StrataOptimizers

/// By which names of a file are found; plug-ins make larger ones.
public struct KerasRegistries: Sendable {
  public var layers: Registry<any Layer.Type>
  public var losses: LossRegistry
  public var metrics: MetricRegistry
  public var optimizers: OptimizerRegistry

  public init(
    layers: Registry<any Layer.Type> = .builtIn, losses: LossRegistry = .builtIn,
    metrics: MetricRegistry = .builtIn, optimizers: OptimizerRegistry = .builtIn
  ) {
    self.layers = layers
    self.losses = losses
    self.metrics = metrics
    self.optimizers = optimizers
  }

  public static let builtIn = KerasRegistries()
}
