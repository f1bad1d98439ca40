import Foundation
import CAllocationCounter
import Strata

// Counts the allocations of steady-state steps and calls, and times them:
//   Scripts/allocations.sh
// Exits with 1 if a step allocates.

let features = 8

func data(_ count: Int) -> Dataset {
  let x = (0..<count * features).map { Float($0 * 37 % 101) / 50 - 1 }
  let y = (0..<count).flatMap { row in (0..<3).map { row % 3 == $0 ? Float(1) : 0 } }
  return Dataset(Tensor(x, shape: [count, features]), Tensor(y, shape: [count, 3]))
}

let models: [(name: String, architecture: Sequential)] = [
  (
    "dense",
    Sequential(input: [features]) {
      Dense(units: 32, activation: .relu)
      Dense(units: 3, activation: .softmax)
    }
  ),
  (
    "dropout",
    Sequential(input: [features]) {
      Dense(units: 32, activation: .relu)
      Dropout(rate: 0.5)
      Dense(units: 3, activation: .softmax)
    }
  ),
  (
    "convolution",
    Sequential(input: [features]) {
      Reshape(targetShape: [2, 2, 2])
      Conv2D(filters: 4, kernelSize: [2, 2], padding: .same)
      BatchNormalization()
      Flatten()
      Dense(units: 3, activation: .softmax)
    }
  ),
  (
    "recurrent",
    Sequential(input: [features]) {
      Reshape(targetShape: [4, 2])
      LSTM(units: 8)
      Dense(units: 3, activation: .softmax)
    }
  ),
]

/// Allocations of one epoch of `steps` batches of 4.
func allocations(_ model: Model, steps: Int) throws -> Int64 {
  var options = FitOptions()
  options.batchSize = 4
  options.epochs = 1
  options.verbosity = .silent
  let data = data(4 * steps)
  let before = allocation_count()
  try model.fit(data, options)
  return allocation_count() - before
}

setThreadCount(1)
var isClean = true
for (name, architecture) in models {
  let model = try Model(architecture, semantics: .strata, seed: 1)
  try model.compile(optimizer: Adam(), loss: CategoricalCrossentropy(), metrics: [.accuracy])
  _ = try allocations(model, steps: 50)
  let few = try allocations(model, steps: 50)
  let further = try allocations(model, steps: 1050) - few
  print("\(name): \(further) allocations in 1000 further steps of fit (\(few) in one of 50)")
  if further != 0 { isClean = false }

  let predictor = try model.predictor()
  let x = data(1).inputs[0]
  _ = try predictor.predict(x)
  let clock = ContinuousClock()
  let before = allocation_count()
  var fastest = Double.infinity
  for _ in 0..<20 {
    let time = try clock.measure { for _ in 0..<1000 { _ = try predictor.predict(x) } }
    fastest = min(fastest, Double(time.components.attoseconds) / 1e15)
  }
  let calls = Double(allocation_count() - before) / 20_000
  print("  predictor: \(fastest) us a call of one sample, \(calls) allocations (the result)")
}
guard isClean else {
  FileHandle.standardError.write(Data("a steady-state step allocates\n".utf8))
  exit(1)
}
