import Foundation

/// `Tests/Servers/hub.py` on a free port of this machine; ended by its process id with the object.
///
/// Unchecked: the lines are read by one test at a time.
package final class HubServer: @unchecked Sendable {
    package let port: Int
    private let process = Process()
    private let output = Pipe()
    private var unread = Data()

    package enum Problem: Error { case endedEarly }

    /// - Parameter behaviour: how every file is served; nil where the repository of the request says it.
    package init(folder: String, always behaviour: String? = nil, certificate: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", Shared.packageRoot.appendingPathComponent("Tests/Servers/hub.py").path, folder]
            + (behaviour.map { ["--always", $0] } ?? []) + (certificate.map { ["--certificate", $0] } ?? [])
        process.standardOutput = output
        try process.run()
        guard let line = HubServer.line(of: output, unread: &unread), let port = Int(line) else {
            throw Problem.endedEarly
        }
        self.port = port
    }

    deinit { kill(process.processIdentifier, SIGKILL) }

    package func address(scheme: String = "http") -> String { "\(scheme)://127.0.0.1:\(port)" }

    /// The next answer: behaviour, status and range asked for; waits until there is one.
    package func nextAnswer() throws -> String {
        guard let line = HubServer.line(of: output, unread: &unread) else { throw Problem.endedEarly }
        return line
    }

    private static func line(of pipe: Pipe, unread: inout Data) -> String? {
        while true {
            if let end = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                return line
            }
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            unread.append(more)
        }
    }
}
