public import StrataSemantics
public import StrataTensor

/// How a release counts the fans of a kernel.
public enum FanRule: String, Sendable, Hashable, Codable {
  /// A matrix by its sizes; else the product of all sizes but the first, and the first.
  case firstAxis
  /// Kernels of rank 4 and 5 by the order of their axes, fan-out without the receptive field; other
  /// ranks √n.
  case filters
  /// As `filters`, with the receptive field in both fans, and every kernel read as filters first.
  case receptiveFiltersFirst
  /// As `receptiveFiltersFirst`, the order of the axes honoured.
  case receptive
  /// Rank 3 to 5: the receptive field is the first two sizes (of filters last); other ranks √n.
  case leadingTwo
  /// The receptive field is all sizes but the last two; a vector √n.
  case leading
  /// As `leading`; a vector n.
  case leadingAndCount

  /// Which rule was in force when.
  public static let history = History<FanRule>(
    "initializer.fans", .initializer, .trajectory, initially: .firstAxis
  )
  .since(
    "0.3.3", .filters, "init-conv-fans-dim-ordering",
    "Kernels of rank 4 and 5 follow the order of their axes; other ranks count √n."
  )
  .since(
    "1.0.4", .receptiveFiltersFirst, "init-conv-fan-out-receptive-field",
    "The fan-out of a convolution counts the receptive field."
  )
  .since(
    "1.2.2", .receptive, "init-conv-fans-tf-ordering",
    "The order of the axes reaches the fan rule, so that kernels with filters last are measured right."
  )
  .since(
    "2.0.0", .leadingTwo, "init-conv1d-fans-2-0",
    "Kernels keep filters last; the receptive field is the first two sizes, also for rank 3."
  )
  .since(
    "2.0.6", .leading, "init-conv3d-receptive-field",
    "The receptive field is all sizes but the last two."
  )
  .since(
    "2.6.0", .leadingAndCount, "init-fan-rank1", "The fans of a vector are n, not √n.")
}

/// In which order a kernel of rank 3 or more holds its axes.
public enum KernelLayout: String, Sendable, Hashable, Codable {
  /// `[receptive field..., in, out]`
  case filtersLast
  /// `[out, in, receptive field...]`
  case filtersFirst
}

extension Fans {
  /// The fans of a kernel by the rule of a release.
  public static func of(
    kernel shape: Shape, rule: FanRule, layout: KernelLayout = .filtersLast
  ) -> Fans {
    if shape.rank == 2 { return Fans(in: shape[0], out: shape[1]) }
    let isImage = shape.rank == 4 || shape.rank == 5
    switch rule {
    case .firstAxis:
      return Fans(in: shape.droppingFirst().count, out: shape.rank == 0 ? 1 : shape[0])
    case .filters where isImage && layout == .filtersFirst:
      return Fans(in: shape.droppingFirst().count, out: shape[0])
    case .filters where isImage:
      return Fans(in: shape.dimensions.dropLast().reduce(1, *), out: shape.last)
    case .receptiveFiltersFirst where isImage, .receptive where isImage && layout == .filtersFirst:
      let field = shape.droppingFirst(2).count
      return Fans(in: shape[1] * field, out: shape[0] * field)
    case .receptive where isImage, .leadingTwo where isImage || shape.rank == 3:
      let field = shape.dimensions.prefix(2).reduce(1, *)
      return Fans(in: shape[-2] * field, out: shape[-1] * field)
    case .leading where shape.rank > 2, .leadingAndCount:
      return Fans(of: shape)
    default:
      return Fans(rootOf: shape.count)
    }
  }

  /// √n both ways.
  private init(rootOf count: Int) {
    self.init(in: 0, out: 0)
    fanIn = Double(count).squareRoot()
    fanOut = fanIn
  }
}
