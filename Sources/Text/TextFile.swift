import Transcript

/// The text of a file whose encoding nobody wrote down.
package struct TextFile: Sendable, Equatable {
    /// Size of a file: a library's longest novels have a tenth of it.
    package static let sizeBytesMax = 64 << 20
    /// Share of a file's bytes that may mean nothing before it counts as no text.
    package static let badShareMax = 0.01
    /// Bytes that letters' frequencies are counted in.
    static let sampleBytesMax = 1 << 16
    /// What the encodings of the language that is expected are ahead of the others, of 1.
    static let expectedLead = 0.3

    package let text: String
    package let encoding: TextEncoding
    /// 0…1: 1 where a byte order mark or valid UTF-8 says it.
    package let confidence: Double
    package let finding: Finding?

    /// What was amiss with a text that was read all the same.
    package enum Finding: Sendable, Equatable {
        /// Places that mean nothing; each is U+FFFD in the text.
        case replaced(count: Int, firstOffset: Int)
    }

    /// Decodes a file, its byte order mark left out.
    ///
    /// A NUL where the encoding has none makes it a binary file. Bytes that mean nothing are replaced and found where
    /// they are few (`badShareMax`), and an error where they are many.
    ///
    /// - Parameter expected: the language it should be in, where that is known; it tips the scales.
    /// - Throws: `TextError.tooLarge`, `.binary`, `.undecodable`.
    package init(_ bytes: [UInt8], expected: Language? = nil) throws(TextError) {
        guard bytes.count <= TextFile.sizeBytesMax else {
            throw .tooLarge(sizeBytes: bytes.count, sizeBytesMax: TextFile.sizeBytesMax)
        }
        let (marked, markBytes) = TextFile.byteOrderMark(bytes)
        let content = bytes[markBytes...]
        if let marked {
            (encoding, confidence) = (marked, 1)
        } else {
            (encoding, confidence) = try TextFile.guess(content, expected: expected)
        }
        let decoded = encoding.decode(content)
        if let first = decoded.firstBad, Double(decoded.badCount) > TextFile.badShareMax * Double(content.count) {
            throw .undecodable(encoding: encoding, offset: markBytes + first)
        }
        if let offset = TextFile.nul(in: decoded.text, of: content, encoding) { throw .binary(offset: offset) }
        text = decoded.text
        finding = decoded.firstBad.map { .replaced(count: decoded.badCount, firstOffset: markBytes + $0) }
    }

    private static func byteOrderMark(_ bytes: [UInt8]) -> (encoding: TextEncoding?, size: Int) {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if bytes.starts(with: [0xff, 0xfe]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xfe, 0xff]) { return (.utf16BigEndian, 2) }
        return (nil, 0)
    }

    // MARK: Guessing

    private static func guess(_ content: ArraySlice<UInt8>, expected: Language?) throws(TextError) -> (
        TextEncoding, Double
    ) {
        if let nul = content.firstIndex(of: 0) {
            guard let wide = wideEncoding(of: content.prefix(sampleBytesMax)) else { throw .binary(offset: nul) }
            return (wide, 0.9)
        }
        let utf8 = TextEncoding.utf8.decode(content)
        if utf8.badCount == 0 { return (.utf8, 1) }
        // Damaged in few places among many good ones, or cut off inside its last character.
        let good = utf8.text.unicodeScalars.count { $0.value >= 0x80 && $0 != "\u{fffd}" }
        let isCutOff = utf8.badCount == 1 && utf8.firstBad! >= content.count - 3
        if good >= 10 * utf8.badCount || good > 0 && isCutOff { return (.utf8, 0.9) }

        let controls = content.count(where: isControl)
        if let first = content.firstIndex(where: isControl), Double(controls) > badShareMax * Double(content.count) {
            throw .binary(offset: first)
        }
        return likeliest(content, expected: expected)
    }

    /// UTF-16 without a mark: it has NUL bytes in every second place alone, and makes usual characters.
    private static func wideEncoding(of sample: ArraySlice<UInt8>) -> TextEncoding? {
        guard sample.count % 2 == 0 else { return nil }
        var nulCounts = [0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { nulCounts[index % 2] += 1 }
        let encoding: TextEncoding = nulCounts[0] > nulCounts[1] ? .utf16BigEndian : .utf16LittleEndian
        let decoded = encoding.decode(sample)
        let scalars = decoded.text.unicodeScalars
        let unusual = scalars.count {
            Script(of: $0) == .han && !HanVariants.standard.isUsual($0) || $0.value == 0 || Script(of: $0) == .other
        }
        return decoded.badCount == 0 && unusual * 10 <= scalars.count ? encoding : nil
    }

    /// The legacy encoding that ICU is surest of, with the expected language's ahead, among those that can be decoded.
    private static func likeliest(_ content: ArraySlice<UInt8>, expected: Language?) -> (TextEncoding, Double) {
        let firstForeign = content.firstIndex { $0 >= 0x80 } ?? content.startIndex
        let start = max(content.startIndex, firstForeign - sampleBytesMax / 2)
        let sample = content[start...].prefix(sampleBytesMax)
        var best: (encoding: TextEncoding, score: Double)?
        for (encoding, confidence) in TextEncoding.confidences(of: sample).sorted(by: { $0.key.name < $1.key.name }) {
            guard Double(encoding.decode(sample).badCount) <= badShareMax * Double(sample.count) else { continue }
            let isExpected = expected.map(encoding.writes) ?? false
            let score = confidence + (isExpected ? expectedLead : 0)
            if score > best?.score ?? 0 { best = (encoding, score) }
        }
        if let found = best, [.windows1251, .koi8R, .windows1252].contains(found.encoding), expected == nil,
            isPunctuatedChinese(sample)
        {
            best = (.gb18030, found.score)
        }
        // Every byte is something in windows-1252; that nothing speaks for it is said by its confidence.
        return best.map { ($0.encoding, min(1, $0.score)) } ?? (.windows1252, 0)
    }

    /// Whether bytes are characters of GB2312 with a full-width comma, stop, or mark among them: of a few words the
    /// frequencies of letters tell nothing, and no alphabet has these pairs.
    private static func isPunctuatedChinese(_ sample: ArraySlice<UInt8>) -> Bool {
        let marks: Set<[UInt8]> = [[0xA3, 0xAC], [0xA1, 0xA3], [0xA1, 0xA2], [0xA3, 0xA1], [0xA3, 0xBF]]
        var hasMark = false
        for run in sample.split(whereSeparator: { $0 < 0x80 }) {
            guard run.count.isMultiple(of: 2) else { return false }
            for index in stride(from: run.startIndex, to: run.endIndex, by: 2) {
                let (lead, trail) = (run[index], run[index + 1])
                // Rows 4 and 5 are kana.
                guard (0xA1...0xF7).contains(lead), lead != 0xA4, lead != 0xA5, (0xA1...0xFE).contains(trail) else {
                    return false
                }
                hasMark = hasMark || marks.contains([lead, trail])
            }
        }
        return hasMark
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && !(0x09...0x0d).contains(byte) && byte != 0x1b || byte == 0x7f
    }

    /// The offset in the file of a text's first NUL.
    private static func nul(in text: String, of content: ArraySlice<UInt8>, _ encoding: TextEncoding) -> Int? {
        guard let place = text.utf8.firstIndex(of: 0) else { return nil }
        switch encoding {
        case .utf16LittleEndian, .utf16BigEndian:
            return content.startIndex + 2 * text.utf16.distance(from: text.startIndex, to: place)
        default: return content.firstIndex(of: 0)
        }
    }
}

extension TextFile.Finding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .replaced(let count, let firstOffset):
            "\(count) places that mean nothing, the first at byte \(firstOffset)"
        }
    }
}
