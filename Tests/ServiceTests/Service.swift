import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The program serving from a folder of a test, on a port that was free.
struct Service {
    let program: ServingProgram
    let address: String

    /// Starts it and waits until it listens.
    init(data: String, _ flags: String..., environment: [String: String] = [:]) throws {
        try self.init(data: data, flags: flags, environment: environment)
    }

    init(data: String, flags: [String], environment: [String: String] = [:]) throws {
        program = try ServingProgram(
            ProgramRun.voicelinguaPath(), Service.arguments(data, flags), environment: environment)
        address = String(try program.nextLine().trimmingPrefix("VoiceLingua serves "))
    }

    static func arguments(_ data: String, _ flags: [String]) -> [String] {
        ["serve", "--port", "0", "--data", data] + flags
    }

    /// Runs a command of the program against the service.
    func run(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun(
            ProgramRun.voicelinguaPath(), arguments,
            environment: ProcessInfo.processInfo.environment.merging(["VOICELINGUA_SERVER": address]) { $1 })
    }

    /// Sends a signal and waits for the end.
    func stop(_ signal: Int32 = SIGTERM) -> (status: Int32, took: Duration) {
        let start = ContinuousClock.now
        program.send(signal)
        return (program.wait(), .now - start)
    }

    /// Hands a file in.
    ///
    /// - Returns: the task's id.
    func submit(_ file: String, _ options: String...) throws -> String {
        let run = try ProgramRun(
            ProgramRun.voicelinguaPath(), ["submit", file, "--server", address] + options)
        guard run.status == 0, let id = run.output.split(separator: "\t").dropFirst().first else {
            throw Problem.notSubmitted(errors: run.errors, log: program.errors)
        }
        return String(id)
    }

    /// Sends a request without a body.
    func ask(_ path: String, method: String = "GET") async throws -> (status: Int, body: Data) {
        var request = URLRequest(url: try #require(URL(string: address + path)))
        request.httpMethod = method
        let (body, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, body)
    }

    enum Problem: Error { case notSubmitted(errors: String, log: String) }
}

/// Asks again and again, with a breath between for those who work.
func waitUntil(seconds: Double = 30, _ isSo: () async throws -> Bool) async throws {
    let start = ContinuousClock.now
    while try await !isSo() {
        try #require(.now - start < .seconds(seconds), "not in time")
        _ = poll(nil, 0, 5)
    }
}
