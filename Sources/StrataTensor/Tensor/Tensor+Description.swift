extension Tensor: CustomStringConvertible {
  /// Shape and the first values, for example `[2, 3] 1.0, 2.0, 3.0, …`.
  public var description: String {
    switch value {
    case .symbolic(_, let id): return "\(type) %\(id)"
    case .failed(let error): return "\(error)"
    case .concrete:
      let texts: [String] =
        switch element {
        case .float32: ((try? floats()) ?? []).prefix(8).map { "\($0)" }
        case .int32: ((try? integers()) ?? []).prefix(8).map { "\($0)" }
        }
      let more = shape.count > texts.count ? ", …" : ""
      return "\(type) \(texts.joined(separator: ", "))\(more)"
    }
  }
}
