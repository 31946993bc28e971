import Foundation
import Testing

/// Whether the texts are true, as far as a program can tell.
struct DocumentTests {
    @Test func `every source file has its place in the table of ARCHITECTURE`() throws {
        let named = Set(try Repository.file("ARCHITECTURE.md").section("I want to … open …").quoted)
        let files = try Repository.paths(below: "Sources").map { String($0.dropFirst("Sources/".count)) }
        let unnamed = files.filter { !named.contains($0) }
        #expect(unnamed.isEmpty)
    }

    @Test func `the texts name no file that is missing`() throws {
        let all = try ["Sources", "Tests", "Tools", "Benchmarks"].flatMap { try Repository.paths(below: $0) }
        var known = Set(all.map { String($0.split(separator: "/").last ?? "") })
        known.formUnion(try catalog().models.flatMap { $0.files.map(\.name) })
        for document in try Repository.documents {
            let links = try document.all("\\]\\(([^)#]+)\\)")
            let paths = try document.quoted.filter {
                $0.wholeMatch(of: #/[A-Za-z.][\w.\-\/]*/#) != nil && !$0.hasPrefix(".build/")
                    && ($0.contains("/") || $0.contains(#/\.(swift|c|h|md|json|py)$/#))
            }
            let missing = (links + paths).filter {
                !Repository.exists($0) && !Repository.exists("Sources/" + $0) && !known.contains($0)
            }
            #expect(missing.isEmpty, "\(document.path)")
        }
    }

    @Test func `the types that ARCHITECTURE names exist`() throws {
        let sources = try Repository.sources
        var known = Set(try sources.flatMap { try $0.all("\\b(?:struct|class|enum|typealias)\\s+([A-Z]\\w*)") })
        known.formUnion(try sources.flatMap { try $0.all("^import\\s+(\\w+)") })
        known.formUnion(sources.map { String($0.path.split(separator: "/")[1]) })
        let named = try Repository.file("ARCHITECTURE.md").all("`([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?`")
        let unknown = named.filter { !known.contains($0) && !Repository.exists($0) }
        #expect(unknown.isEmpty)
    }

    @Test func `the texts name only targets that make has`() throws {
        let makefile = try Repository.file("Makefile")
        let targets = Set(try makefile.all("^([a-z][a-z-]*):"))
        for document in try Repository.documents {
            for target in try document.all("(?:`|^    )make ([a-z-]+)") {
                #expect(targets.contains(target), "make \(target) in \(document.path)")
            }
        }
    }

    @Test func `every limit of README stands in the code`() throws {
        let code = try Repository.sources.map(\.text).joined(separator: "\n")
        for row in try Repository.file("README.md").section("Limits").rows {
            let constant = try #require(try Repository.File(path: "", text: row[2]).quoted.first, "\(row)")
            let pattern = "\\b" + NSRegularExpression.escapedPattern(for: constant) + "(?![\\w.])"
            let place = code.range(of: pattern, options: .regularExpression)
            #expect(place != nil, "\(constant)")
        }
    }

    @Test(arguments: [("TranscribeCommand", "Commands"), ("TranslateCommand", "Translation")])
    func `README lists the options of a command, and no other`(_ name: String, _ section: String) throws {
        let command = try Repository.file("Sources/voicelingua/\(name).swift")
        let options = try command.all("@(?:Option|Flag)(\\((?:[^()]|\\([^()]*\\))*\\)\\s+var \\w+)").map { option in
            let declared = Repository.File(path: "", text: option)
            let (long, name) = (try declared.all("customLong\\(\"([^\"]+)\"\\)"), try declared.all("var (\\w+)$"))
            return "--" + (long + name)[0]
        }
        let listed = try Repository.file("README.md").section(section).all("^\\| `(--[a-z-]+)` \\|")
        #expect(Set(listed) == Set(options))
        #expect(listed.count == options.count)
    }

    @Test func `Docs list the settings of the service, and no other`() throws {
        let code = try Repository.file("Sources/voicelingua/Setting.swift")
        let listed = try Repository.file("Docs/service.md").section("Settings").rows.map { $0[2] }
        #expect(try listed == code.all("case \\.\\w+: \"([^\"]+)\""))
    }

    @Test func `README lists the models of the catalog, NOTICE what they are pulled from`() throws {
        let listed = try Repository.file("README.md").section("Models").rows.flatMap {
            try Repository.File(path: "", text: $0[0]).quoted
        }
        let models = try catalog().models
        #expect(listed == models.map(\.name))
        let notice = try Repository.file("NOTICE").text
        let owed = models.flatMap { model in
            [model.name, model.licence] + model.sources.flatMap { $0.wheels ?? [] }.map(\.package)
        }
        let unnoticed = owed.filter { !notice.contains($0) }
        #expect(unnoticed.isEmpty)
    }

    @Test func `the texts speak of nothing outside the repository`() throws {
        let texts = try Repository.documents + Repository.files(below: ["Benchmarks", "Tools"], [".md"])
        for document in texts + [try Repository.file("NOTICE")] {
            #expect(
                try document.all("(?i)\\b(?:issues?|tickets?|pull requests?|roadmap)\\b|#\\d").isEmpty,
                "\(document.path)")
        }
    }

    @Test func `only the addresses of the servers are hosts`() throws {
        let hosts = "\\b((?:[a-z0-9-]+\\.)+(?:com|co|io|org|net|dev))\\b"
        let texts =
            try Repository.sources + Repository.documents + Repository.files(below: ["Benchmarks", "Tools"], [".md"])
        for file in texts {
            let foreign = try file.all(hosts).filter { !$0.hasSuffix("example.org") }
            let mayName = ["Sources/Catalog/ServerAddress.swift", "Sources/LanguagePackage/language_package.pb.swift"]
            #expect(foreign.isEmpty || mayName.contains(file.path), "\(foreign) in \(file.path)")
        }
    }

    private struct Catalog: Decodable {
        struct Model: Decodable {
            struct File: Decodable { let name: String }
            struct Wheel: Decodable { let package: String }
            struct Source: Decodable { let wheels: [Wheel]? }
            let name: String
            let licence: String
            let files: [File]
            let sources: [Source]
        }
        let models: [Model]
    }

    private func catalog() throws -> Catalog {
        let json = try Repository.file("Sources/Catalog/catalog.json").text
        return try JSONDecoder().decode(Catalog.self, from: Data(json.utf8))
    }
}
