/// A language texts are translated from and into.
///
/// The raw value is how users, files and the catalog write it; Chinese is two languages, one a script.
package enum Language: String, Sendable, CaseIterable, Codable {
    case english = "en"
    case chinese = "zh"
    case traditionalChinese = "zh-tw"
    case japanese = "ja"
    case korean = "ko"
    case french = "fr"
    case german = "de"
    case spanish = "es"
    case italian = "it"
    case russian = "ru"
    case portuguese = "pt"

    package var name: String {
        switch self {
        case .english: "English"
        case .chinese: "Chinese (simplified)"
        case .traditionalChinese: "Chinese (traditional)"
        case .japanese: "Japanese"
        case .korean: "Korean"
        case .french: "French"
        case .german: "German"
        case .spanish: "Spanish"
        case .italian: "Italian"
        case .russian: "Russian"
        case .portuguese: "Portuguese"
        }
    }

    /// Whether its script fills a square a character: subtitles hold fewer of them.
    package var isWide: Bool {
        switch self {
        case .chinese, .traditionalChinese, .japanese, .korean: true
        default: false
        }
    }

    package var isChinese: Bool { self == .chinese || self == .traditionalChinese }

    /// Whether words stand without spaces between them.
    package var hasNoSpaces: Bool { isWide && self != .korean }
}
