import ArgumentParser
import Catalog
import Foundation
import Inference

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what this machine has and lacks for transcribing and translating, and how to get it.",
        discussion: "Example: voicelingua doctor")

    func run() throws {
        try reporting {
            let settings = try Settings()
            let findings = machine() + programs() + [unpacking()] + models(settings)
            for finding in findings { print(finding.line) }
            if findings.contains(where: { $0.state == .missing }) { throw ExitCode.failure }
        }
    }

    private func machine() -> [Finding] {
        let memory = ProcessInfo.processInfo.physicalMemory
        return [
            Finding(
                .good, "processor",
                "\(InstructionSet.best.rawValue) kernels, \(ProcessInfo.processInfo.activeProcessorCount) cores"),
            Finding(.good, "memory", megabytes(Int(memory))),
        ]
    }

    private func programs() -> [Finding] {
        let ffmpeg = ["ffmpeg", "ffprobe"].map { program in
            if let version = firstLine(of: [program, "-version"]) { return Finding(.good, program, version) }
            return Finding(.missing, program, "not found", remedy: "apt-get install ffmpeg")
        }
        let pip =
            firstLine(of: ["python3", "-m", "pip", "--version"]).map { Finding(.good, "pip", $0) }
            ?? Finding(
                .optional, "pip", "not found; models come from the hub only", remedy: "apt-get install python3-pip")
        let certificates = FileManager.default.fileExists(atPath: "/etc/ssl/certs/ca-certificates.crt")
        return ffmpeg + [
            pip,
            certificates
                ? Finding(.good, "certificates", "/etc/ssl/certs/ca-certificates.crt")
                : Finding(
                    .optional, "certificates", "not found; the hub cannot be reached",
                    remedy: "apt-get install ca-certificates"),
        ]
    }

    /// Translation models are published compressed.
    private func unpacking() -> Finding {
        let library = ArchiveReader.library
        let lacking = ["zlib/", "libzstd/"].filter { !library.contains($0) }
        return lacking.isEmpty
            ? Finding(.good, "libarchive", library)
            : Finding(
                .optional, "libarchive",
                "\(library), without \(lacking.joined(separator: " ")), so translation models may not unpack",
                remedy: "apt-get install libarchive13")
    }

    private func models(_ settings: Settings) -> [Finding] {
        let cache = settings.models
        let installed = settings.catalog.models.filter { cache.isInstalled($0) }
        func names(_ kind: ModelEntry.Kind) -> String {
            installed.filter { $0.kind == kind }.map(\.name).joined(separator: ", ")
        }
        let whisper = names(.whisper)
        let voiceActivity = names(.voiceActivity)
        let translation = names(.marian)
        return [
            place(cache.root),
            whisper.isEmpty
                ? Finding(.missing, "speech models", "none", remedy: "voicelingua models pull base")
                : Finding(.good, "speech models", whisper),
            voiceActivity.isEmpty
                ? Finding(
                    .missing, "voice activity", "none, which `--no-vad` does without",
                    remedy: "voicelingua models pull silero-vad")
                : Finding(.good, "voice activity", voiceActivity),
            translation.isEmpty
                ? Finding(
                    .optional, "translation models", "none; nothing is translated",
                    remedy: "voicelingua models pull --languages all")
                : Finding(.good, "translation models", translation),
        ]
    }

    /// The cache folder, or the nearest folder above it that exists.
    private func place(_ root: String) -> Finding {
        var folder = URL(fileURLWithPath: root)
        while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
            folder.deleteLastPathComponent()
        }
        // Permissions alone do not tell: a file system may be read-only, or one that makes no files.
        let probe = folder.appendingPathComponent(".voicelingua-\(UUID().uuidString)").path
        defer { unsafe unlink(probe) }
        guard FileManager.default.createFile(atPath: probe, contents: Data()) else {
            return Finding(
                .missing, "models folder", "\(root) cannot be written", remedy: "export VOICELINGUA_MODELS=FOLDER")
        }
        // A file system that does not tell is none to complain about.
        let free = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)[.systemFreeSize] as? NSNumber
        return Finding(
            .good, "models folder", "\(root), \(free.map { megabytes($0.intValue) } ?? "unknown") free")
    }

    /// The first line a program prints; nil when it is not there or fails.
    private func firstLine(of command: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return text.split(separator: "\n").first.map(String.init)
    }
}

/// One line of the doctor.
private struct Finding {
    enum State: String {
        case good = "ok"
        /// Something works less well.
        case optional = "note"
        /// Transcribing does not work.
        case missing = "missing"
    }

    let state: State
    let line: String

    init(_ state: State, _ subject: String, _ text: String, remedy: String? = nil) {
        self.state = state
        let mark = state.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
        line = "\(mark)\(subject): \(text)" + (remedy.map { "; get it with `\($0)`" } ?? "")
    }
}
