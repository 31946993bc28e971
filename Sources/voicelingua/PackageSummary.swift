import Foundation
import LanguagePackage
import Transcript

/// What `voicelingua package show` says.
struct PackageSummary: Encodable {
    struct Part: Encodable {
        /// `head`, `transcript`, `accuracy` or `text`.
        let kind: String
        /// Of a text.
        let language: Language?
        let source: TextSource?
        let sizeBytes: Int
    }

    let formatVersion: Int
    let taskID: String
    let kind: PackageContents.Kind
    let textNumber: String?
    let createdMs: Int64
    let finishedMs: Int64
    let sourceLanguage: String?
    let languages: [Language]
    let models: [PackageContents.Model]
    let accuracy: Double?
    let parts: [Part]
    let savings: PackageSavings
    /// Share of the indented JSON that is saved.
    let saved: Double

    /// - Throws: `PackageError`.
    init(_ reader: PackageReader) throws(PackageError) {
        let contents = try reader.contents()
        formatVersion = contents.formatVersion
        taskID = contents.taskID
        kind = contents.kind
        textNumber = contents.textNumber
        createdMs = contents.createdMs
        finishedMs = contents.finishedMs
        sourceLanguage = contents.sourceLanguage
        languages = contents.languages
        models = contents.models
        accuracy = contents.accuracy?.accuracy
        parts =
            [Part(kind: "head", language: nil, source: nil, sizeBytes: reader.headBytes)]
            + reader.sections.map { section in
                switch section.part {
                case .head, .transcript:
                    Part(kind: "transcript", language: nil, source: nil, sizeBytes: section.sizeBytes)
                case .accuracy: Part(kind: "accuracy", language: nil, source: nil, sizeBytes: section.sizeBytes)
                case .text(let language, let source):
                    Part(kind: "text", language: language, source: source, sizeBytes: section.sizeBytes)
                }
            }
        savings = try PackageSavings(contents)
        saved = savings.saved
    }

    /// For people.
    var text: String {
        let number = textNumber.map { ", text number \(oneLine($0))" } ?? ""
        let spoken = sourceLanguage.map { ", in \(oneLine($0))" } ?? ""
        let rows = parts.map { part in
            let name = [part.kind, part.language?.rawValue, part.source?.rawValue].compactMap { $0 }
                .joined(separator: " ")
            return name.padding(toLength: 20, withPad: " ", startingAt: 0) + "\(part.sizeBytes) bytes"
        }
        let savings = String(
            format: "%d bytes, %.0f %% less than the %d bytes of its JSON, of which zstd -19 makes %d", savings.package,
            100 * saved, savings.indentedJSON, savings.indentedJSONCompressed)
        return (["\(kind.rawValue) task \(oneLine(taskID))\(number)\(spoken)"] + rows + [savings])
            .joined(separator: "\n")
    }
}
