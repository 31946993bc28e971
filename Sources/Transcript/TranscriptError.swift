/// Why a transcript is not written or not read.
package enum TranscriptError: Error, Equatable {
    case folderMissing(path: String)
    case notAllowed(path: String)
    case isDirectory(path: String)
    /// The disk, a quota or a limit on file size.
    case full(path: String)
    case notWritten(path: String, reason: String)
    /// JSON that is no transcript.
    case malformed
}

extension TranscriptError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .folderMissing(let path): "\(path) cannot be written: its folder does not exist; make it first"
        case .notAllowed(let path): "\(path) cannot be written: not allowed; choose another folder"
        case .isDirectory(let path): "\(path) cannot be written: it is a folder; remove it or choose another one"
        case .full(let path): "\(path) cannot be written: no space is left; free some or choose another folder"
        case .notWritten(let path, let reason): "\(path) cannot be written (\(reason)); choose another folder"
        case .malformed: "this is no transcript in JSON; transcribe again with `--format json`"
        }
    }
}
