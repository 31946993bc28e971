import Audio
import Catalog
import Inference
import LanguagePackage
import Marian
import Store
import Text
import Transcript
import Whisper

/// Whether a failed job is tried again, and when; one of the two judges of every error.
///
/// Waits grow by doubling and are drawn evenly from nothing to all of it, so that what failed together does not come
/// back together.
package struct RetryPolicy: Sendable, Equatable {
    /// When to try again.
    package enum Retry: Sendable, Equatable {
        /// It would fail the same way.
        case never
        case later
        /// Nothing was tried, nor is it before a time, milliseconds since 1970: no attempt is spent.
        case notBefore(Int64)
    }

    package struct Verdict: Sendable, Equatable {
        /// Stable, for programs.
        package var code: String
        package var retry: Retry

        package init(code: String, retry: Retry) {
            self.code = code
            self.retry = retry
        }
    }

    /// The longest wait before the first retry, milliseconds.
    package var baseMs: Int64
    /// The longest wait before any, milliseconds.
    package var capMs: Int64

    /// Of stages: half a minute in all, as people wait for them.
    package static let stages = RetryPolicy(baseMs: 1_000, capMs: 60_000)
    /// Of callbacks: ten tries in about half an hour, as a receiver may be down for long and nobody waits.
    package static let deliveries = RetryPolicy(baseMs: 2_000, capMs: 600_000)

    package init(baseMs: Int64, capMs: Int64) {
        self.baseMs = baseMs
        self.capMs = capMs
    }

    /// Milliseconds until the next attempt; nil for none.
    ///
    /// - Parameters:
    ///   - attempt: the one that failed, from 1.
    ///   - nowMs: milliseconds since 1970.
    package func delayMs(
        _ retry: Retry, attempt: Int, nowMs: Int64, random: inout some RandomNumberGenerator
    ) -> Int64? {
        switch retry {
        case .never: return nil
        case .notBefore(let time): return max(0, time - nowMs)
        case .later:
            // By then every cap is reached, and no shift overflows.
            let doublings = min(max(attempt - 1, 0), 20)
            return Int64.random(in: 0...min(capMs, baseMs << doublings), using: &random)
        }
    }

    package static func verdict(_ failure: StageFailure) -> Verdict {
        switch failure {
        case .audio(let error): audio(error)
        case .speechModel(let error): speechModel(error)
        case .weights(let error): weights(error)
        case .translationModel(let error): translationModel(error)
        case .catalog(let error): catalog(error)
        case .transcription(let error): transcription(error)
        case .text(let error): text(error)
        case .accuracy(let error): accuracy(error)
        case .transcript(let error): transcript(error)
        case .store(let error): store(error)
        case .package(let error): package(error)
        case .delivery(let error): delivery(error)
        case .stage(let error): stage(error)
        case .other: Verdict(code: "internal", retry: .later)
        }
    }

    private static func audio(_ error: AudioError) -> Verdict {
        switch error {
        case .isDirectory, .notAFile, .empty, .noAudio, .noSamples, .undecodable, .decoderMemory:
            Verdict(code: "bad_audio", retry: .never)
        case .tooLarge, .tooLong: Verdict(code: "audio_too_long", retry: .never)
        case .missing: Verdict(code: "upload_missing", retry: .never)
        case .unreadable: Verdict(code: "upload_unreadable", retry: .later)
        // Of a damaged file, or of a machine that has no time or memory for it now.
        case .decoderKilled, .decoderStalled: Verdict(code: "decoder_stopped", retry: .later)
        case .toolMissing, .toolNotStarted: Verdict(code: "decoder_missing", retry: .later)
        case .spoolFailed: Verdict(code: "disk_full", retry: .later)
        }
    }

    /// A model that is missing or damaged may be pulled while the job waits.
    private static func speechModel(_ error: ModelError) -> Verdict {
        switch error {
        case .missingFile: Verdict(code: "model_missing", retry: .later)
        case .unreadable, .truncated, .missingVariable, .wrongShape, .malformed:
            Verdict(code: "model_damaged", retry: .later)
        case .unsupportedVersion, .notWhisper, .unsupportedType, .notTranscribing:
            Verdict(code: "model_unsupported", retry: .never)
        }
    }

    private static func weights(_ error: SafetensorsError) -> Verdict {
        switch error {
        case .missingFile: Verdict(code: "model_missing", retry: .later)
        case .unreadable, .malformed, .missingTensor, .wrongShape: Verdict(code: "model_damaged", retry: .later)
        }
    }

    private static func translationModel(_ error: MarianError) -> Verdict {
        switch error {
        case .missingFile: Verdict(code: "model_missing", retry: .later)
        case .severalFiles, .unreadable, .malformed, .missingTensor, .wrongShape, .mismatch:
            Verdict(code: "model_damaged", retry: .later)
        case .unsupported: Verdict(code: "model_unsupported", retry: .never)
        case .noMemory: Verdict(code: "out_of_memory", retry: .later)
        }
    }

    private static func catalog(_ error: CatalogError) -> Verdict {
        switch error {
        case .unknownModel: Verdict(code: "model_unknown", retry: .never)
        case .noRoute(_, _, let models):
            // Somebody has to pull a model first; then the job can be offered again.
            Verdict(code: models.isEmpty ? "language_unsupported" : "model_missing", retry: .never)
        case .notInstalled: Verdict(code: "model_missing", retry: .later)
        case .altered, .malformedCatalog: Verdict(code: "model_damaged", retry: .later)
        // Those of a pull, which no stage does.
        case .disk, .badAddress, .unreachable, .stalled, .interrupted, .httpStatus, .redirectRefused, .pythonMissing,
            .pipMissing, .pipRefused, .pipTimedOut, .alteredWheel, .unreadableWheel, .missingMember, .wheelTooLarge,
            .unreadableIndex, .notInBucket, .unreadableArchive, .tooLarge, .wrongSize, .wrongHash, .noSource:
            Verdict(code: "model_missing", retry: .later)
        }
    }

    private static func transcription(_ error: TranscriptionError) -> Verdict {
        switch error {
        case .unknownLanguage, .englishOnly: Verdict(code: "language_unsupported", retry: .never)
        case .noVoiceActivityModel: Verdict(code: "model_missing", retry: .later)
        }
    }

    private static func text(_ error: TextError) -> Verdict {
        switch error {
        case .tableMissing: Verdict(code: "model_missing", retry: .later)
        case .tooLarge: Verdict(code: "text_too_long", retry: .never)
        case .binary, .undecodable: Verdict(code: "bad_text", retry: .never)
        }
    }

    private static func transcript(_ error: TranscriptError) -> Verdict {
        switch error {
        case .full: Verdict(code: "disk_full", retry: .later)
        case .folderMissing, .notAllowed, .isDirectory, .notWritten: Verdict(code: "not_written", retry: .later)
        case .malformed: Verdict(code: "internal", retry: .never)
        }
    }

    private static func store(_ error: StoreError) -> Verdict {
        switch error {
        case .full: Verdict(code: "disk_full", retry: .later)
        case .database, .notOpened: Verdict(code: "store_unavailable", retry: .later)
        case .corrupt, .newerSchema: Verdict(code: "store_damaged", retry: .later)
        // Not those of a stage; the work is another's then, or nobody's.
        case .idempotencyKeyReused, .noJob, .notFailed, .leaseLost: Verdict(code: "internal", retry: .later)
        }
    }

    private static func package(_ error: PackageError) -> Verdict {
        switch error {
        case .notWritten: Verdict(code: "not_written", retry: .later)
        case .tooLarge, .tooManyTexts, .twice, .notFinite: Verdict(code: "package_failed", retry: .never)
        // Those of reading one, which no stage does.
        case .notPackage, .newerVersion, .cutOff, .altered, .malformed, .noText, .noTextNumber, .noTranscript,
            .noTimes, .notRead:
            Verdict(code: "package_failed", retry: .never)
        }
    }

    private static func accuracy(_ error: AccuracyError) -> Verdict {
        switch error {
        case .tooManyCharacters, .tooManyUnits: Verdict(code: "text_too_long", retry: .never)
        }
    }

    private static func delivery(_ error: DeliveryError) -> Verdict {
        switch error {
        case .badAddress: Verdict(code: "callback_address", retry: .never)
        case .refused: Verdict(code: "callback_refused", retry: .never)
        case .unresolved, .notSent: Verdict(code: "callback_unreachable", retry: .later)
        case .status(let code):
            Verdict(
                code: "callback_status", retry: [408, 429].contains(code) || code >= 500 ? .later : .never)
        case .paused(let untilMs): Verdict(code: "callback_paused", retry: .notBefore(untilMs))
        }
    }

    private static func stage(_ error: StageError) -> Verdict {
        switch error {
        case .nothingToDo, .transcriptMissing: Verdict(code: "internal", retry: .never)
        case .languageUnsupported: Verdict(code: "language_unsupported", retry: .never)
        case .languageUnknown: Verdict(code: "language_unknown", retry: .never)
        }
    }
}
