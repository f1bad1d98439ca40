// The umbrella: re-exports of the modules that a user needs, nothing else.
@_exported public import StrataCallbacks
@_exported public import StrataCore
@_exported public import StrataKeras
@_exported public import StrataLayers
@_exported public import StrataLosses
@_exported public import StrataOptimizers
@_exported public import StrataReplay
@_exported public import StrataSemantics
@_exported public import StrataTensor
@_exported public import StrataTraining
