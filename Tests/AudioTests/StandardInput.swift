import Foundation

/// Standard input of a test's own process; only for tests that run in one.
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
}
