import Foundation

/// Clients of others, from the package registry: installed once below `.build`, by the versions of
/// `Tools/clients/requirements.txt`.
package enum PythonClients {
    package enum Missing: Error, CustomStringConvertible {
        case notInstalled(said: String)

        package var description: String {
            switch self {
            case .notInstalled(let said):
                "the clients of Tools/clients/requirements.txt cannot be installed; connect to a package registry: \(said)"
            }
        }
    }

    private static let installed = Result { try install() }

    /// The Python that has them.
    package static func python() throws -> String { try installed.get() }

    private static func install() throws -> String {
        let root = Shared.packageRoot.path
        let requirements = root + "/Tools/clients/requirements.txt"
        let wanted = try String(contentsOfFile: requirements, encoding: .utf8)
        let folder = root + "/.build/clients"
        let python = folder + "/bin/python"
        // Written last, so that what broke off is done again.
        let marker = folder + "/installed.txt"
        if let installed = try? String(contentsOfFile: marker, encoding: .utf8), installed == wanted { return python }
        for arguments in [
            ["python3", "-m", "venv", "--clear", folder],
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
        ] {
            let run = try ProgramRun("/usr/bin/env", arguments, environment: ProcessInfo.processInfo.environment)
            guard run.status == 0 else { throw Missing.notInstalled(said: String(run.errors.suffix(300))) }
        }
        try wanted.write(toFile: marker, atomically: true, encoding: .utf8)
        return python
    }
}
