import Foundation
import Transcript

/// Packs what came of a task.
package struct PackageWriter {
    /// All languages, heard and written, and some to spare.
    package static let sectionsMax = 64

    private let contents: PackageContents
    private var sections: [(part: PackagePart, packed: PackedPart, base: Int?)] = []

    /// The whole file.
    ///
    /// - Throws: `PackageError`.
    package static func bytes(of contents: PackageContents) throws(PackageError) -> [UInt8] {
        var writer = PackageWriter(contents)
        return try writer.packed()
    }

    /// Writes a file and syncs it; whoever calls gives it its name.
    ///
    /// - Throws: `PackageError`.
    package static func write(_ contents: PackageContents, to path: String) throws(PackageError) {
        let bytes = try bytes(of: contents)
        let file = try PackageFile.made(path)
        try file.write(bytes)
    }

    private init(_ contents: PackageContents) { self.contents = contents }

    private mutating func packed() throws(PackageError) -> [UInt8] {
        try check()
        let heard = sentences(.audio, of: contents.transcript?.recording.text ?? "")
        let written = sentences(.text, of: contents.text ?? "")
        var head = PackageHead(contents, heard: heard, written: written)
        let foundation = Array((heard.text + written.text).utf8)
        if let transcript = contents.transcript {
            try append(PackageTranscript(transcript, heard: heard.text), .transcript, foundation)
        }
        if let report = contents.accuracy { try append(PackageAccuracy(report), .accuracy, foundation) }
        for translation in contents.translations {
            let message = PackageText(translation, of: translation.source == .audio ? heard : written)
            try append(message, .text(translation.language, translation.source), foundation)
        }
        head.setSections(sections.map { ($0.part, $0.packed.stored.count, $0.base) })
        let checksums = sections.flatMap { PackageLayout.littleEndian(Checksum.crc32($0.packed.stored)) }
        let front = try PackedPart(head, tail: checksums, dictionary: PartDictionary.bytes(nil), part: .head).stored
        return PackageLayout.preamble(head: front) + front + sections.flatMap(\.packed.stored)
    }

    private func check() throws(PackageError) {
        // Numbers that are none would come back as nothing.
        _ = try contents.compactJSON
        var seen: Set<PackagePart> = []
        for text in contents.translations where !seen.insert(.text(text.language, text.source)).inserted {
            throw .twice(text.language, text.source)
        }
        guard contents.translations.count + 2 <= PackageWriter.sectionsMax else {
            throw .tooManyTexts(count: contents.translations.count, countMax: PackageWriter.sectionsMax - 2)
        }
    }

    /// The sentences of a source as most of its translations have them.
    private func sentences(_ source: TextSource, of text: String) -> SourceSentences {
        SourceSentences(contents.translations.first { $0.source == source }, text: text)
    }

    /// Packs a part on whichever other part makes it smallest.
    private mutating func append(
        _ message: some ColumnMessage, _ part: PackagePart, _ foundation: [UInt8]
    ) throws(PackageError) {
        var best: (packed: PackedPart, base: Int?)?
        for base in [nil] + likelyBases(of: part) {
            let content = base.map { sections[$0].packed.plain } ?? foundation
            let packed = try PackedPart(
                message, dictionary: PartDictionary.bytes(part.language, content: content), part: part)
            if packed.stored.count < best?.packed.stored.count ?? .max { best = (packed, base) }
        }
        if let best { sections.append((part, best.packed, best.base)) }
    }

    /// The same language heard, the other script of Chinese.
    private func likelyBases(of part: PackagePart) -> [Int?] {
        guard case .text(let language, let source) = part else { return [] }
        return sections.indices.filter {
            guard case .text(let other, let otherSource) = sections[$0].part else { return false }
            return (other == language && otherSource != source)
                || (other.isChinese && language.isChinese && otherSource == source)
        }
    }
}

extension PackageHead {
    init(_ contents: PackageContents, heard: SourceSentences, written: SourceSentences) {
        self.init()
        taskID = contents.taskID
        isTextTask = contents.kind == .text
        if let number = contents.textNumber { textNumber = number }
        createdMs = contents.createdMs
        finishedAfterMs = contents.finishedMs &- contents.createdMs
        if let code = contents.sourceLanguage { sourceLanguage = code }
        if let probability = contents.sourceLanguageProbability { sourceLanguageProbability = probability }
        languages = contents.languages.map(\.rawValue)
        for text in contents.translations where !(languages + moreLanguages).contains(text.language.rawValue) {
            moreLanguages.append(text.language.rawValue)
        }
        models = contents.models.map { model in
            var message = PackageModel()
            message.name = model.name
            message.version = model.version
            return message
        }
        if !heard.text.isEmpty || !heard.sentences.isEmpty { self.heard = PackageSource(heard) }
        if contents.text != nil || !written.sentences.isEmpty { self.written = PackageSource(written) }
        if contents.text == "" { self.written.text = "" }
    }

    mutating func setSections(_ sections: [(part: PackagePart, sizeBytes: Int, base: Int?)]) {
        let codes = languages + moreLanguages
        sectionKinds = sections.map(\.part.kindNumber)
        sectionLanguages = sections.map { section in
            UInt32(section.part.language.flatMap { codes.firstIndex(of: $0.rawValue) } ?? 0)
        }
        sectionBytes = sections.map { UInt32($0.sizeBytes) }
        sectionBases = sections.enumerated().map { index, section in UInt32(section.base.map { index - $0 } ?? 0) }
    }
}
