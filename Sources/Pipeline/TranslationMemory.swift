import Catalog
import Crypto
import Foundation
import Store
import TextTranslation

/// Translations of sentences by what they were made of: the sentence, the direction, the exact model.
final class TranslationMemory: Sendable {
    /// A translation as it is kept elsewhere.
    struct Made: Sendable {
        let key: [UInt8]
        let translation: SentenceTranslation
        /// Whose it is; nil for nobody's.
        let task: TaskID?

        /// With a compact value, whose numbers come back as they were.
        var entry: WorkCache.Entry {
            do {
                return WorkCache.Entry(key: key, value: Array(try JSONEncoder().encode(translation)), task: task)
            } catch {
                preconditionFailure("a translation of words and finite numbers cannot be written: \(error)")
            }
        }
    }

    /// The sentences of a step, and which of them are translated already.
    struct Known: Sendable {
        let step: RouteTranslation.Step
        var found: [String: SentenceTranslation] = [:]
        var missing: [(sentence: String, key: [UInt8])] = []
    }

    private let values: ByteLimitedCache<[UInt8], SentenceTranslation>

    init(bytesMax: Int, ttlMs: Int64, now: @escaping @Sendable () -> Int64) {
        values = ByteLimitedCache("translation", bytesMax: bytesMax, ttlMs: ttlMs, now: now)
    }

    var figures: Workers.Report.CacheFigures { values.figures }

    /// - Throws: `CatalogError` where the model of the direction is not installed.
    func known(_ step: RouteTranslation.Step?, _ pool: ModelPool) throws(CatalogError) -> Known? {
        guard let step else { return nil }
        let version = try pool.version(of: step.direction.name)
        var known = Known(step: step)
        for sentence in step.sentences {
            let key = TranslationMemory.key(sentence, step.direction, version: version)
            if let translation = values.value(key) {
                known.found[sentence] = translation
            } else {
                known.missing.append((sentence, key))
            }
        }
        return known
    }

    func keep(
        _ translation: SentenceTranslation, of task: TaskID?, _ direction: TranslationDirection, version: String
    ) -> Made {
        let made = Made(
            key: TranslationMemory.key(translation.source, direction, version: version), translation: translation,
            task: task)
        keep(made)
        return made
    }

    /// Drops all translations of a task.
    func forget(_ task: TaskID) { values.forget(task) }

    /// Reads what was kept elsewhere; what cannot be read is as good as not kept.
    ///
    /// - Parameter task: that asks; here it is its own too.
    func read(
        _ kept: [[UInt8]: [UInt8]], of missing: [(sentence: String, key: [UInt8])], for task: TaskID?
    ) -> [String: SentenceTranslation] {
        var found: [String: SentenceTranslation] = [:]
        let decoder = JSONDecoder()
        for (sentence, key) in missing {
            guard let json = kept[key],
                let translation = try? decoder.decode(SentenceTranslation.self, from: Data(json)),
                translation.source == sentence
            else { continue }
            found[sentence] = translation
            keep(Made(key: key, translation: translation, task: task))
        }
        return found
    }

    /// SHA-256 of all that a translation depends on; the separators are in no name.
    static func key(_ sentence: String, _ direction: TranslationDirection, version: String) -> [UInt8] {
        Array(SHA256.hash(data: Data("\(direction.name)\n\(version)\n\(sentence)".utf8)))
    }

    private func keep(_ made: Made) {
        // Two strings on the heap, the key, the score, and the places of all that.
        let size = made.translation.source.utf8.count + made.translation.text.utf8.count + 400
        values.keep(made.translation, for: made.key, sizeBytes: size, task: made.task)
    }
}
