import ArgumentParser
import Foundation
import LanguagePackage
import Text
import Transcript

struct PackageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package", abstract: "Shows what is in a language package, and takes texts out of it.",
        discussion: "Example: voicelingua package show 17.vlpk",
        subcommands: [Show.self, Export.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the parts of a package with their sizes, and what its form saves.",
            discussion: "Example: voicelingua package show 17.vlpk")

        @Argument(help: "A package.") var file: String
        @Flag(help: "Write a JSON object.") var json = false

        func run() throws {
            try reporting {
                let summary = try PackageSummary(PackageReader(path: file))
                if json { try printJSON(summary) } else { print(summary.text) }
            }
        }
    }

    struct Export: ParsableCommand {
        /// What a package is turned into.
        enum Form: String, ExpressibleByArgument, CaseIterable {
            case json, srt, vtt, tsv, text, zip

            /// Nil for what is no text.
            fileprivate var format: TranscriptFormat? { TranscriptFormat(rawValue: rawValue) }
        }

        static let configuration = CommandConfiguration(
            abstract: "Writes the contents of a package, or one of its texts, in another form.",
            discussion: """
                Without --language JSON is the whole package, and other forms are what was heard, or of a text task \
                the text it was given. With --output the file bears the name of the package, the language, and \
                `.text` where it was written. With --json standard output gets an object with the text, or with \
                the path of the file.

                Example: voicelingua package export 17.vlpk --format srt --language fr --output subtitles
                """)

        @Argument(help: "A package.") var file: String
        @Option(help: "The form of the result; zip has all of them.") var format: Form
        @Option(help: "The language of the text: en, zh-tw, …") var language: Language?
        @Option(help: "AUDIO for what was heard, TEXT for what was written; where there is but one, that.")
        var source: TextSource?
        @Option(help: "Write the result into this folder; zip needs it.") var output: String?
        @Flag(help: "Write a JSON object, with the text or the path of the file.") var json = false

        /// One of the two is there.
        private struct Exported: Encodable {
            var text: String?
            var file: String?
        }

        func validate() throws {
            if format == .zip && output == nil { throw ValidationError("--format zip needs --output DIR.") }
        }

        func run() throws {
            try reporting {
                let reader = try PackageReader(path: file)
                try makeFolder()
                guard let form = format.format else { return try zip(reader) }
                let text = try text(form, of: reader)
                guard let output else { return json ? try printJSON(Exported(text: text)) : try write(text) }
                let path = "\(output)/\(stem(reader)).\(form.fileExtension)"
                try ResultFile.write(text, to: path)
                try tell(path)
            }
        }

        private func text(_ form: TranscriptFormat, of reader: PackageReader) throws -> String {
            let contents = try reader.contents()
            if let language { return try contents.file(form, language, source(in: reader), borders: sentences) }
            if form == .json { return try contents.indentedJSON + "\n" }
            if source != .text, contents.transcript != nil { return try contents.transcript(form, borders: sentences) }
            if form == .text, let text = contents.text { return text.hasSuffix("\n") ? text : text + "\n" }
            let spoken = contents.sourceLanguage.flatMap { Language(rawValue: $0) } ?? .english
            return try contents.file(form, spoken, .text, borders: sentences)
        }

        private func zip(_ reader: PackageReader) throws {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            let path = "\(output ?? ".")/\(stem(reader)).zip"
            try PackageZip.write(reader.contents(), package: bytes, to: path, borders: sentences)
            try tell(path)
        }

        private func tell(_ path: String) throws {
            json ? try printJSON(Exported(file: path)) : print(oneLine(path))
        }

        private func makeFolder() throws {
            guard let output else { return }
            do { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) } catch {
                throw CommandError.outputFolder(folder: output)
            }
        }

        private func write(_ text: String) throws(CommandError) {
            let code = ResultFile.writeAll(text, to: STDOUT_FILENO)
            guard code == 0 else { throw .outputFailed(reason: unsafe String(cString: strerror(code))) }
        }

        /// What was heard in the language where there is such a text, else what was written.
        private func source(in reader: PackageReader) -> TextSource {
            if let source { return source }
            guard let language else { return .audio }
            return reader.sections.contains { $0.part == .text(language, .text) }
                && !reader.sections.contains { $0.part == .text(language, .audio) } ? .text : .audio
        }

        private func stem(_ reader: PackageReader) -> String {
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            guard let language else { return name }
            return "\(name).\(language.rawValue)" + (source(in: reader) == .text ? ".text" : "")
        }

        private func sentences(of text: String, in language: String) -> [Range<String.Index>] {
            SentenceBreaks.of(Language(rawValue: language) ?? .english).ranges(of: text)
        }
    }
}

extension Language: ExpressibleByArgument {
    /// In any case of letters.
    package init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}

extension TextSource: ExpressibleByArgument {
    /// In any case of letters.
    package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
