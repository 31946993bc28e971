import Testing

/// Which target may know which.
struct ArrowTests {
    private struct Arrows: Equatable, Sendable {
        let target: String
        /// Targets of this package.
        var own: Set<String> = []
        /// Modules of other packages and of the system.
        var outside: Set<String> = []
    }

    /// In the order of the data; the same table stands in ARCHITECTURE.md.
    private static let arrows = [
        Arrows(target: "Transcript"),
        Arrows(target: "CICU"),
        Arrows(target: "CLanguageDetector"),
        Arrows(target: "Text", own: ["CICU", "CLanguageDetector", "Transcript"], outside: ["COpenCC"]),
        Arrows(target: "CKernels"),
        Arrows(target: "Inference", own: ["CKernels"]),
        Arrows(target: "Audio"),
        Arrows(target: "Whisper", own: ["Inference", "Transcript"], outside: ["CZlib"]),
        Arrows(target: "CSentencePiece"),
        Arrows(target: "Marian", own: ["CSentencePiece", "Inference"]),
        Arrows(target: "Catalog", own: ["Transcript"], outside: ["CArchive", "Crypto"]),
        Arrows(target: "TextTranslation", own: ["Catalog", "Inference", "Marian", "Text", "Transcript"]),
        Arrows(
            target: "LanguagePackage", own: ["Transcript"],
            outside: ["CArchive", "CZstd", "SwiftProtobuf"]),
        Arrows(target: "Store", own: ["Transcript"], outside: ["Crypto", "GRDB"]),
        Arrows(
            target: "Pipeline",
            own: [
                "Audio", "Catalog", "Inference", "LanguagePackage", "Marian", "Store", "Text", "TextTranslation",
                "Transcript", "Whisper",
            ], outside: ["AsyncHTTPClient", "Crypto", "Logging", "Metrics", "ServiceLifecycle"]),
        Arrows(
            target: "API", own: ["LanguagePackage", "Store", "Text", "Transcript"],
            outside: [
                "Crypto", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "Metrics", "NIOCore",
                "ServiceLifecycle",
            ]),
        Arrows(
            target: "voicelingua",
            own: [
                "API", "Audio", "Catalog", "Inference", "LanguagePackage", "Pipeline", "Store", "Text",
                "TextTranslation", "Transcript", "Whisper",
            ],
            outside: ["ArgumentParser", "AsyncHTTPClient", "Configuration", "Logging", "NIOCore", "ServiceLifecycle"]),
    ]
    /// Open to all.
    private static let language: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationNetworking", "Dispatch", "Synchronization",
    ]
    private static let moduleMaps: Set<String> = ["CZlib", "CArchive", "COpenCC", "CZstd"]

    @Test func `a target imports nothing but what its arrows lead to`() throws {
        for file in try Repository.files(below: ["Sources"], [".swift"]) {
            let target = file.path.split(separator: "/")[1]
            let arrows = try #require(ArrowTests.arrows.first { $0.target == target }, "\(target) has no arrows")
            let allowed = arrows.own.union(arrows.outside).union(ArrowTests.language)
            for module in try ArrowTests.imports(of: file) {
                #expect(allowed.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `no arrow leads upward`() {
        for (index, arrows) in ArrowTests.arrows.enumerated() {
            #expect(arrows.own.isSubset(of: ArrowTests.arrows[..<index].map(\.target)), "\(arrows.target)")
        }
    }

    @Test func `every folder of the sources has its arrows`() throws {
        let folders = Set(try Repository.paths(below: "Sources").map { String($0.split(separator: "/")[1]) })
        #expect(folders == ArrowTests.moduleMaps.union(ArrowTests.arrows.map(\.target)))
    }

    @Test func `ARCHITECTURE draws the same arrows`() throws {
        let table = try Repository.file("ARCHITECTURE.md").section("Targets and their arrows").rows
        let drawn = try table.map { cells in
            let names = try cells.map { try Repository.File(path: "", text: $0).quoted }
            try #require(names.count == 4)
            return Arrows(target: names[0][0], own: Set(names[2]), outside: Set(names[3]))
        }
        #expect(drawn == ArrowTests.arrows)
    }

    @Test(arguments: [
        ("import Audio", ["Audio"]), ("@testable import Whisper\n  private import CZlib", ["Whisper", "CZlib"]),
        ("import struct Foundation.URL", ["Foundation"]), ("// import Audio\nimportant()", []),
    ])
    func `imports are found in every form`(text: String, modules: [String]) throws {
        #expect(try ArrowTests.imports(of: Repository.File(path: "", text: text)) == modules)
    }

    private static func imports(of file: Repository.File) throws -> [String] {
        try file.all(
            "^\\s*(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:(?:private|fileprivate|internal|package|public)\\s+)?import\\s+"
                + "(?:(?:struct|class|enum|protocol|func|var|let|typealias)\\s+)?(\\w+)")
    }
}
