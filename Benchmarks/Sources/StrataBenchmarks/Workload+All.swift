import Strata

extension Workload {
  private static let momentum = SGD(learningRate: 1e-2, momentum: 0.9)
  private static let images = Data.classification([32, 32, 3], classes: 10)

  static let all = dense + convolutional + sequences

  private static let dense = [
    Workload(
      name: "mlp-tiny", batch: 32, stepsPerEpoch: 256,
      data: .classification([64], classes: 10), optimizer: Adam(),
      architecture: Models.dense(64, hidden: [32], classes: 10), firstEpochLoss: 0.83185,
      gigaflops: 0.000_324),
    Workload(
      name: "mlp-mnist", batch: 128, stepsPerEpoch: 32,
      data: .classification([784], classes: 10), optimizer: Adam(),
      architecture: Models.dense(784, hidden: [512, 512], classes: 10, dropout: 0.2),
      firstEpochLoss: 0.192, tolerance: 2e-2, gigaflops: 0.4108),
    Workload(
      name: "mlp-wide", batch: 256, stepsPerEpoch: 8,
      data: .classification([2048], classes: 1000), optimizer: momentum,
      architecture: Models.dense(2048, hidden: [2048, 2048], classes: 1000),
      firstEpochLoss: 6.92152, gigaflops: 13.883),
  ]

  private static let convolutional = [
    Workload(
      name: "cnn-mnist", batch: 128, stepsPerEpoch: 8,
      data: .classification([28, 28, 1], classes: 10), optimizer: Adam(),
      architecture: Models.digitsConvolution, firstEpochLoss: 1.98666, gigaflops: 9.160),
    Workload(
      name: "cnn-cifar", batch: 64, stepsPerEpoch: 4, data: images, optimizer: momentum,
      architecture: Models.vgg, firstEpochLoss: 4.588, gigaflops: 58.839),
    Workload(
      name: "resnet20-cifar", batch: 64, stepsPerEpoch: 8, data: images, optimizer: Adam(),
      architecture: Models.resnet20, firstEpochLoss: 2.605, gigaflops: 15.616),
  ]

  private static let sequences = [
    Workload(
      name: "lstm-small", batch: 64, stepsPerEpoch: 16, data: .regression([50, 32]),
      optimizer: RMSprop(), architecture: Models.lstm, firstEpochLoss: 0.018453, gigaflops: 1.468),
    Workload(
      name: "lstm-text", batch: 64, stepsPerEpoch: 4, data: .tokens(length: 80, classes: 5000),
      optimizer: Adam(), architecture: Models.text, firstEpochLoss: 8.51477, gigaflops: 12.571),
    Workload(
      name: "gru-bi", batch: 64, stepsPerEpoch: 8, data: .regression([50, 32]),
      optimizer: Adam(), architecture: Models.bidirectional, firstEpochLoss: 0.047673,
      gigaflops: 2.202),
    Workload(
      name: "transformer", batch: 16, stepsPerEpoch: 8,
      data: .classification([128, 256], classes: 10), optimizer: Adam(),
      architecture: Models.transformer, firstEpochLoss: 2.11991, gigaflops: 9.664),
  ]
}
