import API
import Configuration
import Foundation
import Logging
import Pipeline
import Store

/// What a service was told: by flags, then by the environment, then by a file; `Setting` lists all.
struct ServiceSettings: Sendable {
    /// Of the door.
    let api: APISettings
    let data: String
    let logLevel: Logger.Level
    let speechModel: String
    /// Nil for all that are installed.
    let preloadModels: [String]?
    let modelIdleMs: Int64
    /// Jobs at once by queue.
    let slots: [QueueName: Int]
    let transcriptionCacheMs: Int64
    let translationCacheMs: Int64
    let memoryCacheBytes: Int
    /// Nil for ever.
    let retentionMs: Int64?
    let webhookAllow: [String]
    let webhookSecret: [UInt8]?

    /// Deliveries at once: they wait for others and compute nothing.
    private static let deliveriesMax = 16

    /// - Parameters:
    ///   - flags: as they stand behind `serve`: `--port 8000`, or `--port=8000`.
    ///   - file: path of an object of JSON; nil for none.
    ///   - cores: that workers are counted by.
    /// - Throws: `SettingError`.
    init(flags: [String], file: String?, environment: [String: String], cores: Int) async throws {
        var providers: [any ConfigProvider] = [
            // Flags are read as if they were variables, so that both mean the same.
            EnvironmentVariablesProvider(environmentVariables: try ServiceSettings.variables(of: flags)),
            EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty }),
        ]
        if let file {
            let place = EnvironmentVariablesProvider(environmentVariables: ["FILE_PATH": file])
            do {
                providers.append(try await FileProvider<JSONSnapshot>(config: ConfigReader(provider: place)))
            } catch { throw SettingError.file(path: file) }
        }
        let reader = SettingReader(reader: ConfigReader(providers: providers))
        api = try ServiceSettings.api(reader)
        data = reader.text(.data) ?? DataFolder.standard(environment: environment)
        logLevel = try reader.choice(.logLevel, [.debug, .info, .warning, .error]) ?? .info
        speechModel = reader.text(.speechModel) ?? "base"
        preloadModels =
            switch reader.list(.preloadModels) {
            case nil, ["installed"]: nil
            case ["none"]: []
            case let names?: names
            }
        modelIdleMs =
            try ServiceSettings.unlessZero(reader.number(.modelIdleSeconds, 0...31_536_000) ?? 900)
            .map { Int64($0) * 1_000 } ?? .max
        func jobs(_ workers: Setting, _ concurrency: Setting, each count: Int) throws -> Int {
            try (reader.number(workers, 1...256) ?? max(cores, 1)) * (reader.number(concurrency, 1...256) ?? count)
        }
        slots = [
            .transcription: try jobs(.transcriptionWorkers, .transcriptionConcurrency, each: 16),
            .translation: try jobs(.translationWorkers, .translationConcurrency, each: 16),
            .packaging: try jobs(.packagingWorkers, .packagingConcurrency, each: 2),
            .webhook: ServiceSettings.deliveriesMax,
        ]
        transcriptionCacheMs = Int64(try reader.number(.transcriptionCacheSeconds, 0...31_536_000) ?? 3_600) * 1_000
        translationCacheMs = Int64(try reader.number(.translationCacheSeconds, 0...31_536_000) ?? 7_200) * 1_000
        memoryCacheBytes = (try reader.number(.memoryCacheMegabytes, 0...65_536) ?? 64) << 20
        retentionMs = try ServiceSettings.unlessZero(reader.number(.retentionDays, 0...36_500) ?? 30)
            .map { Int64($0) * 86_400_000 }
        webhookAllow = reader.list(.webhookAllow) ?? []
        webhookSecret = reader.text(.webhookSecret).map { Array($0.utf8) }
    }

    /// - Throws: `SettingError`.
    private static func api(_ reader: SettingReader) throws -> APISettings {
        var api = APISettings()
        api.host = reader.text(.host) ?? "127.0.0.1"
        api.port = try reader.number(.port, 0...65_535) ?? 8000
        api.tasksMax = try reader.number(.maxConcurrentTasks, 1...1_000_000) ?? 200
        api.queueMax = try reader.number(.maxQueueLength, 1...10_000_000) ?? 8_000
        api.memoryThreshold = try unlessZero(reader.number(.memoryThreshold, 0...100) ?? 90).map { Double($0) / 100 }
        api.processorThreshold = try unlessZero(reader.number(.cpuThreshold, 0...100) ?? 95).map { Double($0) / 100 }
        api.uploadBytesMax = (try reader.number(.maxUploadMegabytes, 1...16_384) ?? 100) << 20
        return api
    }

    private static func unlessZero(_ number: Int) -> Int? { number == 0 ? nil : number }

    /// - Throws: `SettingError.unknown`, `.noValue`.
    private static func variables(of flags: [String]) throws(SettingError) -> [String: String] {
        var variables: [String: String] = [:]
        var rest = flags[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let setting = Setting.allCases.first(where: { $0.flag == parts[0] }) else {
                throw .unknown(flag: argument)
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else { throw .noValue(flag: parts[0]) }
            variables[setting.variable] = value
        }
        return variables
    }
}

/// Settings by their kinds; what is there and makes no sense is an error, not the default.
private struct SettingReader {
    let reader: ConfigReader

    func text(_ setting: Setting) -> String? { reader.string(forKey: setting.key, isSecret: setting == .webhookSecret) }

    func number(_ setting: Setting, _ range: ClosedRange<Int>) throws(SettingError) -> Int? {
        guard let number = reader.int(forKey: setting.key) else {
            // One that is there, but as no number.
            guard text(setting) == nil, reader.double(forKey: setting.key) == nil,
                reader.bool(forKey: setting.key) == nil
            else { throw .notANumber(name: setting.variable) }
            return nil
        }
        guard range.contains(number) else {
            throw .outOfRange(name: setting.variable, from: range.lowerBound, to: range.upperBound)
        }
        return number
    }

    /// Names between commas; in a file an array of them.
    func list(_ setting: Setting) -> [String]? {
        let values = reader.stringArray(forKey: setting.key) ?? text(setting).map { [$0] }
        return values?.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    func choice<Value: RawRepresentable<String>>(_ setting: Setting, _ known: [Value]) throws(SettingError) -> Value? {
        guard let text = text(setting) else { return nil }
        guard let value = known.first(where: { $0.rawValue == text.lowercased() }) else {
            throw .unknownValue(name: setting.variable, known: known.map(\.rawValue))
        }
        return value
    }
}
