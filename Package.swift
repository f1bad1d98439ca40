// swift-tools-version: 6.1
import PackageDescription

// The map of the framework: bottom layer first, arrows point down only.
let package = Package(
  name: "strata",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Strata", targets: ["Strata"]),
    .library(name: "StrataHDF5", targets: ["StrataHDF5"]),
    .library(name: "StrataCommands", targets: ["StrataCommands"]),
    .executable(name: "strata", targets: ["strata-cli"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ]
)

/// Settings of every Swift target.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) {
  package.targets.append(
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict))
}

func test(_ name: String, _ dependencies: [Target.Dependency] = []) {
  package.targets.append(
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
      swiftSettings: strict))
}

// Foundations
package.targets += [
  .systemLibrary(
    name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
  .target(name: "CStrataKernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
]
module("StrataHDF5", ["CHDF5"])
module("StrataTensor", ["CStrataKernels"])
