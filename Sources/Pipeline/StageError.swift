/// What a stage finds missing in its task.
package enum StageError: Error, Equatable {
    /// A recording without its upload, or a text task without its text.
    case nothingToDo
    /// What was heard or read is in a language that nothing is translated from.
    case languageUnsupported(code: String)
    /// The language of a text cannot be told.
    case languageUnknown
    /// Of a recording that is to be translated.
    case transcriptMissing
}

extension StageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingToDo: "the task has neither a recording nor a text; hand it in again"
        case .languageUnsupported(let code):
            "the language \(code.prefix(20)) is not translated; name the right one in source_language, or ask for no languages"
        case .languageUnknown: "the language of the text cannot be told; name it in source_language"
        case .transcriptMissing: "the task has no transcript to translate; hand it in again"
        }
    }
}
