import CICU
import Transcript

/// The abbreviations of a language whose point ends no sentence: those ICU knows but for
/// everyday words among them, and titles before names it lacks.
///
/// ICU's own filter takes any word that ends like an abbreviation for one (`Brasil.` for `l.`, `Lehrer.` for `r.`);
/// here it has to be the whole word.
struct Abbreviations: Sendable {
    /// Room for ICU's list; the longest, German's, has 1 300 bytes.
    private static let listRoomBytes = 1 << 16

    private let known: Set<String>
    /// Scalars of the longest.
    private let longest: Int

    init(_ language: Language) {
        let text = unsafe String(unsafeUninitializedCapacity: Abbreviations.listRoomBytes) { buffer in
            // Written within the room that is said.
            let room = Int32(buffer.count)
            let written = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe icu_abbreviations(language.rawValue, $0.baseAddress, room)
            }
            return Int(written)
        }
        var known: Set<String> = []
        let words = Abbreviations.words(language)
        let listed = text.split(separator: "\n").map(String.init).filter { !words.contains($0) }
        for entry in listed + Abbreviations.titles(language) {
            known.insert(entry)
            // Of `v. Chr.`, the first point ends nothing either.
            for index in entry.indices where entry[index] == " " { known.insert(String(entry[..<index])) }
        }
        self.known = known
        longest = known.map(\.unicodeScalars.count).max() ?? 0
    }

    private static func titles(_ language: Language) -> [String] {
        switch language {
        case .english: ["Dr.", "St.", "Gen.", "Sen.", "Gov.", "Messrs.", "e.g.", "i.e."]
        case .portuguese: ["Sr.", "Sra.", "Srta.", "Prof.", "Profa.", "Eng."]
        case .spanish: ["Prof.", "Ing."]
        case .italian: ["Dott.", "Dr.", "Prof.", "Avv.", "Sig.ra", "Sig.na"]
        case .french: ["Dr.", "St."]
        case .german, .russian, .chinese, .traditionalChinese, .japanese, .korean: []
        }
    }

    /// What ICU lists and everybody ends sentences with: `OK.` for Oklahoma, `mar.` for March and the sea.
    private static func words(_ language: Language) -> Set<String> {
        switch language {
        case .english:
            [
                "OK.", "Ok.", "Go.", "In.", "Up.", "All.", "To.", "Is.", "Do.", "Or.", "By.", "As.", "On.", "I.",
                "Long.",
                "Job.", "Hat.", "Card.", "Link.", "Act.", "Joe.", "Ex.", "Pro.",
            ]
        case .german: ["So.", "Do.", "Test.", "Art.", "Alt.", "Port.", "Max.", "am.", "Ben."]
        case .french: ["mer.", "bull.", "All."]
        case .spanish: ["mar.", "Sol.", "Bien.", "Kit.", "Rol.", "All.", "sol."]
        case .italian: ["on.", "all.", "ver.", "int."]
        case .portuguese: ["mar.", "com.", "set.", "out."]
        case .russian, .chinese, .traditionalChinese, .japanese, .korean: []
        }
    }

    /// Whether a text ends with one, white space behind it aside.
    func ends(_ text: Substring) -> Bool {
        let scalars = text.unicodeScalars
        guard !known.isEmpty, let last = scalars.lastIndex(where: { !$0.isEdge }), scalars[last] == "." else {
            return false
        }
        let end = scalars.index(after: last)
        var start = last
        for _ in 1..<longest where start > scalars.startIndex {
            let before = scalars.index(before: start)
            // A word starts where no letter, digit or inner point stands before it.
            if scalars[start].isLetter, !scalars[before].isLetter, scalars[before] != ".",
                scalars[before].decimalDigit == nil,
                known.contains(String(scalars[start..<end]))
            {
                return true
            }
            if scalars[before].isSeparator { return false }
            start = before
        }
        return start == scalars.startIndex && known.contains(String(scalars[start..<end]))
    }
}
