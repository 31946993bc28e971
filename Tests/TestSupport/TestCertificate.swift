import Foundation

/// A certificate for 127.0.0.1 that nobody vouches for, made by openssl.
package struct TestCertificate {
    /// The certificate with its key, for a server.
    package let pairPath: String
    /// The certificate alone, for a client that shall trust it.
    package let path: String

    package init(in folder: TemporaryFolder) throws {
        path = folder.path("certificate.pem")
        let keyPath = folder.path("key.pem")
        let made = try ProgramRun(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
                "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", keyPath, "-out", path,
            ])
        guard made.status == 0 else { throw ProgramRun.Missing.program(made.errors) }
        let both = try [keyPath, path].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        pairPath = try folder.write(both[0] + both[1], to: "server.pem")
    }
}
