import CSentencePiece
import Foundation
import Inference

/// A vocabulary of pieces of words, and the way from text to pieces and back.
///
/// Unchecked: the library's model does not change once it is loaded, and its functions may be called from any thread.
@safe package final class SentencePiece: @unchecked Sendable {
    /// Largest vocabulary file read; published ones have 0.8 MB, and 1.5 MB for both Chinese scripts.
    package static let fileBytesMax = 16 << 20

    package let path: String
    package let count: Int
    /// Unsafe: from `sentence_piece_load`, freed in `deinit` and nowhere else.
    private let model: OpaquePointer

    /// - Throws: `MarianError` when the file is unreadable, too large, or no model.
    package init(path: String) throws(MarianError) {
        self.path = path
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        guard file.count <= SentencePiece.fileBytesMax else {
            throw .malformed(path: path, what: "it is larger than \(SentencePiece.fileBytesMax) bytes")
        }
        var reason = [CChar](repeating: 0, count: 200)
        // The file is alive to the end of the call, and `reason` as long as it says.
        let loaded = unsafe reason.withUnsafeMutableBufferPointer { reason in
            let bytes = unsafe file.bytes(0..<file.count)
            return unsafe sentence_piece_load(bytes.baseAddress, bytes.count, reason.baseAddress, reason.count)
        }
        guard let model = unsafe loaded else {
            let text = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw .malformed(path: path, what: "it is no SentencePiece model (\(text))")
        }
        unsafe self.model = model
        count = Int(unsafe sentence_piece_count(model))
    }

    deinit { unsafe sentence_piece_free(model) }

    /// The pieces of a text, none of an empty one.
    ///
    /// - Throws: `MarianError.noMemory`.
    package func encode(_ text: String) throws(MarianError) -> [Int] {
        var (text, idCount) = (text, 0)
        // The library reads `bytes.count` bytes; the ids it returns are ours, `idCount` of them.
        let ids = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
                unsafe sentence_piece_encode(model, bytes.baseAddress, bytes.count, &idCount)
            }
        }
        guard let ids = unsafe ids else { throw .noMemory(textBytes: text.utf8.count) }
        defer { unsafe free(ids) }
        return unsafe UnsafeBufferPointer(start: ids, count: idCount).map(Int.init)
    }

    /// The text of pieces; traps where one is not of this vocabulary.
    package func decode(_ ids: [Int]) throws(MarianError) -> String {
        precondition(ids.allSatisfy { (0..<count).contains($0) }, "piece past the vocabulary")
        let numbers = ids.map(Int32.init)
        var byteCount = 0
        let text = unsafe sentence_piece_decode(model, numbers, numbers.count, &byteCount)
        guard let text = unsafe text else { throw .noMemory(textBytes: ids.count) }
        defer { unsafe free(text) }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: byteCount), as: UTF8.self)
    }

    /// Whether a piece begins a word.
    package func beginsWord(_ id: Int) -> Bool {
        precondition((0..<count).contains(id))
        return unsafe sentence_piece_begins_word(model, Int32(id)) != 0
    }
}
