import Foundation
import Synchronization

/// A program that serves until it is stopped, whose lines on standard output are waited for; ended by its process id with
/// the object.
///
/// Unchecked: `Process` is started before others see it, and told nothing but signals afterwards.
package final class ServingProgram: @unchecked Sendable {
    package enum Problem: Error {
        case endedEarly(errors: String)
        /// Nothing came for `patienceMs`.
        case silent(errors: String)
    }

    private static let patienceMs: Int32 = 120_000

    private let process = Process()
    private let output = Pipe()
    private let unread = Mutex(Data())
    private let errorFile: TemporaryFolder

    /// - Parameter environment: nil for that of the test.
    package init(_ program: String, _ arguments: [String], environment: [String: String]? = nil) throws {
        errorFile = try TemporaryFolder()
        try errorFile.write("", to: "errors")
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errorFile.path("errors"))
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    package var processID: Int32 { process.processIdentifier }

    /// What it wrote on standard error so far.
    package var errors: String {
        // It was made before the program started.
        (try? String(contentsOfFile: errorFile.path("errors"), encoding: .utf8)) ?? ""
    }

    /// Waits for the next line.
    ///
    /// - Throws: `Problem`.
    package func nextLine() throws -> String {
        try unread.withLock { unread in
            while true {
                if let end = unread.firstIndex(of: 10) {
                    let line = String(decoding: unread[..<end], as: UTF8.self)
                    unread = Data(unread[(end + 1)...])
                    return line
                }
                var wait = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
                // A struct that lives for the call.
                guard unsafe poll(&wait, 1, ServingProgram.patienceMs) != 0 else {
                    throw Problem.silent(errors: errors)
                }
                let more = output.fileHandleForReading.availableData
                guard !more.isEmpty else { throw Problem.endedEarly(errors: errors) }
                unread.append(more)
            }
        }
    }

    package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    ///
    /// - Returns: the exit code; that of a program a signal ended is 128 + the signal.
    package func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
    }
}
