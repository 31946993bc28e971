import ArgumentParser
import Transcript

/// Languages as a user lists them: `fr,zh-tw`, or `all`.
struct LanguageList: ExpressibleByArgument, Equatable {
    let languages: [Language]

    static let all = "all"
    static let allValueStrings = [all] + Language.allCases.map(\.rawValue)

    /// - Returns: nil where one of them is no language texts are translated into, or English is the only one.
    init?(argument: String) {
        if argument == LanguageList.all {
            languages = Language.allCases
            return
        }
        let codes = argument.split(separator: ",", omittingEmptySubsequences: false)
        languages = codes.compactMap { Language(rawValue: $0.lowercased()) }
        guard languages.count == codes.count, languages.contains(where: { $0 != .english }) else { return nil }
    }
}
