import ScalePlugin
import Strata

let model = try Model(
  Sequential(input: [2]) {
    Scale(initial: 0.5)
    Dense(units: 1)
  }, semantics: .keras("1.2.0"), seed: 1)
try model.compile(optimizer: SignDescent(), loss: MeanCubedError())
let x = Tensor([0, 1, 1, 0, 1, 1, 2, 1], shape: [4, 2])
let y = Tensor([1, 2, 3, 5], shape: [4])
let history = try model.fit(x, y, epochs: 40, verbosity: .linePerEpoch)
print(model.summary())
print("loss \(history["loss"][0]) -> \(history["loss"][39])")
print(try model.predict(x))
