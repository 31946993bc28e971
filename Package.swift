// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: no unmarked unsafe code, no warning.
let house: [SwiftSetting] = [.strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
    name: "VoiceLingua",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
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
        .executableTarget(
            name: "voicelingua",
            dependencies: [
                "Audio", "Catalog", "Inference", "Text", "TextTranslation", "Transcript", "Whisper",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
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
        .testTarget(name: "TextTests", dependencies: ["Text", "Transcript", "TestSupport"], swiftSettings: house),
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
            name: "CommandTests", dependencies: ["voicelingua", "Text", "Transcript", "TestSupport"],
            swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ],
    cxxLanguageStandard: .cxx17
)
