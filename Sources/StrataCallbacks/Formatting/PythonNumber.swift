import Foundation

/// Numbers as Python writes them, in logs, messages and file names.
package enum PythonNumber {
  /// What `repr` gives, the shortest digits that lead back to the number.
  ///
  /// Exponents below -4 and from 16 on are written as such: `1e-05`, `1e+16`.
  package static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return special(value) }
    return layOut(value.description, sign: value.sign)
  }

  /// The same for a single-precision number, as NumPy's `float32` prints.
  package static func shortest(_ value: Float) -> String {
    guard value.isFinite else { return special(Double(value)) }
    return layOut(value.description, sign: value.sign)
  }

  /// `%.{precision}f`.
  package static func fixed(_ value: Double, _ precision: Int) -> String {
    value.isFinite ? String(format: "%.\(precision)f", value) : special(value)
  }

  /// `%.{precision}e`; the exponent has at least two digits.
  package static func exponent(_ value: Double, _ precision: Int) -> String {
    value.isFinite ? String(format: "%.\(precision)e", value) : special(value)
  }

  /// `%.{precision}g`; `alternate` keeps trailing zeros.
  package static func general(_ value: Double, _ precision: Int, alternate: Bool = false) -> String
  {
    guard value.isFinite else { return special(value) }
    return String(format: alternate ? "%#.\(precision)g" : "%.\(precision)g", value)
  }

  /// A whole number with leading zeros, `%0{width}d`.
  package static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value.magnitude)
    let sign = value < 0 ? "-" : ""
    let zeros = max(0, width - digits.count - sign.count)
    return sign + String(repeating: "0", count: zeros) + digits
  }

  private static func special(_ value: Double) -> String {
    value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
  }

  /// Puts the digits of a Swift description where Python puts them.
  private static func layOut(_ description: String, sign: FloatingPointSign) -> String {
    let parts = description.drop { $0 == "-" }.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let leading = mantissa[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let all = mantissa[0] + fraction
    var digits = String(all.drop { $0 == "0" })
    let point = leading - (all.count - digits.count)  // digits before the decimal point
    while digits.last == "0" { digits.removeLast() }
    let prefix = sign == .minus ? "-" : ""
    return prefix + (digits.isEmpty ? "0.0" : place(digits, point))
  }

  private static func place(_ digits: String, _ point: Int) -> String {
    let exponent = point - 1
    if exponent < -4 || exponent >= 16 {
      let tail = digits.count > 1 ? "." + digits.dropFirst() : ""
      let sign = exponent < 0 ? "-" : "+"
      return "\(digits.prefix(1))\(tail)e\(sign)\(padded(abs(exponent), 2))"
    }
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count {
      return digits + String(repeating: "0", count: point - digits.count) + ".0"
    }
    return digits.prefix(point) + "." + digits.dropFirst(point)
  }
}
