/// What can be wrong with a model folder.
package enum ModelError: Error, Equatable {
    case missingFile(path: String)
    case unreadable(path: String, reason: String)
    /// The file ends before byte `offset` + what the header promises.
    case truncated(path: String, offset: Int)
    case unsupportedVersion(path: String, version: Int)
    case notWhisper(path: String, specification: String)
    case missingVariable(path: String, name: String)
    case wrongShape(path: String, name: String, expected: [Int], found: [Int])
    case unsupportedType(path: String, name: String, code: Int)
    case malformed(path: String, what: String)
    /// Loads, but is made for other windows than 30 s of 80 or 128 mel bins.
    case notTranscribing(positions: Int, melCount: Int)
}

extension ModelError: CustomStringConvertible {
    package var description: String {
        let again = "pull the model again with `voicelingua models pull NAME`"
        return switch self {
        case .missingFile(let path): "\(path) is missing; \(again)"
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)); check its permissions"
        case .truncated(let path, let offset): "\(path) ends inside the field at byte \(offset); \(again)"
        case .unsupportedVersion(let path, let version):
            "\(path) is CTranslate2 version \(version), only version 6 is read; convert the model again"
        case .notWhisper(let path, let specification):
            "\(path) holds a \(specification.prefix(40)), not a Whisper model; name a folder of a Whisper model"
        case .missingVariable(let path, let name): "\(path) lacks the variable \(name); \(again)"
        case .wrongShape(let path, let name, let expected, let found):
            "\(path): \(name) has shape \(found), expected \(expected); \(again)"
        case .unsupportedType(let path, let name, let code):
            "\(path): \(name) has element type \(code), which is not read; convert the model to float16 or int8"
        case .malformed(let path, let what): "\(path) is malformed: \(what); \(again)"
        case .notTranscribing(let positions, let melCount):
            "the model has \(positions) positions and \(melCount) mel bins, speech needs 1500 and 80 or 128; name another model"
        }
    }
}
