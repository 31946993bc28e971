import Transcript

/// What both sides of the compression know beforehand: the statistics of a language and some of its sentences.
///
/// A changed dictionary is a changed format. `Tools/dictionaries` makes them.
struct PartDictionary: Sendable {
    /// Tables of entropy, as a dictionary of Zstandard begins.
    private let tables: [UInt8]
    private let sentences: [UInt8]

    /// The whole dictionary of a part.
    ///
    /// - Parameters:
    ///   - language: of a text; nil for parts of none.
    ///   - content: of the part it builds on, which is nearest.
    static func bytes(_ language: Language?, content: [UInt8] = []) -> [UInt8] {
        let own = known[language?.rawValue ?? "head"] ?? known["head"]!
        return own.tables + own.sentences + content
    }

    /// By code.
    private static let known: [String: PartDictionary] = {
        var rest = PackageResources.dictionaries_bin[...]
        var known: [String: PartDictionary] = [:]
        while !rest.isEmpty {
            let code = String(decoding: rest.prefix(10).filter { $0 != 0 }, as: UTF8.self)
            let tables = Int(PackageLayout.number(rest.dropFirst(10)))
            let sentences = Int(PackageLayout.number(rest.dropFirst(14)))
            rest = rest.dropFirst(18)
            known[code] = PartDictionary(
                tables: Array(rest.prefix(tables)), sentences: Array(rest.dropFirst(tables).prefix(sentences)))
            rest = rest.dropFirst(tables + sentences)
        }
        return known
    }()
}
