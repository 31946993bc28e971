import Transcript

/// A package whose head was read; its other parts are read as they are asked for.
package struct PackageReader: Sendable {
    /// The task, without what the other parts hold.
    package let task: PackageContents
    /// In the order of the file.
    package let sections: [PackageSection]
    /// Bytes up to the first section.
    package let headBytes: Int
    private let input: Input
    /// What sections build on that build on no other: the texts of the head.
    private let foundation: [UInt8]
    private let heard: SourceSentences
    private let written: SourceSentences

    private enum Input: Sendable {
        case file(PackageFile)
        case memory([UInt8])

        /// As many bytes as there are, up to `count`.
        func read(at offset: Int, _ count: Int) throws(PackageError) -> [UInt8] {
            switch self {
            case .file(let file): try file.read(at: offset, count)
            case .memory(let bytes): Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
            }
        }
    }

    /// - Throws: `PackageError`.
    package init(path: String) throws(PackageError) { try self.init(PackageFile(path: path)) }

    /// - Throws: `PackageError`.
    package init(_ file: PackageFile) throws(PackageError) { try self.init(.file(file)) }

    /// - Throws: `PackageError`.
    package init(bytes: [UInt8]) throws(PackageError) { try self.init(.memory(bytes)) }

    private init(_ input: Input) throws(PackageError) {
        self.input = input
        let stored = try PackageReader.head(of: input)
        headBytes = PackageLayout.preambleBytes + stored.count
        var unpacked = try UnpackedPart(stored, dictionary: PartDictionary.bytes(nil), part: .head)
        let message = try unpacked.message(PackageHead.self)
        heard = try SourceSentences(message.heard, from: &unpacked, part: .head)
        written = try SourceSentences(message.written, from: &unpacked, part: .head)
        foundation = Array((heard.text + written.text).utf8)
        task = try PackageContents(message)
        sections = try message.sections(checksums: unpacked.noise, from: headBytes)
    }

    private static func head(of input: Input) throws(PackageError) -> [UInt8] {
        let preamble = try input.read(at: 0, PackageLayout.preambleBytes)
        guard preamble.starts(with: PackageLayout.magic) else { throw .notPackage }
        guard preamble.count == PackageLayout.preambleBytes else { throw .cutOff }
        guard preamble[4] == PackageLayout.version else {
            throw .newerVersion(found: Int(preamble[4]), known: Int(PackageLayout.version))
        }
        let count = Int(PackageLayout.number(preamble[5...]))
        guard count <= PackedPart.plainBytesMax else {
            throw .tooLarge(part: .head, sizeBytes: count, sizeBytesMax: PackedPart.plainBytesMax)
        }
        let stored = try input.read(at: PackageLayout.preambleBytes, count)
        guard stored.count == count else { throw .cutOff }
        guard Checksum.crc32(preamble[..<9] + stored) == PackageLayout.number(preamble[9...]) else {
            throw .altered(part: .head)
        }
        return stored
    }

    /// All of it.
    ///
    /// - Throws: `PackageError`.
    package func contents() throws(PackageError) -> PackageContents {
        var contents = task
        for (index, section) in sections.enumerated() {
            switch section.part {
            case .head: throw .malformed(part: .head)
            case .transcript: contents.transcript = try transcript(index)
            case .accuracy: contents.accuracy = try PackageAccuracy.decoded(unpacked(index))
            case .text(let language, let source):
                contents.translations.append(try text(index, language, source))
            }
        }
        return contents
    }

    /// One text, for which no more is read than its part and what that builds on.
    ///
    /// - Parameter number: of the text; nil for whichever it is.
    /// - Throws: `PackageError`.
    package func text(
        _ language: Language, number: String? = nil, source: TextSource
    ) throws(PackageError) -> TranslatedText {
        if let number, number != task.textNumber { throw .noTextNumber(number) }
        guard let index = sections.firstIndex(where: { $0.part == .text(language, source) }) else {
            throw .noText(language, source)
        }
        return try text(index, language, source)
    }

    /// What was heard.
    ///
    /// - Throws: `PackageError`.
    package func transcript() throws(PackageError) -> TranscriptDocument {
        guard let index = sections.firstIndex(where: { $0.part == .transcript }) else { throw .noTranscript }
        return try transcript(index)
    }

    private func transcript(_ index: Int) throws(PackageError) -> TranscriptDocument {
        try PackageTranscript.decoded(unpacked(index), heard: heard.text)
    }

    private func text(
        _ index: Int, _ language: Language, _ source: TextSource
    ) throws(PackageError) -> TranslatedText {
        try PackageText.decoded(unpacked(index), language, source, of: source == .audio ? heard : written)
    }

    /// A section without its compression. What it builds on stands before it, so this comes to an end.
    private func unpacked(_ index: Int) throws(PackageError) -> UnpackedPart {
        let section = sections[index]
        let stored = try input.read(at: section.offset, section.sizeBytes)
        guard stored.count == section.sizeBytes else { throw .cutOff }
        guard Checksum.crc32(stored) == section.checksum else { throw .altered(part: section.part) }
        let content = try section.base.map { base throws(PackageError) in try unpacked(base).plain } ?? foundation
        return try UnpackedPart(
            stored, dictionary: PartDictionary.bytes(section.part.language, content: content), part: section.part)
    }
}
