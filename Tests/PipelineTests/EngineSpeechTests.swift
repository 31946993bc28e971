import Audio
import Catalog
import Foundation
import Inference
import Pipeline
import TestSupport
import Testing
import Transcript
import Whisper

extension EngineTests {
    struct EngineSpeechTests {
        private func clip(_ name: String) throws -> String { try TestModels.folder("samples-audioeval") + "/" + name }

        private func job(_ path: String, _ language: String? = nil, model: String = "base") -> SpeechJob {
            var options = TranscriptionOptions()
            options.language = language
            options.hasWordTimes = true
            return SpeechJob(path: path, model: model, options: options)
        }

        /// What `transcribe` makes of a file alone.
        private func alone(_ job: SpeechJob) throws -> Recording {
            let transcriber = try Transcriber(
                modelFolder: TestModels.folder(job.model),
                voiceActivityPath: TestModels.folder("silero-vad") + "/silero_vad_16k.safetensors",
                threads: ComputeThreads(2))
            let reader = try AudioReader(path: job.path)
            return try transcriber.transcribe({ try reader.read(upTo: $0) }, options: job.options)
        }

        private func recording(
            _ engines: Engines, _ job: SpeechJob
        ) async throws -> (recording: Recording?, windows: [WindowRecord], seconds: [Double]) {
            var (recording, windows, seconds) = (Recording?.none, [WindowRecord](), [Double]())
            for try await event in engines.speech.transcribe(job) {
                #expect(recording == nil, "something comes after the end")
                switch event {
                case .progress(let done, _): seconds.append(done)
                case .window(let record): windows.append(record)
                case .finished(let finished, _): recording = finished
                }
            }
            return (recording, windows, seconds)
        }

        @Test func `recordings of many callers, decoded or not, are each as alone`() async throws {
            let folder = try TemporaryFolder()
            let wave = try clip("fr/pangrama.wav")
            let paths = [
                wave, try Recordings(in: folder).convert(wave, to: "clip.flac"), try Samples.twoCities(),
                try clip("zh/pangrama.wav"), try clip("en/counting.wav"),
            ]
            let engines = Engines(models: try EngineTests.cache())
            let found = try await withThrowingTaskGroup(of: (Int, Recording?).self) { group in
                for (index, path) in paths.enumerated() {
                    group.addTask { (index, try await recording(engines, job(path)).recording) }
                }
                return try await group.reduce(into: [Int: Recording]()) { $0[$1.0] = $1.1 }
            }
            for (index, path) in paths.enumerated() { #expect(try found[index] == alone(job(path)), "\(path)") }
            #expect(engines.pool.loaded.map(\.name) == ["base"])
        }

        @Test func `windows are told as they come, and one that was kept is not decoded again`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            var job = job(try Samples.twoCities(), "en", model: "tiny.en")
            let (whole, windows, seconds) = try await recording(engines, job)
            #expect(windows.count >= 2)
            #expect(zip(seconds, seconds.dropFirst()).allSatisfy(<=) && !seconds.isEmpty)
            job.done = [windows[0]]
            let (again, rest, _) = try await recording(engines, job)
            #expect(again == whole && rest.count == windows.count - 1)
        }

        @Test func `what is wrong with a recording is its own error`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            let folder = try TemporaryFolder()
            let text = try folder.write("no audio", to: "text.mp3")
            await #expect(throws: AudioError.noAudio(file: text)) { try await recording(engines, job(text)) }
            let none = folder.path("none.wav")
            await #expect(throws: AudioError.missing(file: none)) { try await recording(engines, job(none)) }
            let wave = try clip("en/counting.wav")
            await #expect(throws: TranscriptionError.unknownLanguage(code: "xx")) {
                try await recording(engines, job(wave, "xx"))
            }
            await #expect(throws: CatalogError.unknownModel(name: "en-pt", known: speechNames)) {
                try await recording(engines, job(wave, model: "en-pt"))
            }
            #expect(try await recording(engines, job(wave, "en")).recording?.text.isEmpty == false)
        }

        private var speechNames: [String] {
            ModelCatalog.current.models.filter { $0.kind == .whisper }.map(\.name)
        }

        @Test func `decoders that hang keep nobody waiting who needs none, and their callers may go`() async throws {
            let folder = try TemporaryFolder()
            let wave = try clip("en/counting.wav")
            let flac = try Recordings(in: folder).convert(wave, to: "clip.flac")
            // It answers like ffprobe, and then never gives a sample; a name that ends otherwise is decoded.
            try program(
                "case \"$*\" in *show_entries*) echo '{\"streams\":[{\"duration\":\"3\"}]}';; *) exec tail -f /dev/null;; esac",
                in: folder)
            let engines = Engines(
                models: try EngineTests.cache(), searchPath: folder.path("bin") + ":" + AudioReader.programs)
            let hanging = (0..<SpeechEngine.decodersMax).map { _ in
                Task { try await recording(engines, job(flac)).recording }
            }
            #expect(try await recording(engines, job(wave, "en")).recording?.text.isEmpty == false)
            for task in hanging {
                task.cancel()
                // A stream whose reader was cancelled ends.
                #expect(try await task.value == nil)
            }
        }

        private func program(_ script: String, in folder: TemporaryFolder) throws {
            for name in ["ffmpeg", "ffprobe"] {
                let path = try folder.write("#!/bin/sh\n" + script + "\n", to: "bin/" + name)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
        }

        @Test func `a recording nobody waits for any more is dropped within a step`() async throws {
            let folder = try TemporaryFolder()
            let long = folder.path("long.wav")
            let made = try ProgramRun(
                "/usr/bin/env",
                [
                    "ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "20", "-i", Samples.twoCities(), "-ar",
                    "16000",
                    "-ac", "1", long,
                ])
            #expect(made.status == 0, "\(made.errors)")
            let engines = Engines(models: try EngineTests.cache())
            let job = job(long, "en")
            let task = Task {
                for try await event in engines.speech.transcribe(job) {
                    if case .window = event { return true }
                }
                return false
            }
            // The stream is let go with the first window.
            #expect(try await task.value)
            let start = ContinuousClock.now
            #expect(await EngineTests.wait { engines.speech.underWay == 0 })
            let taken = ContinuousClock.now - start
            print("dropped after \(taken)")
            #expect(taken < .seconds(10))
            let cancelled = Task { try await recording(engines, job).windows.count }
            #expect(await EngineTests.wait { engines.speech.underWay == 1 })
            cancelled.cancel()
            #expect(await EngineTests.wait(seconds: 10) { engines.speech.underWay == 0 })
        }
    }
}
