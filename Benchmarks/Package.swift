// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "strata-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "strata", path: "..")],
  targets: [
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "StrataAllocations",
      dependencies: ["CAllocationCounter", .product(name: "Strata", package: "strata")]),
    .executableTarget(
      name: "StrataBenchmarks",
      dependencies: [.product(name: "Strata", package: "strata")]),
  ]
)
