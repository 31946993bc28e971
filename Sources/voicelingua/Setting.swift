import Configuration

/// What a service can be told. One key gives the flag, the variable of the environment and the name in the file.
enum Setting: String, CaseIterable {
    case host = "voicelingua.host"
    case port = "voicelingua.port"
    case data = "voicelingua.data"
    case logLevel
    case speechModel
    case preloadModels
    case modelIdleSeconds
    case transcriptionWorkers
    case transcriptionConcurrency
    case translationWorkers
    case translationConcurrency
    case packagingWorkers
    case packagingConcurrency
    case transcriptionCacheSeconds
    case translationCacheSeconds
    case memoryCacheMegabytes
    case maxConcurrentTasks
    case maxQueueLength
    case memoryThreshold
    case cpuThreshold
    case maxUploadMegabytes
    case retentionDays
    case webhookAllow
    case webhookSecret

    /// `maxConcurrentTasks` as `max-concurrent-tasks`.
    private var words: String {
        let name = rawValue.split(separator: ".").last ?? ""
        return name.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
    }

    var flag: String { "--" + words }

    var variable: String {
        let prefix = rawValue.hasPrefix("voicelingua.") ? "voicelingua-" : ""
        return (prefix + words).uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    var key: ConfigKey { ConfigKey(rawValue) }

    /// What it does, its unit and its default.
    var help: String {
        switch self {
        case .host: "Address to listen on; others than loopback need a key (127.0.0.1)."
        case .port: "Port to listen on, 0 for any that is free (8000)."
        case .data: "Folder of all data ($XDG_DATA_HOME/voicelingua, ~/.local/share/voicelingua)."
        case .logLevel: "Least level that is logged: debug, info, warning or error (info)."
        case .speechModel: "Model of recordings that ask for none (base)."
        case .preloadModels: "Models loaded at the start: names, installed or none (installed)."
        case .modelIdleSeconds: "Seconds unused after which a model gives its memory back, 0 for never (900)."
        case .transcriptionWorkers: "Workers of recordings (one a core)."
        case .transcriptionConcurrency: "Recordings at once a worker (16)."
        case .translationWorkers: "Workers of translations (one a core)."
        case .translationConcurrency: "Texts at once a worker (16)."
        case .packagingWorkers: "Workers of packages (one a core)."
        case .packagingConcurrency: "Packages at once a worker (2)."
        case .transcriptionCacheSeconds: "Seconds a transcript is found again, 0 for never (3600)."
        case .translationCacheSeconds: "Seconds a translated sentence is found again, 0 for never (7200)."
        case .memoryCacheMegabytes: "Memory of each of the two caches in front of the database's (64)."
        case .maxConcurrentTasks: "Unfinished tasks from which no more are accepted (200)."
        case .maxQueueLength: "Waiting jobs from which no more tasks are accepted (8000)."
        case .memoryThreshold: "Per cent of memory in use from which none are, 0 to look at none (90)."
        case .cpuThreshold: "Per cent of processor time in use from which none are, 0 to look at none (95)."
        case .maxUploadMegabytes: "Size of a recording (100)."
        case .retentionDays: "Days that tasks are kept after their end, 0 for ever (30)."
        case .webhookAllow: "Hosts, addresses or blocks of the local network callbacks may go to (none)."
        case .webhookSecret: "What callbacks are signed with (made once, in the data folder)."
        }
    }

    /// What `serve --help` says of all.
    static let table =
        allCases.map { "\($0.flag) / \($0.variable): \($0.help)" }.joined(separator: "\n")
}

/// A setting that cannot be used.
enum SettingError: Error, Equatable {
    case unknown(flag: String)
    case noValue(flag: String)
    case notANumber(name: String)
    case outOfRange(name: String, from: Int, to: Int)
    case unknownValue(name: String, known: [String])
    case file(path: String)
    /// Anybody who reaches it could use it.
    case openToAll(host: String)
    case portTaken(host: String, port: Int)
}

extension SettingError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknown(let flag): "there is no setting \(flag.prefix(60)); `voicelingua serve --help` lists them"
        case .noValue(let flag): "\(flag) needs a value; `voicelingua serve --help` says which"
        case .notANumber(let name): "\(name) is no whole number; give one"
        case .outOfRange(let name, let from, let to): "\(name) is a number from \(from) to \(to)"
        case .unknownValue(let name, let known): "\(name) is one of \(known.joined(separator: ", "))"
        case .file(let path): "\(path) cannot be read as settings; it has to be an object of JSON"
        case .openToAll(let host):
            "\(host) can be reached by others and no key exists; make one with `voicelingua keys create NAME`, "
                + "or listen on 127.0.0.1"
        case .portTaken(let host, let port):
            "another program listens on \(host):\(port) already; choose another port with --port"
        }
    }
}
