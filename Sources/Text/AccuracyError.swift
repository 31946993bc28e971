/// Why a transcript is not compared with a reference.
package enum AccuracyError: Error, Equatable {
    /// More characters than `ComparedText.charactersMax` in one of the two texts.
    case tooManyCharacters(count: Int, countMax: Int)
    /// More words, or characters where words stand without spaces, than `ComparedText.unitsMax`.
    case tooManyUnits(count: Int, countMax: Int)
}

extension AccuracyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooManyCharacters(let count, let countMax):
            "a text of \(count) characters is not compared, \(countMax) are the most; cut it into parts"
        case .tooManyUnits(let count, let countMax):
            "a text of \(count) words or ideographs is not compared, \(countMax) are the most; cut it into parts"
        }
    }
}
