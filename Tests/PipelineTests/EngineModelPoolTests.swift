import Catalog
import Foundation
import Inference
import Pipeline
import TestSupport
import Testing
import Transcript
import Whisper

extension EngineTests {
    struct EngineModelPoolTests {
        private func text(_ engines: Engines) async throws -> String {
            try await engines.translation.translate(texts: ["Good morning."], from: .english, to: .portuguese)[0].text
        }

        @Test func `a model that nobody used for a while leaves, and is loaded again when it is asked for`()
            async throws
        {
            let clock = TurnedClock()
            let loads = Locked<[String: Double]>([:])
            let engines = Engines(models: try EngineTests.cache(), idleMs: 1_000, now: clock.now) { name, seconds in
                loads.change { $0[name] = seconds }
            }
            try await engines.preload(["base", "silero-vad", "en-pt"])
            #expect(engines.pool.loaded.map(\.name) == ["base", "en-pt"])
            #expect(engines.pool.loaded.allSatisfy { $0.sizeBytes > 10_000_000 && $0.loadSeconds > 0 })
            #expect(Set(loads.value.keys) == ["base", "en-pt"])
            clock.turn(ms: 999)
            #expect(engines.pool.unloadIdle() == [])
            clock.turn(ms: 1)
            #expect(await EngineTests.wait { engines.speech.underWay == 0 })
            #expect(engines.pool.unloadIdle() == ["base", "en-pt"] && engines.pool.loaded.isEmpty)
            #expect(try await text(engines) == "Bom dia.")
        }

        @Test func `a model whose file is gone or altered is a typed error, and found again by the next`() async throws
        {
            let folder = try TemporaryFolder()
            let real = try TestModels.folder("en-pt")
            try FileManager.default.createDirectory(atPath: folder.path("en-pt"), withIntermediateDirectories: true)
            let names = try FileManager.default.contentsOfDirectory(atPath: real)
            for name in names.filter({ $0 != ModelManifest.fileName }) + [ModelManifest.fileName] {
                try FileManager.default.copyItem(atPath: real + "/" + name, toPath: folder.path("en-pt/" + name))
            }
            let weights = try #require(names.first { $0.hasPrefix("model.") })
            let engines = Engines(models: ModelCache(root: folder.path))
            let path = folder.path("en-pt/" + weights)
            try FileManager.default.moveItem(atPath: path, toPath: folder.path("aside"))
            await #expect(throws: CatalogError.noRoute(from: .english, to: [.portuguese], models: ["en-pt"])) {
                try await text(engines)
            }
            await #expect(throws: CatalogError.notInstalled(name: "en-pt")) { try await engines.preload(["en-pt"]) }
            var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("aside")))
            bytes[bytes.count / 2] ^= 0xFF
            try bytes.write(to: URL(fileURLWithPath: path))
            await #expect {
                try await engines.preload(["en-pt"])
            } throws: { error in
                guard case CatalogError.altered(model: "en-pt", _) = error else { return false }
                return true
            }
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: folder.path("aside"), toPath: path)
            #expect(try await text(engines) == "Bom dia.")
        }

        @Test func `both engines go on together, and the computing stands back`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            try await engines.preload(["base", "en-pt"])
            var options = TranscriptionOptions()
            options.language = "en"
            let job = SpeechJob(path: try Samples.twoCities(), model: "base", options: options)
            var translations = 0
            var recording: Recording?
            for try await event in engines.speech.transcribe(job) {
                if case .finished(let finished, _) = event { recording = finished }
                let sentence = "The bird number \(translations) sings in the garden of my mother."
                let found = try await engines.translation.translate(
                    sentences: [sentence], from: .english, to: .portuguese)
                #expect(found[0].text.contains("\(translations)"))
                translations += 1
            }
            #expect(translations > 4 && recording?.text.contains("best of times") == true)
        }

        @Test func `the version of a model is that of its exact files`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            let versions = try ["base", "tiny.en", "en-pt", "pt-en"].map { try engines.pool.version(of: $0) }
            #expect(Set(versions).count == 4 && versions.allSatisfy { $0.count == 64 })
            #expect(engines.pool.speechModels.contains("base") && !engines.pool.speechModels.contains("en-pt"))
            #expect(engines.pool.directions()[.english]?.contains(.portuguese) == true)
        }
    }

    /// A source of work that tells what it sees.
    private final class Probe: ComputeSource {
        let steps = Locked(0)
        let priorities = Locked<Set<Int32>>([])
        let left: Locked<Int>

        init(_ count: Int) { left = Locked(count) }

        func compute(_ threads: ComputeThreads) -> Bool {
            // 0 is the calling thread.
            priorities.change { _ = $0.insert(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)) }
            threads.run(64) { [priorities] _, _ in
                priorities.change { _ = $0.insert(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)) }
            }
            steps.change { $0 += 1 }
            left.change { $0 -= 1 }
            return left.value > 0
        }
    }

    @Test func `every source gets its turns on threads that stand back, and wakes as often as it is woken`() async {
        let executor = ComputeExecutor(threads: 2)
        let probes = [Probe(500), Probe(500), Probe(1)]
        for probe in probes { executor.wake(probe) }
        #expect(await EngineTests.wait { probes.map(\.steps.value) == [500, 500, 1] })
        probes[2].left.change { $0 = 7 }
        executor.wake(probes[2])
        #expect(await EngineTests.wait { probes[2].steps.value == 8 })
        for probe in probes { #expect(probe.priorities.value == [Int32(ComputeExecutor.niceness)]) }
        let mine = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        #expect(mine < ComputeExecutor.niceness)
    }
}
