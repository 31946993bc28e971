import Foundation

/// A port of this machine at which somebody listens and nobody answers.
final class Listener {
    let port: UInt16
    private let socket: Int32

    init() throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let status = unsafe withUnsafeMutablePointer(to: &address) {
            // Unsafe: an address of the Internet is an address.
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, size) | listen(socket, 8) | getsockname(socket, address, &size)
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }

    /// Whether a connection waits to be accepted.
    func isCalled(withinMs: Int32) -> Bool {
        var waiting = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0)]
        return unsafe poll(&waiting, 1, withinMs) == 1
    }
}
