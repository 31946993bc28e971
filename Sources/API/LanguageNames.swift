import Foundation
import Transcript

extension Language {
    /// A language as any of the interfaces here writes it: `fr`, `FR`, `zh-Hant`, `EN-US`.
    init?(named name: String) {
        let code = name.lowercased().replacing("_", with: "-")
        switch code {
        case "zh-hans", "zh-cn", "zh-sg": self = .chinese
        case "zh-hant", "zh-hk", "zt": self = .traditionalChinese
        case "en-us", "en-gb": self = .english
        case "pt-br", "pt-pt": self = .portuguese
        default: self.init(rawValue: code)
        }
    }

    /// As DeepL writes it.
    var deepLCode: String {
        switch self {
        case .chinese: "ZH"
        case .traditionalChinese: "ZH-HANT"
        default: rawValue.uppercased()
        }
    }
}

/// Languages that are spoken, as Whisper and ISO 639 name them.
enum SpokenLanguage {
    /// The code of a language, where it is one.
    static func code(_ name: String) -> String? {
        let code = name.lowercased()
        if let known = Language(named: code) { return known.rawValue }
        guard (2...3).contains(code.count), code.allSatisfy({ $0.isASCII && $0.isLetter }), english(code) != nil else {
            return nil
        }
        return code
    }

    /// The English name in small letters: `english`.
    static func english(_ code: String) -> String? {
        let language = String(code.split(separator: "-").first ?? "")
        let name = Locale(identifier: "en_US").localizedString(forLanguageCode: language)
        guard let name, name.lowercased() != language else { return nil }
        return name.lowercased()
    }
}
