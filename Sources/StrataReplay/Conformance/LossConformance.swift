internal import StrataKeras
import StrataCore
public import StrataLosses
import StrataSemantics
import StrataTensor

/// Runs recorded losses: scores, reduced values with and without weights, and their gradients.
public struct LossConformance: TraceRunner {
  public var registry: LossRegistry

  public init(registry: LossRegistry = .builtIn) { self.registry = registry }

  public func takes(_ trace: TraceFile) -> Bool { trace.kind == .loss }

  public func run(_ trace: TraceFile) -> ConformanceResult {
    do {
      let run = try LossTrace(trace, registry)
      var comparison = Comparison(Tolerances.loss)
      var compared = 0
      for check in run.checks where trace.datasets.contains(check.value) {
        try run.compare(check, trace, &comparison)
        compared += 1
      }
      guard compared > 0 else { return trace.unknown(.loss, "no values that could be compared") }
      return trace.result(.loss, comparison)
    } catch let error as Unrunnable {
      return trace.unknown(.loss, error.reason)
    } catch {
      return trace.unknown(.loss, "\(error)")
    }
  }
}

/// A recorded loss: its operands, and what was recorded of it.
private struct LossTrace {
  var loss: any Loss
  var target: Tensor
  var prediction: Tensor
  var weights: Tensor?
  var checks: [Check]

  /// A recorded value, its gradient with respect to the prediction, and how it follows from the
  /// scores.
  struct Check {
    var value: String
    var gradient: String
    var reduce: (Tensor) -> Tensor
  }

  init(_ trace: TraceFile, _ registry: LossRegistry) throws {
    let semantics = try trace.semantics()
    let name = trace.meta["function"]?.text ?? trace.meta["loss"]?.text ?? ""
    var settings: [String: ConfigurationValue] = [:]
    for (key, value) in trace.meta["kwargs"]?.members ?? [:] {
      if let number = value.numeric { settings[key] = .number(number) }
      if let flag = value.flag { settings[key] = .flag(flag) }
    }
    let found = try registry.loss(name, configuration: settings, semantics)
    guard found.unknownKeys.isEmpty else {
      throw Unrunnable(reason: "settings \(found.unknownKeys.joined(separator: ", "))")
    }
    loss = found.loss
    target = try trace.tensor("y_true")
    prediction = try trace.tensor("y_pred")
    weights = trace.datasets.contains("sample_weight") ? try trace.tensor("sample_weight") : nil
    checks = []
    let reduction = LossReduction.history.value(under: semantics)
    checks = trace.isFlat ? flatChecks(reduction) : groupedChecks(reduction)
  }

  private func groupedChecks(_ reduction: LossReduction) -> [Check] {
    let weights = weights
    let count = prediction.shape[0]
    return [
      Check(value: "per_sample", gradient: "", reduce: { $0 }),
      Check(value: "mean_loss", gradient: "grad") {
        reduction.reduce(score: $0, weights: .full([count], 1))
      },
      Check(value: "weighted_loss", gradient: "weighted_grad") {
        reduction.reduce(score: $0, weights: weights)
      },
      Check(value: "all_zero_weight_loss", gradient: "") {
        reduction.reduce(score: $0, weights: .zeros([count]))
      },
    ]
  }

  private func flatChecks(_ reduction: LossReduction) -> [Check] {
    let weights = weights
    let mask = loss.scoreMask(target: target, prediction: prediction)
    var checks = [
      Check(value: "function", gradient: "function_grad_of_sum", reduce: { $0 }),
      Check(value: "fit.value", gradient: "fit.grad") { reduction.reduce(score: $0) },
      Check(value: "fit.value_weighted", gradient: "fit.grad_weighted") {
        reduction.reduce(score: $0, weights: weights)
      },
    ]
    let aggregations: [(String, LossAggregation)] = [
      ("sum_over_batch_size", .sumOverBatchSize), ("mean", .sumOverBatchSize), ("sum", .sum),
      ("none", .none), ("mean_with_sample_weight", .meanWithSampleWeight),
    ]
    for (name, aggregation) in aggregations {
      checks.append(
        Check(value: "class.\(name).value", gradient: "class.\(name).grad") {
          aggregation.aggregate(score: $0, mask: mask)
        })
      checks.append(
        Check(value: "class.\(name).value_weighted", gradient: "class.\(name).grad_weighted") {
          aggregation.aggregate(score: $0, weights: weights, mask: mask)
        })
    }
    return checks
  }

  func compare(_ check: Check, _ trace: TraceFile, _ comparison: inout Comparison) throws {
    let value = { check.reduce(loss.perSample(target: target, prediction: $0)) }
    comparison.add(
      check.value, try value(prediction).floats(), try trace.floats(check.value))
    guard trace.datasets.contains(check.gradient) else { return }
    let sum = { (p: Tensor) in value(p).sum() }
    let result = try valueAndGradient(at: [prediction]) { sum($0[0]) }
    comparison.add(
      check.gradient, try result.gradients[0].floats(), try trace.floats(check.gradient))
  }
}
