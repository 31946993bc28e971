import Transcript

/// Conversion between the two scripts of Chinese, by OpenCC. Threads may convert at the same time.
package struct ChineseScript: Sendable {
    /// What becomes of words that Taiwan and the mainland say differently (鼠标, 滑鼠).
    package enum Wording: Sendable, CaseIterable { case kept, local }

    /// Where Debian puts OpenCC's tables.
    package static let tablesFolder = "/usr/share/opencc"

    private let toTraditional: [Wording: ConversionTable]
    private let toSimplified: [Wording: ConversionTable]
    /// Characters of one script alone, as far as conversion changes them: what it keeps is good in both.
    private let simplifiedOnly: Set<Unicode.Scalar>
    private let traditionalOnly: Set<Unicode.Scalar>

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
        func changed(_ side: HanVariants.Side, by table: ConversionTable) -> Set<Unicode.Scalar> {
            Set(HanVariants.standard.characters(of: side).filter { table.converted(String($0)) != String($0) })
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
        return text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map { part in
            table.converted(String(part))
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
        return Double(ideographs.count(where: wrong.contains)) / Double(ideographs.count)
    }
}
