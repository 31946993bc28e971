import Store
import Synchronization
import Transcript

/// What the workers that are there can translate, and which speech models they have.
package struct Reach: Sendable, Equatable {
    /// Targets by source.
    package var directions: [Language: Set<Language>] = [:]
    package var speechModels: [String] = []
    package var speechModel: String?
    /// Where nobody works nothing is known, and everything is accepted.
    package var hasWorkers = false

    package init(_ reports: [Workers.Report]) {
        hasWorkers = !reports.isEmpty
        for report in reports {
            for (source, targets) in report.directions { directions[source, default: []].formUnion(targets) }
            for model in report.speechModels where !speechModels.contains(model) { speechModels.append(model) }
            if speechModel == nil { speechModel = report.speechModel }
        }
    }

    /// Every language a text of some source gets into, in the order of `Language`; where the source is not known, those
    /// an English one does.
    package func targets(from source: Language?) -> [Language] {
        guard hasWorkers else { return Language.allCases }
        return Language.allCases.filter { reaches($0, from: source ?? .english) }
    }

    /// Whether a text gets into a language, be it already; where its own is not known, whether any text does.
    package func reaches(_ target: Language, from source: Language?) -> Bool {
        guard hasWorkers else { return true }
        guard let source else { return target == .english || directions.values.contains { $0.contains(target) } }
        return source == target || directions[source]?.contains(target) ?? false
    }

    /// - Throws: `Malformed.unreachable`.
    package func check(_ targets: [Language], from source: Language?) throws {
        guard let target = targets.first(where: { !reaches($0, from: source) }) else { return }
        throw Malformed.unreachable(source: source, target: target, models: models(from: source, to: target))
    }

    /// Names of the models on the way, which goes through English.
    private func models(from source: Language?, to target: Language) -> [String] {
        var models: [String] = []
        if let source, source != .english, !reaches(.english, from: source) { models.append("\(source.rawValue)-en") }
        if target != .english, !reaches(target, from: .english) { models.append("en-\(target.rawValue)") }
        if models.isEmpty { models.append("\((source ?? .english).rawValue)-\(target.rawValue)") }
        return models
    }
}

/// Asks for the workers once a second at most.
final class ReachBook: Sendable {
    private static let freshMs: Int64 = 1_000
    private let workers: Workers
    private let withinMs: Int64
    private let now: @Sendable () -> Int64
    private let state = Mutex<(reports: [Workers.Report], reach: Reach, atMs: Int64)?>(nil)

    init(_ workers: Workers, withinMs: Int64, now: @escaping @Sendable () -> Int64) {
        self.workers = workers
        self.withinMs = withinMs
        self.now = now
    }

    func reach() async throws -> Reach { try await current().reach }
    func reports() async throws -> [Workers.Report] { try await current().reports }

    private func current() async throws -> (reports: [Workers.Report], reach: Reach) {
        let nowMs = now()
        if let known = state.withLock({ $0 }), nowMs - known.atMs < ReachBook.freshMs {
            return (known.reports, known.reach)
        }
        let reports = try await workers.present(withinMs: withinMs)
        let reach = Reach(reports)
        state.withLock { $0 = (reports, reach, nowMs) }
        return (reports, reach)
    }
}
