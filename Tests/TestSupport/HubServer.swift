import Foundation

/// `Tests/Servers/hub.py` on a free port of this machine; ended by its process id with the object.
package final class HubServer: Sendable {
    package let port: Int
    private let program: ServingProgram

    package enum Problem: Error { case noPort(line: String) }

    /// - Parameter behaviour: how every file is served; nil where the repository of the request says it.
    package init(folder: String, always behaviour: String? = nil, certificate: String? = nil) throws {
        program = try ServingProgram(
            "/usr/bin/env",
            ["python3", Shared.packageRoot.appendingPathComponent("Tests/Servers/hub.py").path, folder]
                + (behaviour.map { ["--always", $0] } ?? []) + (certificate.map { ["--certificate", $0] } ?? []))
        let line = try program.nextLine()
        guard let port = Int(line) else { throw Problem.noPort(line: line) }
        self.port = port
    }

    package func address(scheme: String = "http") -> String { "\(scheme)://127.0.0.1:\(port)" }

    /// The next answer: behaviour, status and range asked for; waits until there is one.
    package func nextAnswer() throws -> String { try program.nextLine() }
}
