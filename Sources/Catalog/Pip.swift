import Foundation

/// pip, which knows where the registry is and how to reach it; run as a program with bounded time and files.
struct Pip {
    let python: String
    let secondsMax: Int
    let wheelBytesMax: Int

    /// Longest part of pip's complaint that is kept.
    static let reasonCharactersMax = 300

    /// Downloads one wheel for its data: without what it depends on, for whatever Python, and nothing is built.
    func download(_ wheel: RegistryWheels.Wheel, into folder: String) throws(CatalogError) {
        // The system refuses what would make a file larger: no byte past the limit reaches the disk.
        var arguments = [
            "prlimit", "--fsize=\(wheelBytesMax)", python, "-m", "pip", "download", "--quiet", "--no-input",
            "--disable-pip-version-check", "--no-cache-dir",
            "--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--dest", folder,
        ]
        if let platform = wheel.platform { arguments += ["--platform", platform] }
        arguments.append("\(wheel.package)==\(wheel.version)")

        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        // Not in the folder of the wheel: its disk may be the one that is full.
        let log = FileManager.default.temporaryDirectory.path + "/voicelingua-pip-\(UUID().uuidString).log"
        defer { unsafe unlink(log) }
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try Data().write(to: URL(fileURLWithPath: log))
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
            try process.run()
        } catch { throw .disk(path: log, reason: error.localizedDescription) }
        if ended.wait(timeout: .now() + .seconds(secondsMax)) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
            throw .pipTimedOut(package: wheel.package, seconds: secondsMax)
        }
        guard process.terminationStatus != 0 else { return }
        throw complaint(of: wheel, status: process.terminationStatus, log: log)
    }

    private func complaint(of wheel: RegistryWheels.Wheel, status: Int32, log: String) -> CatalogError {
        // Without a log there is still the status.
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        if status == 127 { return .pythonMissing(program: python) }
        if text.contains("[Errno \(EFBIG)]") {
            return .wheelTooLarge(package: wheel.package, limitBytes: wheelBytesMax)
        }
        if text.contains("No module named pip") { return .pipMissing(program: python) }
        let lines = text.split(separator: "\n")
        // After `ERROR: Exception:` comes a traceback, whose last line is the reason.
        let line =
            lines.last { $0.hasPrefix("ERROR:") && $0 != "ERROR: Exception:" }
            ?? lines.last ?? "it ended with status \(status)"
        return .pipRefused(
            package: wheel.package, version: wheel.version, reason: Pip.withoutCredentials(line))
    }

    /// An index address may hold a name and a password; they end where its host begins.
    static func withoutCredentials(_ text: some StringProtocol) -> String {
        let clean = String(text).replacingOccurrences(of: "://[^/@\\s]*@", with: "://", options: .regularExpression)
        return String(clean.prefix(reasonCharactersMax))
    }
}
