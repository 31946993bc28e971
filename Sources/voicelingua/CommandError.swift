import Transcript

/// What a call of the program got wrong that no part of the engine can know.
enum CommandError: Error, Equatable {
    /// A model of the catalog that does not write down speech.
    case notSpeech(model: String, known: [String])
    case unknownModel(name: String, known: [String])
    case noAudio(folder: String)
    case unreadableFolder(folder: String)
    case tooManyFiles(filesMax: Int)
    /// What was heard is in a language that no model translates.
    case noTranslation(from: String)
    case languageUnknown(name: String)
    case missingText(path: String)
    case folderForFile(path: String)
    case unreadableText(path: String, reason: String)
    case outputFolder(folder: String)
    case outputFailed(reason: String)
    /// No service ever had its data there.
    case noData(folder: String)
    case noKey(id: String)
    /// There is nothing to cancel any more.
    case taskEnded(id: String, status: String)
}

extension CommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notSpeech(let model, let known):
            "\(model) does not turn speech into text; choose one of \(known.joined(separator: ", "))"
        case .unknownModel(let name, let known):
            "there is no model \(name.prefix(60)) and no such folder; choose one of "
                + "\(known.joined(separator: ", ")) and get it with `voicelingua models pull NAME`"
        case .noAudio(let folder): "\(folder) is a folder without audio files; name a file or another folder"
        case .unreadableFolder(let folder): "\(folder) cannot be read; check its permissions"
        case .tooManyFiles(let filesMax): "these are more than \(filesMax) files; name fewer in one call"
        case .noTranslation(let from):
            "\(from) is not translated; --to takes recordings in "
                + Language.allCases.map(\.rawValue).joined(separator: ", ")
        case .languageUnknown(let name): "\(name): its language cannot be told; name it with --from"
        case .missingText(let path): "\(path) does not exist; name a file, or write the text with a space in it"
        case .folderForFile(let path): "\(path) is a folder; name the files in it"
        case .unreadableText(let path, let reason): "\(path) cannot be read (\(reason)); check its permissions"
        case .outputFolder(let folder):
            "the folder \(folder) cannot be made; choose one that nothing else stands in the way of"
        case .outputFailed(let reason):
            "standard output cannot be written (\(reason)); free space or write somewhere else"
        case .noData(let folder): "\(folder) does not exist; name the service's folder with --data"
        case .taskEnded(let id, let status): "\(id.prefix(60)) has ended already: it is \(status)"
        case .noKey(let id): "there is no valid key \(id.prefix(60)); `voicelingua keys list` shows them"
        }
    }
}
