import Foundation
import Testing

/// A connection that can be dropped in the middle of something.
final class RawConnection {
    private let descriptor: Int32

    enum Failure: Error { case refused(errno: Int32) }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            // The address lives during the call, which gets its size.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.refused(errno: errno) }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                // The part of the array that was not sent yet.
                unsafe Foundation.send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Reads until some text came, on a thread of its own, as the server needs the others.
    ///
    /// - Returns: what came; less where the connection ended or nothing came for ten seconds.
    func receive(until end: String) async -> String {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var all: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 4_096)
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                while !String(decoding: all, as: UTF8.self).contains(end), unsafe poll(&wait, 1, 10_000) > 0 {
                    // The array has as many bytes as are asked for.
                    let count = unsafe recv(descriptor, &block, block.count, 0)
                    guard count > 0 else { break }
                    all += block[..<count]
                }
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }
        }
    }

    /// Waits, on a thread of its own, until something came or the connection was closed.
    ///
    /// - Returns: false where neither happened in time.
    func hasNews(withinMs: Int32) async -> Bool {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                // One descriptor, which lives during the call.
                continuation.resume(returning: unsafe poll(&wait, 1, withinMs) > 0)
            }
        }
    }

    func close() { Foundation.close(descriptor) }
}

/// Waits for something to be so, ten seconds at most.
func eventually(_ isSo: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if try await isSo() { return }
        await Task.yield()
    }
    Issue.record("it never came to be")
}
