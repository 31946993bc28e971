// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: no unmarked unsafe code, no warning.
let house: [SwiftSetting] = [.strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
    name: "VoiceLingua",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(name: "Transcript", swiftSettings: house),
        .target(name: "CKernels"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "COpenCC", pkgConfig: "opencc", providers: [.apt(["libopencc-dev"])]),
        .target(name: "CICU", linkerSettings: [.linkedLibrary("icuuc"), .linkedLibrary("icui18n")]),
        .target(name: "CLanguageDetector", linkerSettings: [.linkedLibrary("cld2")]),
        .target(
            name: "Text", dependencies: ["CICU", "CLanguageDetector", "COpenCC", "Transcript"], swiftSettings: house),
        .target(name: "CSentencePiece", linkerSettings: [.linkedLibrary("sentencepiece")]),
        .target(name: "Inference", dependencies: ["CKernels"], swiftSettings: house),
        .target(name: "Audio", swiftSettings: house),
        .target(name: "Whisper", dependencies: ["Inference", "Transcript", "CZlib"], swiftSettings: house),
        .target(
            name: "Marian", dependencies: ["CSentencePiece", "Inference"], swiftSettings: house),
        .target(
            name: "Catalog",
            dependencies: ["Transcript", "CArchive", .product(name: "Crypto", package: "swift-crypto")],
            resources: [.embedInCode("catalog.json")], swiftSettings: house),
        .target(
            name: "TextTranslation", dependencies: ["Catalog", "Inference", "Marian", "Text", "Transcript"],
            swiftSettings: house),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "LanguagePackage",
            dependencies: [
                "CArchive", "CZstd", "Transcript", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], exclude: ["language_package.proto"], resources: [.embedInCode("dictionaries.bin")],
            swiftSettings: house),
        .target(
            name: "Store",
            dependencies: [
                "Transcript", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: house),
        .target(
            name: "Pipeline",
            dependencies: [
                "Audio", "Catalog", "Inference", "LanguagePackage", "Marian", "Store", "Text", "TextTranslation",
                "Transcript", "Whisper", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: house),
        .target(
            name: "API",
            dependencies: [
                "LanguagePackage", "Store", "Text", "Transcript", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], resources: [.embedInCode("openapi.json"), .embedInCode("docs.html")], swiftSettings: house),
        .executableTarget(
            name: "voicelingua",
            dependencies: [
                "API", "Audio", "Catalog", "Inference", "LanguagePackage", "Pipeline", "Store", "Text",
                "TextTranslation", "Transcript", "Whisper",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: house),
        .executableTarget(
            name: "voicelingua-bench",
            dependencies: [
                "Inference", "Marian", "Transcript", "Whisper",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Benchmarks/Sources", swiftSettings: house),

        .target(
            name: "TestSupport", dependencies: ["Catalog", "Transcript"], path: "Tests/TestSupport",
            swiftSettings: house),
        .testTarget(name: "TranscriptTests", dependencies: ["Transcript", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "TextTests", dependencies: ["Text", "Transcript", "TestSupport"], exclude: ["Goldens"],
            swiftSettings: house),
        .testTarget(name: "InferenceTests", dependencies: ["Inference", "TestSupport"], swiftSettings: house),
        .testTarget(name: "AudioTests", dependencies: ["Audio", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "WhisperTests", dependencies: ["Audio", "Inference", "Transcript", "Whisper", "TestSupport"],
            exclude: ["Goldens"], swiftSettings: house),
        .testTarget(
            name: "MarianTests", dependencies: ["Inference", "Marian", "TestSupport"], exclude: ["Goldens"],
            swiftSettings: house),
        .testTarget(
            name: "CatalogTests", dependencies: ["Catalog", "Transcript", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "TextTranslationTests",
            dependencies: ["Catalog", "Inference", "Text", "TextTranslation", "Transcript", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "LanguagePackageTests", dependencies: ["LanguagePackage", "Transcript", "TestSupport"],
            swiftSettings: house),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Transcript", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Audio", "Catalog", "Inference", "LanguagePackage", "Pipeline", "Store", "Text", "TextTranslation",
                "Transcript", "Whisper", "TestSupport", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ], swiftSettings: house),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "LanguagePackage", "Store", "Transcript", "TestSupport",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ], swiftSettings: house),
        .testTarget(
            name: "ServiceTests",
            dependencies: ["voicelingua", "LanguagePackage", "Store", "Transcript", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "CommandTests",
            dependencies: ["voicelingua", "LanguagePackage", "Text", "Transcript", "TestSupport"],
            swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ],
    cxxLanguageStandard: .cxx17
)
