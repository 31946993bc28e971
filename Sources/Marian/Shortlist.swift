import Foundation
import Inference

/// For every source token the target tokens worth considering: `lex.*.s2t.bin`, mapped.
///
/// - Source: marian-dev, `src/data/shortlist.cpp`.
package struct Shortlist: Sendable {
    private static let magic: UInt64 = 0xF11A_48D5_0134_17F5
    private static let headerBytes = 48
    /// Counts of a list are rounded up to this.
    private static let countStep = 8

    package let sourceVocabulary: Int
    package let targetVocabulary: Int
    /// Tokens 0..<firstCount, the most frequent, are in every list.
    package let firstCount: Int
    private let file: MappedFile
    private let idsStart: Int

    /// - Throws: `MarianError` when the file is unreadable, its sizes disagree, or it names tokens past the vocabularies.
    package init(path: String, sourceVocabulary: Int, targetVocabulary: Int) throws(MarianError) {
        do { file = try MappedFile(path: path) } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        self.sourceVocabulary = sourceVocabulary
        self.targetVocabulary = targetVocabulary
        var fields = FieldReader(file)
        guard fields.integer(UInt64.self) == Shortlist.magic, fields.integer(UInt64.self) != nil,
            let first = fields.integer(UInt64.self), fields.integer(UInt64.self) != nil,
            let offsetCount = fields.integer(UInt64.self), let idCount = fields.integer(UInt64.self)
        else { throw .malformed(path: path, what: "it does not begin like a shortlist") }
        guard offsetCount == UInt64(sourceVocabulary) + 1 else {
            throw .mismatch(
                path: path, what: "offsets", expected: sourceVocabulary + 1, found: Int(clamping: offsetCount))
        }
        idsStart = Shortlist.headerBytes + 8 * Int(offsetCount)
        guard idCount <= UInt64(file.count / 4), file.count == idsStart + 4 * Int(idCount) else {
            throw .malformed(path: path, what: "its \(file.count) bytes do not hold \(idCount) ids")
        }
        guard first <= UInt64(targetVocabulary) else {
            throw .malformed(path: path, what: "it has \(first) tokens for all, of \(targetVocabulary)")
        }
        firstCount = Int(first)
        try check(idCount: idCount)
        // The check read all of it; sentences need little.
        file.release()
    }

    private func check(idCount: UInt64) throws(MarianError) {
        var last: UInt64 = 0
        for token in 0...sourceVocabulary {
            let offset = offset(token)
            guard offset >= last, offset <= idCount else {
                throw .malformed(path: file.path, what: "the list of token \(token) ends before it begins")
            }
            last = offset
        }
        guard offset(0) == 0, last == idCount else {
            throw .malformed(path: file.path, what: "its lists do not cover its ids")
        }
        // A plain loop over all of them would be half of a direction's loading.
        let largest = unsafe file.bytes(idsStart..<file.count).bindMemory(to: UInt32.self).reduce(0) {
            max($0, UInt32(littleEndian: $1))
        }
        guard idCount == 0 || largest < targetVocabulary else {
            throw .malformed(path: file.path, what: "it names token \(largest) of \(targetVocabulary)")
        }
    }

    /// The target tokens for a sentence, ascending; token 0, which ends it, is among them.
    ///
    /// - Parameter sharedVocabulary: source tokens are target tokens too, and may be copied.
    package func tokens(for source: [Int], sharedVocabulary: Bool) -> [Int] {
        var chosen = [UInt64](repeating: 0, count: (targetVocabulary + 63) / 64)
        var count = 0
        func choose(_ token: Int) {
            let bit: UInt64 = 1 << (token % 64)
            guard chosen[token / 64] & bit == 0 else { return }
            chosen[token / 64] |= bit
            count += 1
        }
        for token in 0..<max(1, firstCount) { choose(token) }
        for token in source {
            if sharedVocabulary { choose(token) }
            for index in Int(offset(token))..<Int(offset(token + 1)) { choose(id(index)) }
        }
        var next = firstCount
        while count % Shortlist.countStep != 0, next < targetVocabulary {
            choose(next)
            next += 1
        }
        var tokens: [Int] = []
        tokens.reserveCapacity(count)
        for (index, word) in chosen.enumerated() {
            var rest = word
            while rest != 0 {
                tokens.append(64 * index + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return tokens
    }

    private func offset(_ token: Int) -> UInt64 {
        let start = Shortlist.headerBytes + 8 * token
        return unsafe UInt64(littleEndian: file.bytes(start..<start + 8).loadUnaligned(as: UInt64.self))
    }

    /// Both are where a checked offset says; `bytes` looks at the range once more.
    private func id(_ index: Int) -> Int {
        let start = idsStart + 4 * index
        return Int(unsafe UInt32(littleEndian: file.bytes(start..<start + 4).loadUnaligned(as: UInt32.self)))
    }
}
