import Foundation

/// `Tests/Servers/receiver.py` on a free port of this machine; ended by its process id with the object.
package final class CallbackReceiver: Sendable {
    /// A request as it came.
    package struct Received: Decodable, Sendable {
        package let path: String
        /// By names in lower case.
        package let headers: [String: String]
        package let body: String
    }

    package let url: String
    private let program: ServingProgram

    /// - Parameter statuses: of its answers in order; the last one goes on.
    package init(_ statuses: Int...) throws {
        program = try ServingProgram(
            "/usr/bin/env",
            ["python3", Shared.packageRoot.appendingPathComponent("Tests/Servers/receiver.py").path]
                + statuses.map(String.init))
        url = "http://127.0.0.1:\(try program.nextLine())/callback"
    }

    /// Waits for the next request.
    package func next() throws -> Received {
        try JSONDecoder().decode(Received.self, from: Data(program.nextLine().utf8))
    }
}
