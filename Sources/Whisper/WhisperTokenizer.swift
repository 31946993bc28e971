import Foundation

/// Whisper's byte-level vocabulary: the bytes of tokens, and the tokens of a text.
///
/// - Source: Radford et al. 2019, §2.2 (byte-level BPE); files in the layout of Hugging Face `tokenizers`.
package struct WhisperTokenizer: Sendable {
    /// Bytes of the text tokens, by id.
    private let pieces: [[UInt8]]
    /// First id that is no text.
    package let endOfText: Int
    private let ids: [[UInt8]: Int]
    package let path: String

    /// Largest `tokenizer.json` read; published ones have 2.5 MB.
    package static let bytesMax = 64 << 20
    /// Most text tokens; published vocabularies have 50,257.
    package static let textTokensMax = 1_000_000

    private struct File: Decodable {
        struct Model: Decodable { var vocab: [String: Int] }
        struct Added: Decodable {
            var id: Int
            var content: String
        }
        var model: Model
        var added: [Added]

        enum CodingKeys: String, CodingKey {
            case model
            case added = "added_tokens"
        }
    }

    /// Reads `tokenizer.json`; merges are left for `encode`.
    ///
    /// - Throws: `ModelError` naming the file when it is missing, no tokenizer, or its ids leave a gap.
    package init(path: String) throws(ModelError) {
        self.path = path
        let file: File
        let data = try Data(modelFile: path, bytesMax: WhisperTokenizer.bytesMax)
        do { file = try JSONDecoder().decode(File.self, from: data) } catch {
            throw .malformed(path: path, what: "it is no tokenizer with a vocabulary")
        }
        let end = file.added.first { $0.content == "<|endoftext|>" }?.id ?? file.model.vocab["<|endoftext|>"]
        guard let end, end > 0, end <= WhisperTokenizer.textTokensMax else {
            throw .malformed(path: path, what: "it has no end-of-text token")
        }
        var pieces = [[UInt8]?](repeating: nil, count: end)
        var ids: [[UInt8]: Int] = [:]
        ids.reserveCapacity(end)
        for (text, id) in file.model.vocab where (0..<end).contains(id) {
            guard let bytes = WhisperTokenizer.bytes(ofPiece: text) else {
                throw .malformed(path: path, what: "token \(id) is not in the byte alphabet")
            }
            pieces[id] = bytes
            ids[bytes] = id
        }
        guard !pieces.contains(where: { $0 == nil }) else {
            throw .malformed(path: path, what: "its text tokens do not fill 0…\(end - 1)")
        }
        self.pieces = pieces.compactMap { $0 }
        self.ids = ids
        endOfText = end
    }

    /// The bytes of the text tokens among `tokens`.
    package func bytes(_ tokens: some Sequence<Int>) -> [UInt8] {
        tokens.reduce(into: []) { if (0..<endOfText).contains($1) { $0 += pieces[$1] } }
    }

    /// The text of the text tokens among `tokens`; bytes that are no UTF-8 become U+FFFD.
    package func text(_ tokens: some Sequence<Int>) -> String { String(decoding: bytes(tokens), as: UTF8.self) }

    /// How well the text of tokens compresses, white space around it left out.
    package func compressionRatio(_ tokens: [Int]) -> Double {
        Whisper.compressionRatio(Array(text(tokens).trimmingCharacters(in: .whitespacesAndNewlines).utf8))
    }

    /// The tokens of a text, special tokens not recognised.
    ///
    /// - Throws: `ModelError.malformed` when the file's merges are unusable.
    package func encode(_ text: String) throws(ModelError) -> [Int] {
        let merges = try merges()
        return WhisperTokenizer.words(of: text).flatMap { tokens(of: Array($0.utf8), merges) }
    }

    /// Merges two pieces, best ranks first, until no known pair is left.
    private func tokens(of word: [UInt8], _ ranks: [Pair: Int]) -> [Int] {
        var parts = word.map { [$0] }
        while parts.count > 1 {
            let pairs = zip(parts, parts.dropFirst()).map { ranks[Pair(left: $0, right: $1)] ?? Int.max }
            guard let best = pairs.min(), best < Int.max else { break }
            var merged: [[UInt8]] = []
            var index = 0
            while index < parts.count {
                if index < pairs.count, pairs[index] == best {
                    merged.append(parts[index] + parts[index + 1])
                    index += 2
                } else {
                    merged.append(parts[index])
                    index += 1
                }
            }
            parts = merged
        }
        return parts.compactMap { ids[$0] }
    }

    private struct Pair: Hashable {
        var left: [UInt8]
        var right: [UInt8]
    }

    /// Pairs in the order they merge; read from the file for the few prompts a run has.
    private func merges() throws(ModelError) -> [Pair: Int] {
        let object: Any
        let data = try Data(modelFile: path, bytesMax: WhisperTokenizer.bytesMax)
        do { object = try JSONSerialization.jsonObject(with: data) } catch {
            throw .malformed(path: path, what: "it is no JSON")
        }
        let model = (object as? [String: Any])?["model"] as? [String: Any]
        guard let list = model?["merges"] as? [Any] else { throw .malformed(path: path, what: "it has no merges") }
        var ranks: [Pair: Int] = [:]
        for (rank, entry) in list.enumerated() {
            // Older files write "a b", newer ones ["a", "b"].
            let sides = entry as? [String] ?? (entry as? String)?.split(separator: " ").map(String.init) ?? []
            guard sides.count == 2, let left = WhisperTokenizer.bytes(ofPiece: sides[0]),
                let right = WhisperTokenizer.bytes(ofPiece: sides[1])
            else { throw .malformed(path: path, what: "merge \(rank) is no pair of pieces") }
            ranks[Pair(left: left, right: right)] = rank
        }
        return ranks
    }

    /// Contractions, then runs of letters, of numbers, of anything else, each with the space before it, then white space.
    private static func words(of text: String) -> [String] {
        let pattern =
            #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        // A constant that compiles, or no test of this file passes.
        let expression = try! NSRegularExpression(pattern: pattern)
        // Cut as UTF-16: a word may begin inside what Swift takes for one character, a letter with its marks.
        let units = NSString(string: text)
        return expression.matches(in: text, range: NSRange(location: 0, length: units.length)).map {
            units.substring(with: $0.range)
        }
    }

    /// Printable stand-ins of bytes: themselves where Latin-1 prints them, U+0100… for the others in order.
    private static let byteOfScalar: [UInt32: UInt8] = {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        var table: [UInt32: UInt8] = [:]
        for byte in printable { table[UInt32(byte)] = UInt8(byte) }
        for (index, byte) in (0...255).filter({ !printable.contains($0) }).enumerated() {
            table[UInt32(256 + index)] = UInt8(byte)
        }
        return table
    }()

    private static func bytes(ofPiece piece: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in piece.unicodeScalars {
            guard let byte = byteOfScalar[scalar.value] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
