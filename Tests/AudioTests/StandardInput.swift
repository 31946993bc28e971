import Foundation

/// Standard input and memory of a test's own process; only for tests that run in one.
enum StandardInput {
    static func redirect(to path: String) throws {
        let file = unsafe open(path, O_RDONLY)
        guard file >= 0, dup2(file, STDIN_FILENO) >= 0 else { throw POSIXError(.EIO) }
    }

    /// Runs `body` while another program writes a file into standard input.
    static func pipe<Result>(from path: String, _ body: () throws -> Result) throws -> Result {
        let pipe = Pipe()
        guard dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO) >= 0 else { throw POSIXError(.EIO) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cat", path]
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        try pipe.fileHandleForWriting.close()
        return try body()
    }

    /// The most memory this process ever held.
    static func peakMemoryBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let number = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw POSIXError(.EIO)
        }
        return number << 10
    }
}

/// A folder of programs in which ffmpeg, or ffprobe, is a shell script and the rest is real.
struct Tools {
    let searchPath: String

    init(_ scratch: Scratch, ffmpeg: String? = nil, ffprobe: String? = nil) throws {
        let folder = scratch.path("tools")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, script) in [("ffmpeg", ffmpeg), ("ffprobe", ffprobe)] {
            guard let script else { continue }
            try "#!/bin/sh\n\(script)\n".write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
        }
        searchPath = folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    }
}
