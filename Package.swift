// swift-tools-version: 6.1
import PackageDescription

/// Settings of every Swift target.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(
  _ name: String, _ imports: [Target.Dependency] = [], path: String? = nil, exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: imports, path: path, exclude: exclude, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func tests(of name: String, _ imports: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + imports, swiftSettings: strict)
}

// The map of the framework: bottom layer first, arrows point down only.
let modules: [Target] = [
  // Foundations
  .systemLibrary(
    name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
  .systemLibrary(
    name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .target(name: "CStrataKernels"),
  module("StrataHDF5", ["CHDF5"], exclude: ["README.md"]),
  module("StrataTensor", ["CStrataKernels"]),
  module("StrataSemantics"),
  // Contracts
  module("StrataCore", ["StrataTensor", "StrataSemantics"]),
  // Siblings: none imports another
  module("StrataLosses", ["StrataCore", "StrataTensor", "StrataSemantics"]),
  module("StrataOptimizers", ["StrataCore", "StrataTensor", "StrataSemantics"]),
  module("StrataLayers", ["StrataCore", "StrataTensor", "StrataSemantics"]),
  module("StrataCallbacks", ["StrataCore", "StrataSemantics"]),
  // Models
  module(
    "StrataTraining",
    [
      "StrataLosses", "StrataOptimizers", "StrataLayers", "StrataCallbacks", "StrataCore",
      "StrataTensor", "StrataSemantics",
    ]),
  module(
    "StrataKeras",
    [
      "CZlib",
      "StrataHDF5", "StrataTraining", "StrataLayers", "StrataLosses", "StrataOptimizers",
      "StrataCore", "StrataTensor", "StrataSemantics",
    ]),
  // Records and traces
  module(
    "StrataReplay",
    [
      "StrataKeras",
      "StrataTraining", "StrataLosses", "StrataOptimizers", "StrataLayers", "StrataCallbacks",
      "StrataCore", "StrataTensor", "StrataSemantics", "StrataHDF5", "CStrataKernels",
      .product(name: "Crypto", package: "swift-crypto"),
    ]),
  // The umbrella
  module(
    "Strata",
    [
      "StrataReplay", "StrataKeras", "StrataTraining", "StrataLosses", "StrataOptimizers",
      "StrataLayers", "StrataCallbacks", "StrataCore", "StrataTensor", "StrataSemantics",
    ]),
  // The command line
  module(
    "StrataCommands",
    [
      "StrataReplay", "StrataKeras", "StrataTraining", "StrataCallbacks", "StrataLayers",
      "StrataLosses", "StrataOptimizers", "StrataCore", "StrataTensor", "StrataSemantics",
      "StrataHDF5", argumentParser,
    ], path: "Tools/StrataCommands", exclude: ["README.md"]),
  .executableTarget(
    name: "strata-cli", dependencies: ["StrataCommands"], path: "Tools/strata",
    swiftSettings: strict),
  // Example models
  .executableTarget(
    name: "first-steps", dependencies: ["Strata", "StrataHDF5"], path: "Examples/FirstSteps",
    swiftSettings: strict),
  .executableTarget(
    name: "digits-demo",
    dependencies: [
      "StrataCommands", "StrataReplay", "StrataKeras", "StrataTraining", "StrataLayers",
      "StrataLosses", "StrataOptimizers", "StrataCallbacks", "StrataCore", "StrataTensor",
      "StrataSemantics", "StrataHDF5",
    ], path: "Models/Digits",
    exclude: [
      "README.md", "digits.h5", "digits-keras-0.3.3.h5", "digits-keras-0.3.3.run.h5",
      "digits-keras-1.2.0.h5", "digits-keras-1.2.0.run.h5",
    ], swiftSettings: strict),
  .executableTarget(
    name: "adam-question",
    dependencies: [
      "StrataCommands", "StrataReplay", "StrataTraining", "StrataLayers", "StrataLosses",
      "StrataOptimizers", "StrataCallbacks", "StrataCore", "StrataTensor", "StrataSemantics",
      "StrataHDF5",
    ], path: "Models/AdamQuestion", exclude: ["README.md"], swiftSettings: strict),
]

// Kernels held against the machine's peak
let measurements: [Target] = [
  .target(name: "CMachine", path: "Benchmarks/Kernels/Machine"),
  .executableTarget(
    name: "kernel-benchmarks", dependencies: ["CStrataKernels", "CMachine"],
    path: "Benchmarks/Kernels/Measure"),
]

let checks: [Target] = [
  module("TestSupport", ["CStrataKernels"], path: "Tests/TestSupport"),
  tests(of: "CStrataKernels", ["StrataTensor", "TestSupport"]),
  tests(of: "StrataHDF5"),
  tests(of: "StrataLosses", ["StrataCore", "StrataSemantics", "StrataTensor"]),
  tests(of: "StrataOptimizers", ["StrataCore", "StrataSemantics", "StrataTensor"]),
  tests(of: "StrataTensor", ["TestSupport"]),
  tests(of: "StrataCore", ["StrataTensor", "StrataSemantics"]),
  tests(of: "StrataLayers", ["StrataCore", "StrataTensor", "StrataSemantics", "StrataHDF5"]),
  tests(of: "StrataCallbacks", ["StrataCore", "StrataSemantics"]),
  tests(
    of: "StrataTraining",
    [
      "StrataLosses", "StrataOptimizers", "StrataLayers", "StrataCallbacks", "StrataCore",
      "StrataTensor", "StrataSemantics", "StrataHDF5", "TestSupport",
    ]),
  tests(
    of: "StrataReplay",
    [
      "StrataTraining", "StrataLosses", "StrataOptimizers", "StrataLayers", "StrataCallbacks",
      "StrataCore", "StrataTensor", "StrataSemantics", "StrataHDF5", "TestSupport",
    ]),
  tests(
    of: "StrataKeras",
    [
      "StrataHDF5", "StrataTraining", "StrataLayers", "StrataLosses", "StrataOptimizers",
      "StrataCore", "StrataTensor", "StrataSemantics", "TestSupport",
    ]),
  tests(of: "Strata"),
  tests(
    of: "StrataCommands",
    [
      "StrataOptimizers", "StrataTraining", "StrataCore", "StrataTensor", "StrataSemantics",
      "StrataHDF5",
    ]),
]

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
  ],
  targets: modules + measurements + checks
)
