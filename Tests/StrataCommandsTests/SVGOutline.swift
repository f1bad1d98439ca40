import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a test wants to know of a picture; reading it proves that it is well-formed XML.
final class SVGOutline: NSObject, XMLParserDelegate {
  private(set) var root: String?
  private(set) var counts: [String: Int] = [:]
  private(set) var texts: [String] = []
  /// The points of each polyline.
  private(set) var points: [[(x: Double, y: Double)]] = []
  private var text = ""

  init(_ source: String) throws {
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "unreadable")")
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    root = root ?? element
    counts[element, default: 0] += 1
    text = ""
    guard element == "polyline", let list = attributes["points"] else { return }
    points.append(
      list.split(separator: " ").map { pair in
        let numbers = pair.split(separator: ",").compactMap { Double($0) }
        return (numbers.first ?? .nan, numbers.last ?? .nan)
      })
  }

  func parser(_ parser: XMLParser, foundCharacters part: String) { text += part }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    if element == "text" { texts.append(text) }
  }
}
