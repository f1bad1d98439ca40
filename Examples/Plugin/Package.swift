// swift-tools-version: 6.1
import PackageDescription

/// A layer, an optimizer and a loss outside of Strata, and a program that trains with them.
let package = Package(
  name: "plugin",
  platforms: [.macOS(.v15)],
  products: [.library(name: "ScalePlugin", targets: ["ScalePlugin"])],
  dependencies: [.package(name: "strata", path: "../..")],
  targets: [
    .target(name: "ScalePlugin", dependencies: [.product(name: "Strata", package: "strata")]),
    .executableTarget(
      name: "plugin-demo",
      dependencies: ["ScalePlugin", .product(name: "Strata", package: "strata")]),
  ])
