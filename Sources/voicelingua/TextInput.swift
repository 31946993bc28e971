import Foundation
import Text
import Transcript

/// Something to translate: words of the command line, a file, standard input.
enum TextInput: Equatable {
    case words(String)
    case file(path: String)
    case standardInput

    /// An argument is a file where there is one of that name, and where it looks like a name and not like words.
    init(_ argument: String) {
        let isName = argument.hasPrefix("/") || argument.hasPrefix("./") || argument.hasPrefix("../")
        let ending = URL(fileURLWithPath: argument).pathExtension
        let hasEnding = 1...4 ~= ending.count && !argument.contains(where: \.isWhitespace)
        if argument == "-" {
            self = .standardInput
        } else if isFile(argument) || isName || hasEnding {
            self = .file(path: argument)
        } else {
            self = .words(argument)
        }
    }

    /// What people are told it is called.
    var name: String {
        switch self {
        case .words: "text"
        case .file(let path): path
        case .standardInput: "-"
        }
    }

    /// The name of its results, without ending.
    var stem: String {
        switch self {
        case .words: "text"
        case .file(let path): URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        case .standardInput: "stdin"
        }
    }

    var path: String? { if case .file(let path) = self { path } else { nil } }
    var isWords: Bool { if case .words = self { true } else { false } }

    /// Files are what their names say; what comes from a pipe is what it looks like.
    func isSubtitles(_ text: String) -> Bool {
        guard self == .standardInput else { return subtitles != nil }
        let lines = text.split(maxSplits: 3, omittingEmptySubsequences: true, whereSeparator: \.isNewline).prefix(3)
        return lines.first?.hasPrefix("WEBVTT") == true || lines.prefix(2).contains { $0.contains(" --> ") }
    }

    /// Nil where it is no subtitle file by its name.
    var subtitles: SubtitleFile.Format? {
        guard case .file(let path) = self else { return nil }
        return SubtitleFile.Format(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
    }

    /// - Parameter expected: the language it should be in, where that is known.
    /// - Throws: `CommandError.missingText`, `unreadableText`; `TextError`.
    func read(expected: Language?) throws -> TextFile {
        switch self {
        case .words(let text): return try TextFile(Array(text.utf8), expected: expected)
        case .standardInput: return try TextFile(bytes(of: .standardInput, name), expected: expected)
        case .file(let path):
            guard FileManager.default.fileExists(atPath: path) else { throw CommandError.missingText(path: path) }
            guard isFile(path) else { throw CommandError.folderForFile(path: path) }
            let handle: FileHandle
            do { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) } catch {
                throw CommandError.unreadableText(path: path, reason: error.localizedDescription)
            }
            return try TextFile(bytes(of: handle, path), expected: expected)
        }
    }

    /// One byte more than a text may have tells that it has too many.
    private func bytes(of handle: FileHandle, _ name: String) throws(CommandError) -> [UInt8] {
        do { return Array(try handle.read(upToCount: TextFile.sizeBytesMax + 1) ?? Data()) } catch {
            throw .unreadableText(path: name, reason: error.localizedDescription)
        }
    }
}

/// Whether something that is no folder stands under a name.
func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
}
