// The example of the README: `swift run -Xcc -O2 first-steps`, from the package's folder.
import Strata
import StrataHDF5

let digits = try HDF5File.open("Models/Digits/digits.h5").root
let x = Tensor(try digits.dataset("x").read(as: Float.self), shape: [1797, 64]) / 16
let y = Tensor(try digits.dataset("y").read(as: Float.self), shape: [1797, 1])

let classifier = Sequential(input: [64]) {
  Dense(units: 128, activation: .relu)
  Dropout(rate: 0.25)
  Dense(units: 10, activation: .softmax)
}
let model = try Model(classifier, semantics: .keras("1.2.0"), seed: 1337)
try model.compile(
  optimizer: Adam(), loss: SparseCategoricalCrossentropy(), metrics: [.accuracy])

var options = FitOptions()
options.epochs = 30
options.validationSplit = 0.2
model.writer = KerasWriter()  // what checkpoints are written with
let best = try ModelCheckpoint("best.h5", monitor: "val_loss", saveBestOnly: true)
try model.fit(
  Dataset(x, y), options, callbacks: [best], recordTo: "digits.run.h5", includesData: true)
try model.save(to: "digits.h5")  // real Keras opens it, and it says how it was trained
let probabilities = try Model.load("best.h5").predict(x)
