import Foundation
import TestSupport
import Testing

struct SettingsTests {
    private func serve(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramRun {
        let folder = try TemporaryFolder()
        return try ProgramRun(
            ProgramRun.voicelinguaPath(), ["serve", "--port", "0", "--data", folder.path("data")] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
    }

    @Test func `help lists every setting with its flag and its variable`() throws {
        let help = try ProgramRun.voicelingua("serve", "--help")
        #expect(help.status == 0)
        for name in [
            "--host", "VOICELINGUA_PORT", "--max-concurrent-tasks", "MAX_CONCURRENT_TASKS", "TRANSCRIPTION_WORKERS",
            "TRANSLATION_CONCURRENCY", "PACKAGING_WORKERS", "MEMORY_THRESHOLD", "CPU_THRESHOLD", "RETENTION_DAYS",
            "PRELOAD_MODELS", "WEBHOOK_ALLOW", "WEBHOOK_SECRET", "--transcription-cache-seconds",
        ] {
            #expect(help.output.contains(name), "\(name)")
        }
        #expect(help.output.contains("Example: voicelingua serve"))
    }

    @Test func `a setting that does not exist is refused`() throws {
        let run = try serve("--colour", "red")
        #expect(run.status != 0)
        #expect(run.errors.contains("--colour"))
    }

    @Test(arguments: [
        ("--transcription-workers", "many", "TRANSCRIPTION_WORKERS is no whole number"),
        ("--transcription-workers", "0", "from 1 to 256"), ("--transcription-workers", "257", "from 1 to 256"),
        ("--memory-threshold", "101", "from 0 to 100"), ("--log-level", "loud", "LOG_LEVEL is one of"),
    ])
    func `a value that makes no sense is refused`(flag: String, value: String, says: String) throws {
        let run = try serve(flag, value)
        #expect(run.status == 1)
        #expect(run.errors.contains(says), "\(run.errors)")
    }

    @Test func `the environment is read, and a flag goes before it`() throws {
        #expect(try serve(environment: ["RETENTION_DAYS": "soon"]).errors.contains("RETENTION_DAYS is no whole number"))
        let run = try serve("--retention-days", "40000", environment: ["RETENTION_DAYS": "7"])
        #expect(run.errors.contains("RETENTION_DAYS is a number from"), "\(run.errors)")
    }

    @Test func `a file is read, and the environment goes before it`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("{\"retentionDays\": \"soon\", \"maxConcurrentTasks\": 0}", to: "settings.json")
        #expect(try serve("--config", file).errors.contains("MAX_CONCURRENT_TASKS is a number from 1"))
        let run = try serve("--config", file, environment: ["MAX_CONCURRENT_TASKS": "9"])
        #expect(run.errors.contains("RETENTION_DAYS is no whole number"), "\(run.errors)")
    }

    @Test func `a file that is none is said to be none`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("retention: 7", to: "settings.json")
        #expect(try serve("--config", file).errors.contains("object of JSON"))
        #expect(try serve("--config", folder.path("nowhere")).errors.contains("object of JSON"))
    }
}
