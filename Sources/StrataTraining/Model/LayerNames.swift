internal import StrataCore
internal import StrataSemantics

/// How a release names layers that the user did not name.
enum LayerNames {
  enum Style: String, Sendable, Equatable {
    /// `batchnormalization_1`
    case lowercase
    /// `batch_normalization_1`
    case snakeCase
    /// `batch_normalization`, `batch_normalization_1`
    case snakeCaseFromZero
  }

  static let history = History(
    "layer.autoName", .layer, .file, initially: Style.lowercase
  )
  .since(
    "2.0.0", .snakeCase, "config-layer-auto-names",
    "Layers without a name are called after their class in snake case."
  )
  .since(
    "3.0.0", .snakeCaseFromZero, "config-layer-auto-names-keras3",
    "The first layer of a class is named without a number.")

  /// Classes that had longer names before Keras 2.
  private static let earlyNames = [
    "Conv1D": "Convolution1D", "Conv2D": "Convolution2D", "Conv2DTranspose": "Deconvolution2D",
    "SeparableConv2D": "SeparableConvolution2D",
  ]

  /// Names for all nodes, unique within the model.
  static func assign(_ names: [String?], classes: [String], style: Style) -> [String] {
    var taken = Set(names.compactMap(\.self))
    var counts: [String: Int] = [:]
    return zip(names, classes).map { name, className in
      if let name { return name }
      let base =
        style == .lowercase
        ? (earlyNames[className] ?? className).lowercased() : snakeCase(className)
      while true {
        let count = counts[base, default: style == .snakeCaseFromZero ? 0 : 1]
        counts[base] = count + 1
        let candidate = count == 0 ? base : "\(base)_\(count)"
        if taken.insert(candidate).inserted { return candidate }
      }
    }
  }

  /// `BatchNormalization` as `batch_normalization`, `LSTM` as `lstm`, `Conv2D` as `conv2d`.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(name)
    var result = ""
    for (index, letter) in letters.enumerated() {
      let startsWord =
        letter.isUppercase && index > 0
        && (letters[index - 1].isLowercase
          || index + 1 < letters.count && letters[index + 1].isLowercase
            && !letters[index - 1].isNumber)
      if startsWord { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}
