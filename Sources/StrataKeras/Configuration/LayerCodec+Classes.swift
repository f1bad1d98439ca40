internal import StrataLayers

extension LayerCodec {
  /// Layers that change images at random in training and pass them on otherwise.
  private static let augmentations: Set<String> = [
    "AugMix", "CutMix", "MixUp", "RandAugment", "RandomBrightness", "RandomColorDegeneration",
    "RandomColorJitter", "RandomContrast", "RandomElasticTransform", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert",
    "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation",
    "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom",
  ]

  /// The layer that a class of files stands for, in the words of that layer; nil for other classes.
  func standIn(
    for className: String, _ config: JSONObject, _ name: String
  ) throws -> (className: String, config: JSONObject)? {
    switch className {
    case "RNN": return try loop(config, name)
    case "CuDNNLSTM", "CuDNNGRU":
      var plain = config
      plain["activation"] = "tanh"
      plain["recurrent_activation"] = "sigmoid"
      if className == "CuDNNGRU" { plain["reset_after"] = true }
      return (String(className.dropFirst(5)), plain)
    case _ where Self.augmentations.contains(className):
      notes.add(
        .ignored, "layer \(name)",
        "\(className) changes images in training only, which Strata does not: predictions are the"
          + " same, training is not")
      return (Identity.name, [:])
    default: return nil
    }
  }

  /// A cell in its loop is the layer of that cell; several are `StackedRNNCells`.
  private func loop(
    _ config: JSONObject, _ name: String
  ) throws -> (className: String, config: JSONObject)? {
    guard let cell = config["cell"] else { return nil }
    var outer = config
    outer["cell"] = nil
    let kind = cell["class_name"]?.string
    if let cells = cell.array
      ?? (kind == StackedRNNCells.name ? cell["config"]?["cells"]?.array : nil)
    {
      outer["layers"] = .array(
        try cells.map { cell in
          guard let (className, settings) = Self.layer(of: cell) else {
            throw KerasFileError(
              subject: "layer \(name)", expected: "cells of recurrent layers", found: "\(cell)")
          }
          return ["class_name": .string(className), "config": .object(settings)]
        })
      return (StackedRNNCells.name, outer)
    }
    guard let (className, settings) = Self.layer(of: cell) else { return nil }
    var merged = settings
    for (key, value) in outer.entries { merged[key] = value }
    return (className, merged)
  }

  /// `LSTMCell` as `LSTM` with its configuration.
  private static func layer(of cell: JSONValue) -> (className: String, config: JSONObject)? {
    guard let kind = cell["class_name"]?.string, kind.hasSuffix("Cell"),
      let config = cell["config"]?.object
    else { return nil }
    return (String(kind.dropLast(4)), config)
  }
}
