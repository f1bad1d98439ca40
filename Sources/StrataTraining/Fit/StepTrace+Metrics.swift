internal import StrataCore
internal import StrataLosses
internal import StrataTensor

/// What a step computes of the metrics of all outputs.
struct TracedMetrics {
  /// Of the batch alone.
  var values: [Tensor] = []
  /// Of the epoch so far, where running sums are kept.
  var results: [Tensor] = []
  /// The running sums and their new values.
  var sums: [(old: Tensor, new: Tensor)] = []
}

/// One metric of one output in a step.
struct TracedMetric {
  let metric: any Metric
  let target: Tensor
  let prediction: Tensor
  let mask: Tensor?
  /// The weights of samples, for a weighted metric.
  let given: Tensor?
  let settings: CompiledSettings

  /// Whether the metric is the mean of its values.
  private var isMean: Bool {
    metric.states(for: sample) == RunningMean.states && !(metric is RootMeanSquaredError)
  }
  private var sample: Shape { prediction.shape.droppingFirst() }

  private var weights: Tensor? {
    settings.metricMasks.weights(mask: mask, given: given, isMean: isMean)
  }

  /// The metric of the batch alone.
  var value: Tensor {
    guard let weights else {
      return scalar(metric.batchValue(target: target, prediction: prediction))
    }
    guard settings.metricMasks != .normalized || !hasMeanState else { return normalized }
    let zeros = metric.states(for: sample).map { Tensor.zeros($0.shape) }
    let sums = metric.update(zeros, target: target, prediction: prediction, weights: weights)
    return scalar(metric.result(sums))
  }

  private var hasMeanState: Bool { metric.states(for: sample) == RunningMean.states }

  /// Masked and weighted as a loss of the release.
  private var normalized: Tensor {
    let values = metric.values(target: target, prediction: prediction)
    let fits = (mask?.rank ?? 0) <= values.rank
    let mean = settings.reduction.reduce(
      score: values, weights: given, mask: fits ? mask : nil)
    return metric.result([mean, 1])
  }

  /// The running sums after the batch, and their result.
  func running(_ sums: [Tensor]) -> (sums: [Tensor], result: Tensor) {
    let next = metric.update(sums, target: target, prediction: prediction, weights: weights)
    return (next, scalar(metric.result(next)))
  }

  /// A result of one element is a number.
  private func scalar(_ tensor: Tensor) -> Tensor {
    tensor.rank > 0 && tensor.shape.count == 1 ? tensor.reshaped([]) : tensor
  }
}

extension StepTrace {
  func metrics(
    _ forward: ForwardTrace, _ targets: [Tensor], _ weights: [Tensor?],
    _ settings: CompiledSettings
  ) -> TracedMetrics {
    var traced = TracedMetrics()
    for output in forward.outputs.indices {
      for (index, named) in settings.metrics[output].enumerated() {
        let one = TracedMetric(
          metric: named.metric, target: targets[output], prediction: forward.outputs[output],
          mask: forward.outputMasks[output], given: named.isWeighted ? weights[output] : nil,
          settings: settings)
        traced.values.append(one.value)
        guard settings.metricAggregation == .runningSums else { continue }
        let old = named.metric.states(for: model.outputShapes[output]).map { state in
          graph.input(
            TensorType(state.shape), .state(MetricMemory.name(output, index, state)))
        }
        let running = one.running(old)
        traced.sums += zip(old, running.sums).map { ($0, $1) }
        traced.results.append(running.result)
      }
    }
    return traced
  }
}
