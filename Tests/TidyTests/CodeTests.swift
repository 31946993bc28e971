import Testing

/// Rules of STYLE.md that can be read off the code.
struct CodeTests {
    /// Lines of one file.
    private static let linesMax = 400
    /// Files that may be longer, and why.
    private static let long = [
        "Sources/CKernels/generic.h": "every kernel, one text for three instruction sets",
        "Sources/LanguagePackage/language_package.pb.swift": "made by protoc",
    ]
    /// Tests that may wait for a time, and why.
    private static let timed = ["Tests/ServiceTests/CrashTests.swift": "a drawn moment is what it tests"]

    @Test func `no file or type has a name that says nothing`() throws {
        for file in try Repository.code {
            let types = try file.all("\\b(?:struct|class|enum|actor|protocol|typealias)\\s+([A-Za-z_]\\w*)")
            for name in types + [file.name] {
                #expect(CodeTests.vagueWords(in: name).isEmpty, "\(name) in \(file.path)")
            }
        }
    }

    @Test(arguments: [
        ("AudioHelper.swift", ["helper"]), ("string_utils.py", ["utils"]), ("DatabaseImpl", ["impl"]),
        ("WhisperModel", []), ("Database", []),
    ])
    func `vague words are found as words`(name: String, words: [String]) {
        #expect(CodeTests.vagueWords(in: name) == words)
    }

    @Test func `no file is too long to be read from top to bottom`() throws {
        for file in try Repository.code where file.lines.count > CodeTests.linesMax {
            #expect(CodeTests.long[file.path] != nil, "\(file.path) has \(file.lines.count) lines")
        }
        for path in CodeTests.long.keys {
            #expect(try Repository.file(path).lines.count > CodeTests.linesMax, "\(path) is no exception any more")
        }
    }

    @Test func `no test waits for time to pass`() throws {
        let waits = "(?:sle{2}p|asyncAfter|scheduledTimer)\\s*\\(|\"(?:/bin/)?sle{2}p\\b"
        for file in try Repository.files(below: ["Tests"], [".swift", ".py"])
        where CodeTests.timed[file.path] == nil {
            #expect(try file.all(waits).isEmpty, "\(file.path)")
        }
    }

    @Test func `nothing is left to do`() throws {
        for file in try Repository.code + Repository.documents {
            #expect(try file.all("\\b(?:TO{1}DO|FIX{1}ME|X{3})\\b").isEmpty, "\(file.path)")
        }
    }

    @Test func `nothing is public`() throws {
        for file in try Repository.swift {
            #expect(
                try file.all("^\\s*(?:@\\w+\\s+)*(?:public|open) (?:\\w+ )*(?:struct|class|enum|func|var|let|init)")
                    .isEmpty, "\(file.path)")
        }
    }

    @Test func `a protocol has two implementations`() throws {
        let files = try Repository.files(below: ["Sources"], [".swift"])
        for file in files {
            for name in try file.all("^\\s*(?:(?:package|private|fileprivate)\\s+)?protocol\\s+(\\w+)") {
                let conforming = try files.flatMap {
                    try $0.all("\\b(?:struct|class|enum|actor|extension)\\s+[\\w.]+\\s*:[^{\\n]*\\b\(name)\\b")
                }
                #expect(conforming.count >= 2, "\(name) in \(file.path)")
            }
        }
    }

    @Test func `a golden says who made it`() throws {
        let folders = ["Tests/WhisperTests/Goldens", "Tests/MarianTests/Goldens", "Tests/TextTests/Goldens"]
        for file in try Repository.files(below: folders, [".json"]) {
            #expect(try !file.all("^\\{\\s*\"maker\": ?\\{[^\\n]*\"command\"").isEmpty, "\(file.path)")
        }
    }

    /// Words of a name, told apart by capitals, underscores, dots and dashes.
    private static func vagueWords(in name: String) -> [String] {
        let vague: Set = [
            "util", "utils", "utility", "utilities", "helper", "helpers", "manager", "common", "base", "impl", "misc",
        ]
        var words = [""]
        for character in name {
            if character.isUppercase || !character.isLetter { words.append("") }
            if character.isLetter { words[words.count - 1].append(character.lowercased()) }
        }
        return words.filter(vague.contains)
    }
}
