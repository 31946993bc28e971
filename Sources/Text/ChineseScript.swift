import Transcript

/// Conversion between the two scripts of Chinese, by OpenCC. Threads may convert at the same time.
package struct ChineseScript: Sendable {
    /// What becomes of words that Taiwan and the mainland say differently (鼠标, 滑鼠).
    package enum Wording: Sendable, CaseIterable { case kept, local }

    /// Where Debian puts OpenCC's tables.
    package static let tablesFolder = "/usr/share/opencc"

    private let toTraditional: [Wording: ConversionTable]
    private let toSimplified: [Wording: ConversionTable]
    /// Characters of one script alone and what each becomes. What conversion keeps is good in both, and not here.
    private let simplifiedOnly: [Unicode.Scalar: String]
    private let traditionalOnly: [Unicode.Scalar: String]

    private static let loading = Result { () throws(TextError) in try ChineseScript(tablesFolder: tablesFolder) }

    /// The tables of this machine, loaded once.
    ///
    /// - Throws: `TextError.tableMissing`.
    package static func loaded() throws(TextError) -> ChineseScript { try loading.get() }

    /// - Parameter tablesFolder: where the files of the package libopencc-data lie.
    /// - Throws: `TextError.tableMissing`.
    package init(tablesFolder: String) throws(TextError) {
        func table(_ name: String) throws(TextError) -> ConversionTable {
            try ConversionTable(path: tablesFolder + "/" + name)
        }
        let (traditional, simplified) = (try table("s2tw.json"), try table("tw2s.json"))
        toTraditional = [.kept: traditional, .local: try table("s2twp.json")]
        toSimplified = [.kept: simplified, .local: try table("tw2sp.json")]
        func changed(_ side: HanVariants.Side, by table: ConversionTable) -> [Unicode.Scalar: String] {
            let characters = HanVariants.standard.characters(of: side)
            // A line each, in one call; no word reaches across lines.
            let lines = table.converted(characters.map { "\($0)\n" }.joined()).split(separator: "\n").map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(characters, lines).filter { String($0) != $1 })
        }
        simplifiedOnly = changed(.simplified, by: traditional)
        traditionalOnly = changed(.traditional, by: simplified)
    }

    /// A text in the script of a language.
    ///
    /// - Parameter target: `chinese` or `traditionalChinese`.
    package func converted(_ text: String, to target: Language, wording: Wording = .kept) -> String {
        precondition(target == .chinese || target == .traditionalChinese, "\(target) is not Chinese")
        let table = (target == .chinese ? toSimplified : toTraditional)[wording]!
        let wrong = target == .chinese ? traditionalOnly : simplifiedOnly
        return text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map { part in
            let converted = table.converted(String(part))
            // Words of several characters leave one of the other script now and then.
            guard converted.unicodeScalars.contains(where: { wrong[$0] != nil }) else { return converted }
            return converted.unicodeScalars.map { wrong[$0] ?? String($0) }.joined()
        }.joined(separator: "\0")
    }

    /// Share of a text's ideographs that belong to the other script alone; 0 is pure, and a text without any is.
    ///
    /// - Parameter language: the Chinese it should be.
    package func wrongShare(of text: String, in language: Language) -> Double {
        precondition(language == .chinese || language == .traditionalChinese, "\(language) is not Chinese")
        let wrong = language == .chinese ? traditionalOnly : simplifiedOnly
        let ideographs = text.unicodeScalars.filter { Script(of: $0) == .han }
        guard !ideographs.isEmpty else { return 0 }
        return Double(ideographs.count { wrong[$0] != nil }) / Double(ideographs.count)
    }
}
