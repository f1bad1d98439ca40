public import StrataCore
public import StrataSemantics
package import StrataTensor

/// How a release keeps the kernel of a convolution, and what it computes with it.
public struct ConvolutionForm: Sendable, Hashable, Codable {
  /// The axes of the kernel.
  public enum Kernel: String, Sendable, Hashable, Codable {
    /// `[rows, columns, in, out]`, `[length, in, out]`
    case filtersLast
    /// `[out, in, rows, columns]`, `[out, in, length, 1]`
    case filtersFirst
    /// `[length, 1, in, out]`
    case unitColumn
  }

  public var kernel: Kernel
  /// Whether the kernel is rotated by 180 degrees, as a convolution in mathematics: Theano.
  public var isRotated: Bool
  public var samePadding: SamePadding
  /// How the fans of the initial kernel are counted.
  public var fans: FanRule

  public init(kernel: Kernel, isRotated: Bool, samePadding: SamePadding, fans: FanRule) {
    self.kernel = kernel
    self.isRotated = isRotated
    self.samePadding = samePadding
    self.fans = fans
  }

  static let modern = ConvolutionForm(
    kernel: .filtersLast, isRotated: false, samePadding: .least, fans: .leadingAndCount)

  /// The form of a release for `rank` spatial axes.
  init(_ semantics: Semantics, rank: Int, _ format: DataFormat) {
    let history = rank == 1 ? Self.kernel1DHistory : Self.kernel2DHistory
    let isFixed = rank > 1 && format == .channelsLast
    let isTheano = semantics.backend.kind == .theano
    self.init(
      kernel: isFixed ? .filtersLast : history.value(under: semantics), isRotated: isTheano,
      samePadding: isTheano ? .half : .least, fans: FanRule.history.value(under: semantics))
  }
}

extension ConvolutionForm {
  /// The kernel of a two-dimensional convolution with channels first.
  static let kernel2DHistory = History<Kernel>(
    "convolution.kernel2D", .layer, .file, initially: .filtersFirst
  )
  .since(
    "2.0.0", .filtersLast, "file-v1-conversion",
    "Kernels are [rows, columns, in, out] for either order of channels.")

  /// The kernel of a one-dimensional convolution.
  static let kernel1DHistory = History<Kernel>(
    "convolution.kernel1D", .layer, .trajectory, initially: .filtersFirst
  )
  .since(
    "1.1.0", .unitColumn, "file-conv1d-kernel-layout",
    "Kernels are [length, 1, in, out]; their fans are counted as of filters first."
  )
  .since("2.0.0", .filtersLast, "init-conv1d-fans-2-0", "Kernels are [length, in, out].")

  /// The spec of a kernel of these sizes, with the fans of the release.
  func spec(
    _ settings: WeightSettings, _ size: [Int], inputs: Int, outputs: Int
  ) -> ParameterSpec {
    let shape: Shape =
      switch kernel {
      case .filtersLast: Shape(size + [inputs, outputs])
      case .filtersFirst: Shape([outputs, inputs] + size + (size.count == 1 ? [1] : []))
      case .unitColumn: Shape(size + [1, inputs, outputs])
      }
    var spec = settings.spec("kernel", shape)
    spec.fans = .of(
      kernel: shape, rule: fans, layout: kernel == .filtersLast ? .filtersLast : .filtersFirst)
    return spec
  }

  /// The stored kernel as the engine's `[rows, columns, in, out]`; a length is a number of columns.
  func canonical(_ stored: Tensor, isLine: Bool) -> Tensor {
    var result =
      kernel == .filtersFirst
      ? stored.transposed(Array(2..<stored.rank) + [1, 0]) : stored
    if isRotated { result = result.reversed(Array(0..<(result.rank - 2))) }
    let shape = result.shape
    return isLine ? result.reshaped([1, shape[0], shape[-2], shape[-1]]) : result
  }
}

extension ConvolutionForm {
  /// A kernel of this form as another form keeps it, so that results stay the same.
  package func converted(
    _ kernel: Tensor, to other: ConvolutionForm, isLine: Bool
  ) -> Tensor {
    var result = canonical(kernel, isLine: isLine)
    let shape = result.shape
    if other.isRotated { result = result.reversed(Array(0..<(result.rank - 2))) }
    return switch other.kernel {
    case .filtersLast: isLine ? result.reshaped(shape.droppingFirst()) : result
    case .filtersFirst where isLine: result.transposed([3, 2, 1, 0])
    case .filtersFirst:
      result.transposed([result.rank - 1, result.rank - 2] + Array(0..<(result.rank - 2)))
    case .unitColumn: result.transposed([1, 0, 2, 3])
    }
  }
}

/// A layer whose kernel releases keep in different forms.
package protocol ConvolutionLayer: Layer {
  var kernelSize: [Int] { get }
  var form: ConvolutionForm? { get set }
}

extension Conv1D: ConvolutionLayer {}
extension Conv2D: ConvolutionLayer {}
extension Conv3D: ConvolutionLayer {}
