/// The number a text goes by: what the caller says, else what the file's name does.
package enum TextNumber {
    /// The last run of digits before the extension: `1.mp3` is 1, `audio_test_001.wav` is 001.
    package static func inName(_ fileName: String) -> String? {
        let name = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        let isDigit = { (character: Character) in character.isASCII && character.isNumber }
        guard let end = stem.lastIndex(where: isDigit) else { return nil }
        let start = stem[...end].lastIndex { !isDigit($0) }.map(stem.index(after:)) ?? stem.startIndex
        let digits = String(stem[start...end])
        return digits.count <= RequestLimits.textNumberLengthMax ? digits : nil
    }

    /// Letters, digits, dots, dashes and underscores, so that it goes into a path as it is.
    package static func isValid(_ number: String) -> Bool {
        (1...RequestLimits.textNumberLengthMax).contains(number.count) && number != "." && number != ".."
            && number.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
}
