import Audio
import Catalog
import Pipeline
import Store
import TestSupport
import Testing
import Transcript

struct RetryPolicyTests {
    private static let policy = RetryPolicy(baseMs: 100, capMs: 1_000)

    @Test(arguments: [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (60, 1_000)] as [(Int, Int64)])
    func `waits double up to the cap and are drawn from all of it`(attempt: Int, longest: Int64) throws {
        var random = SeededRandom()
        let waits = try (0..<400).map { _ in
            try #require(RetryPolicyTests.policy.delayMs(.later, attempt: attempt, nowMs: 0, random: &random))
        }
        #expect(waits.allSatisfy { 0...longest ~= $0 })
        #expect(waits.contains { $0 < longest / 4 } && waits.contains { $0 > longest * 3 / 4 })
    }

    @Test func `what would fail the same way is not tried again`() {
        var random = SeededRandom()
        #expect(RetryPolicyTests.policy.delayMs(.never, attempt: 1, nowMs: 0, random: &random) == nil)
    }

    @Test func `a pause is waited for to its end`() {
        var random = SeededRandom()
        #expect(RetryPolicyTests.policy.delayMs(.notBefore(9_000), attempt: 3, nowMs: 2_000, random: &random) == 7_000)
        #expect(RetryPolicyTests.policy.delayMs(.notBefore(1_000), attempt: 3, nowMs: 2_000, random: &random) == 0)
    }

    private static let verdicts: [(any Error & Sendable, String, RetryPolicy.Retry)] = [
        (AudioError.noAudio(file: "a"), "bad_audio", .never),
        (AudioError.undecodable(file: "a", reason: "b"), "bad_audio", .never),
        (AudioError.tooLong(file: "a", secondsMax: 1), "audio_too_long", .never),
        (AudioError.decoderStalled(file: "a", secondsMax: 1), "decoder_stopped", .later),
        (AudioError.spoolFailed(folder: "a", reason: "b"), "disk_full", .later),
        (CatalogError.notInstalled(name: "base"), "model_missing", .later),
        (CatalogError.noRoute(from: .english, to: [.french], models: ["en-fr"]), "model_missing", .never),
        (CatalogError.noRoute(from: .english, to: [.french], models: []), "language_unsupported", .never),
        (StoreError.full(path: "a"), "disk_full", .later),
        (StageError.languageUnsupported(code: "pl"), "language_unsupported", .never),
        (StageError.languageUnknown, "language_unknown", .never),
        (DeliveryError.status(500), "callback_status", .later),
        (DeliveryError.status(429), "callback_status", .later),
        (DeliveryError.status(408), "callback_status", .later),
        (DeliveryError.status(404), "callback_status", .never),
        (DeliveryError.status(302), "callback_status", .never),
        (DeliveryError.refused(address: "10.0.0.1"), "callback_refused", .never),
        (DeliveryError.paused(untilMs: 5), "callback_paused", .notBefore(5)),
        (TranscriptError.full(path: "a"), "disk_full", .later),
        (CancellationError(), "internal", .later),
    ]

    @Test(arguments: verdicts.indices)
    func `every error has its code and its retry`(index: Int) {
        let (error, code, retry) = RetryPolicyTests.verdicts[index]
        #expect(RetryPolicy.verdict(StageFailure(error)) == .init(code: code, retry: retry))
    }
}
