import Transcript

/// Why a package is not written, read or exported.
package enum PackageError: Error, Equatable {
    /// No file of this kind.
    case notPackage
    /// Made by a newer version.
    case newerVersion(found: Int, known: Int)
    /// It ends before what its head tells of.
    case cutOff
    /// Bytes that are not those that were written.
    case altered(part: PackagePart)
    /// Bytes that mean nothing, though they are those that were written.
    case malformed(part: PackagePart)
    /// More bytes than a part may have, packed or unpacked.
    case tooLarge(part: PackagePart, sizeBytes: Int, sizeBytesMax: Int)
    /// More than `PackageWriter.sectionsMax`.
    case tooManyTexts(count: Int, countMax: Int)
    case twice(Language, TextSource)
    /// A number that JSON has no form for.
    case notFinite
    case noText(Language, TextSource)
    case noTextNumber(String)
    case noTranscript
    /// What was written has no times.
    case noTimes(Language, TextSource)
    case notRead(path: String, reason: String)
    case notWritten(path: String, reason: String)
}

extension PackageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notPackage: "this is no language package; name a file that a task was packed into"
        case .newerVersion(let found, let known):
            "the package has version \(found) of the format and \(known) is the newest known; install a newer version"
        case .cutOff: "the package is cut off; get it again"
        case .altered(let part): "\(part) of the package is damaged; get the package again"
        case .malformed(let part): "\(part) of the package means nothing; pack the task again"
        case .tooLarge(let part, let sizeBytes, let sizeBytesMax):
            "\(part) of the package has \(sizeBytes) bytes, \(sizeBytesMax) are the most"
        case .tooManyTexts(let count, let countMax): "a package of \(count) texts; \(countMax) are the most"
        case .twice(let language, let source):
            "the text \(language.rawValue) \(source.rawValue) is there twice; give each once"
        case .notFinite: "a number is infinite or none; such a task is not packed"
        case .noText(let language, let source):
            "the package has no text \(language.rawValue) \(source.rawValue); `voicelingua package show` lists its texts"
        case .noTextNumber(let number): "the package is not of text number \(number)"
        case .noTranscript: "the package has no transcript: its task was of a text"
        case .noTimes(let language, let source):
            "the text \(language.rawValue) \(source.rawValue) has no times, as it was written; export it as tsv or text"
        case .notRead(let path, let reason): "\(path) cannot be read (\(reason)); check the path"
        case .notWritten(let path, let reason): "\(path) cannot be written (\(reason)); choose another folder"
        }
    }
}
