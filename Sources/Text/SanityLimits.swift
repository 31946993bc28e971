/// Below which measures a translation fails, each 0…1. Under one in a hundred of what people and engines translate does.
package enum SanityLimits {
    /// Of the length to be expected: half a translation has 0.5 and a little more.
    package static let lengthMin = 0.58
    /// The same where the source ends with a full stop or the like, and the translation ends without.
    package static let openLengthMin = 0.7
    /// Of a translation's words that are not the source's.
    package static let noveltyMin = 0.5
    /// Of a translation that says nothing twice.
    package static let varietyMin = 0.7
    /// Of its letters that are of the language's script.
    package static let scriptMin = 0.25
    /// Of the numbers that come through: people spell them out and convert units.
    package static let numbersMin = 0.2
    /// Numbers of a source under which they do not count.
    package static let numbersCountMin = 3
    /// Words in a row of a translation that copying is judged by.
    package static let copiedWordsMin = 4
}
