import Foundation

/// What a program did: its output and how it ended.
package struct ProgramRun: Sendable {
    package let output: String
    package let errors: String
    package let outputData: Data
    /// The exit code; that of a program a signal ended is 128 + the signal.
    package let status: Int32

    package enum Missing: Error, CustomStringConvertible {
        case program(String)

        package var description: String {
            switch self {
            case .program(let path): "\(path) is not there; run `swift build -c release --build-tests`"
            }
        }
    }

    /// Runs a program to its end.
    ///
    /// - Parameter environment: nil for that of the test.
    package init(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String]? = nil,
        folder: String? = nil
    ) throws {
        let started = try StartedProgram(program, arguments, input: input, environment: environment, folder: folder)
        self = started.wait()
    }

    /// Runs the voicelingua of this build.
    package static func voicelingua(
        _ arguments: String..., input: Data = Data(), environment: [String: String] = [:], folder: String? = nil
    ) throws -> ProgramRun {
        try ProgramRun(
            voicelinguaPath(), arguments, input: input,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, folder: folder)
    }

    /// The program lies beside the bundle of the tests.
    package static func voicelinguaPath() throws -> String {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = tests.appendingPathComponent("voicelingua").path
        let built = Shared.packageRoot.appendingPathComponent(".build/release/voicelingua").path
        for path in [beside, built] where FileManager.default.isExecutableFile(atPath: path) { return path }
        throw Missing.program(built)
    }

    fileprivate init(outputData: Data, errorData: Data, status: Int32) {
        self.outputData = outputData
        output = String(decoding: outputData, as: UTF8.self)
        errors = String(decoding: errorData, as: UTF8.self)
        self.status = status
    }
}

/// A program that runs; ended with the object if it did not end before.
package final class StartedProgram {
    package let process = Process()
    private let errors: Collected
    private let output: Collected

    package init(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String]? = nil,
        folder: String? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let (inputPipe, outputPipe, errorPipe) = (Pipe(), Pipe(), Pipe())
        process.standardInput = inputPipe
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        // A program may end without reading its input: that is an error of the write, not of the test.
        signal(SIGPIPE, SIG_IGN)
        try process.run()
        output = Collected(outputPipe.fileHandleForReading)
        errors = Collected(errorPipe.fileHandleForReading)
        Thread.detachNewThread {
            try? inputPipe.fileHandleForWriting.write(contentsOf: input)
            try? inputPipe.fileHandleForWriting.close()
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Waits for the end and takes what was written.
    package func wait() -> ProgramRun {
        let (outputData, errorData) = (output.wait(), errors.wait())
        process.waitUntilExit()
        let bySignal = process.terminationReason == .uncaughtSignal
        return ProgramRun(
            outputData: outputData, errorData: errorData,
            status: process.terminationStatus + (bySignal ? 128 : 0))
    }
}

/// Everything a pipe brings, read on a thread of its own so that neither of two pipes fills up.
///
/// Unchecked: `data` is written before `done` is signalled and read after.
private final class Collected: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread {
            self.data = handle.readDataToEndOfFile()
            self.done.signal()
        }
    }

    func wait() -> Data {
        done.wait()
        return data
    }
}
