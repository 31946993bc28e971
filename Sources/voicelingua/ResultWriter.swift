import Foundation
import Transcript

/// Writes results on standard output in the order of their inputs, or into a folder as they are done.
struct ResultWriter {
    /// One file of what came of an input.
    struct Part {
        /// Nil for what is in the language of the input.
        var language: Language?
        var text: String
        /// What standard output says of it when it goes to a folder.
        var summary: String
    }

    private let inputs: [(name: String, stem: String)]
    /// What JSON needs no head for: it names its file itself.
    private let namesFiles: Bool
    /// Nil for standard output; else the paths of an input's parts by their language.
    private let paths: [[Language?: String]]?
    /// Whether results on standard output are headed by the names of their files.
    private let hasHeads: Bool
    private let interruption: Interruption
    private var output = OrderedOutput()

    /// - Parameters:
    ///   - inputs: their names, and the names of their results without an ending.
    ///   - sources: paths of files that no result may take the place of.
    ///   - fileExtensions: of the results of each input.
    ///   - languages: of the parts that each input may come to.
    ///   - hasHeads: whether the call names several inputs.
    /// - Throws: `CommandError.outputFolder`.
    init(
        _ inputs: [(name: String, stem: String)], sources: [String] = [], fileExtensions: [String],
        languages: [Language?] = [nil],
        namesFiles: Bool, folder: String?, hasHeads: Bool, interruption: Interruption
    ) throws(CommandError) {
        self.inputs = inputs
        self.namesFiles = namesFiles
        self.hasHeads = hasHeads
        self.interruption = interruption
        guard let folder else {
            paths = nil
            return
        }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw .outputFolder(folder: folder)
        }
        let endings = fileExtensions.map { fileExtension in
            languages.map { ($0.map { "." + $0.rawValue } ?? "") + "." + fileExtension }
        }
        func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        let taken = Set(sources.map(place))
        let names = ResultWriter.names(inputs.map(\.stem), endings) { taken.contains(place(folder + "/" + $0)) }
        paths = zip(names, endings).map { name, endings in
            Dictionary(uniqueKeysWithValues: zip(languages, endings.map { folder + "/" + name + $0 }))
        }
    }

    /// Takes what came of an input; no parts when nothing did.
    ///
    /// - Throws: `TranscriptError`, `CommandError.outputFailed`.
    mutating func take(_ parts: [Part], of number: Int) throws {
        guard let paths else { return try output.put(parts.map { headed($0, number) }.joined(), at: number) }
        var lines = ""
        var failure: TranscriptError?
        for part in parts {
            guard let path = paths[number][part.language] else { preconditionFailure("a part nobody announced") }
            do throws(TranscriptError) {
                try interruption.hold { () throws(TranscriptError) in try ResultFile.write(part.text, to: path) }
                lines += "\(oneLine(path))\t\(part.summary)\n"
            } catch { failure = failure ?? error }
        }
        try output.put(lines, at: number)
        if let failure { throw failure }
    }

    /// The same where a file that cannot be written is told and counted, and the others go on.
    ///
    /// - Throws: `CommandError.outputFailed`.
    mutating func take(_ parts: [Part], of number: Int, _ failures: inout Int) throws {
        do { try take(parts, of: number) } catch {
            guard error is TranscriptError else { throw error }
            complain(error, of: inputs[number].name)
            failures += 1
        }
    }

    /// JSON is a line that names its file; other forms are set apart by a line with the name and the language.
    private func headed(_ part: Part, _ number: Int) -> String {
        guard hasHeads, !namesFiles else { return part.text }
        let language = part.language.map { ", \($0.rawValue)" } ?? ""
        return "==> \(oneLine(inputs[number].name))\(language) <==\n\(part.text)\n"
    }

    /// The names of results: that of the input, with a number behind it where a result of an earlier one has it
    /// already, whichever ending it is of, or where an input is in its place.
    static func names(_ stems: [String], _ endings: [[String]], isTaken: (String) -> Bool = { _ in false }) -> [String]
    {
        var taken: Set<String> = []
        return zip(stems, endings).map { stem, endings in
            var name = stem
            var number = 2
            while endings.contains(where: { taken.contains(name + $0) || isTaken(name + $0) }) {
                name = "\(stem)-\(number)"
                number += 1
            }
            taken.formUnion(endings.map { name + $0 })
            return name
        }
    }
}
