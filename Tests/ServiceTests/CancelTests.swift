import Foundation
import TestSupport
import Testing

/// A task that is cancelled is computed no more.
struct CancelTests {
    /// Processor time of a window below which a service does nothing but wait.
    private static let quietShare = 0.1
    private static let windowSeconds = 0.5

    @Test func `two seconds after DELETE of a long recording nothing is computed any more`() throws {
        let folder = try TemporaryFolder()
        let long = try tenMinutes(in: folder)
        let service = try Service(data: folder.path("data"), "--preload-models", "base")
        let id = try service.submit(long, "--language", "en")
        // It computes: most of a core at least, whoever else wants one.
        try waitUntil { try processorShare(of: service) > 0.3 }
        #expect(try service.run("status", id).output.hasPrefix("transcribing"))
        #expect(try service.run("cancel", id).status == 0)
        let cancelled = ContinuousClock.now
        var quietSince: ContinuousClock.Instant
        repeat {
            quietSince = .now
            try #require(quietSince - cancelled < .seconds(20), "it goes on")
        } while try processorShare(of: service) > CancelTests.quietShare
        #expect(quietSince - cancelled <= .seconds(2))
        #expect(try service.run("status", id).output.hasPrefix("cancelled"))
        #expect(service.program.errors.contains("\"job stopped\""), "\(service.program.errors)")
    }

    /// Fourteen times the same 44 seconds.
    private func tenMinutes(in folder: TemporaryFolder) throws -> String {
        let path = try Recordings(in: folder).convert(
            try Samples.twoCities(), to: "long.wav", "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", "-af",
            "aloop=loop=13:size=2147483647")
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        try #require(size > 600 * 32_000)
        return path
    }

    /// Cores that a service keeps busy, over a window. It is looked at again and again: each look takes a process, which
    /// leaves the service alone.
    private func processorShare(of service: Service) throws -> Double {
        let (start, before) = (ContinuousClock.now, try processorSeconds(of: service))
        while true {
            let after = try processorSeconds(of: service)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if seconds >= CancelTests.windowSeconds { return (after - before) / seconds }
        }
    }

    /// User and system time so far, of `/proc/PID/stat`.
    private func processorSeconds(of service: Service) throws -> Double {
        let run = try ProgramRun("/bin/cat", ["/proc/\(service.program.processID)/stat"])
        // The name of the program, which may hold anything, ends with the last parenthesis; the 14th and 15th follow.
        let fields = run.output.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }
        try #require(ticks.count == 2, "\(run.errors)")
        return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private func waitUntil(_ isSo: () throws -> Bool) throws {
        let start = ContinuousClock.now
        while try !isSo() { try #require(.now - start < .seconds(60), "not in time") }
    }
}
