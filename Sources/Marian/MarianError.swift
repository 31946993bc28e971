/// What can be wrong with the files of a translation model.
package enum MarianError: Error, Equatable {
    /// No file of the folder has the name; `*` stands for the pair of languages.
    case missingFile(folder: String, name: String)
    case severalFiles(folder: String, name: String)
    case unreadable(path: String, reason: String)
    case malformed(path: String, what: String)
    case missingTensor(path: String, name: String)
    case wrongShape(path: String, name: String, expected: [Int], found: [Int])
    /// The network differs from what is computed here.
    case unsupported(path: String, setting: String, value: String)
    /// Two files of the folder do not belong together.
    case mismatch(path: String, what: String, expected: Int, found: Int)
    case noMemory(textBytes: Int)
}

extension MarianError: CustomStringConvertible {
    package var description: String {
        let again = "pull the model again with `voicelingua models pull NAME`"
        return switch self {
        case .missingFile(let folder, let name): "\(folder) holds no file \(name); \(again)"
        case .severalFiles(let folder, let name):
            "\(folder) holds more than one file \(name); keep one direction in a folder"
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)); check its permissions"
        case .malformed(let path, let what): "\(path) is malformed: \(what); \(again)"
        case .missingTensor(let path, let name): "\(path) lacks the tensor \(name); \(again)"
        case .wrongShape(let path, let name, let expected, let found):
            "\(path): \(name) has shape \(found), expected \(expected); \(again)"
        case .unsupported(let path, let setting, let value):
            "\(path) is a network of another kind (\(setting): \(value.prefix(40))); name another model"
        case .mismatch(let path, let what, let expected, let found):
            "\(path) has \(found) \(what), its model \(expected); \(again)"
        case .noMemory(let textBytes): "no memory to cut a text of \(textBytes) bytes into pieces; give shorter texts"
        }
    }
}
