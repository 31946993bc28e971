import ArgumentParser
import Transcript

/// Languages as a user lists them: `fr,zh-tw`, or `all`.
struct LanguageList: ExpressibleByArgument, Equatable {
    /// In the order they were named, each once.
    let languages: [Language]

    static let all = "all"
    static let allValueStrings = [all] + Language.allCases.map(\.rawValue)

    /// - Returns: nil where one of them is no language texts are translated into.
    init?(argument: String) {
        if argument == LanguageList.all {
            languages = Language.allCases
            return
        }
        let codes = argument.split(separator: ",", omittingEmptySubsequences: false)
        var languages: [Language] = []
        for code in codes {
            guard let language = Language(rawValue: code.lowercased()) else { return nil }
            if !languages.contains(language) { languages.append(language) }
        }
        self.languages = languages
    }
}
