import API
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

struct UploadMemoryTests {
    /// Bytes that the process may grow by while two hundred megabytes go through it.
    private static let growthBytesMax = 60 << 20

    /// In a process of its own, as other tests have memory of theirs.
    @Test func `an upload of 200 MB takes the memory of a small one`() async throws {
        await #expect(processExitsWith: .success) {
            let grown = try await UploadMemoryTests.growthBytes(uploading: 200 << 20)
            precondition(grown < UploadMemoryTests.growthBytesMax, "\(grown >> 20) MB")
        }
    }

    private static func growthBytes(uploading size: Int) async throws -> Int {
        let house = try await House { $0.uploadBytesMax = size }
        return try await house.api.service().test(.live) { client in
            let connection = try RawConnection(port: try #require(client.port))
            defer { connection.close() }
            let before = try residentBytes()
            UploadMemoryTests.upload(size, to: connection)
            try await eventually { try await !house.storage.tasks.list(.init(), before: nil, limit: 1).isEmpty }
            let task = try await house.storage.tasks.list(.init(), before: nil, limit: 1).first
            precondition(task?.request.upload?.sizeBytes == size)
            return try residentBytes() - before
        }
    }

    private static func upload(_ size: Int, to connection: RawConnection) {
        let start =
            "--x\r\nContent-Disposition: form-data; name=\"languages\"\r\n\r\nfr\r\n--x\r\n"
            + "Content-Disposition: form-data; name=\"audio_file\"; filename=\"1.wav\"\r\n\r\n"
        let end = "\r\n--x--\r\n"
        connection.send(
            "POST /api/v1/tasks/audio HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                + "Content-Length: \(start.utf8.count + size + end.utf8.count)\r\n\r\n" + start)
        connection.send(Array(quietWAV.prefix(1_024)))
        // Full of what delimiters begin with.
        let block = Array(String(repeating: "\r\n--y and no more of it.", count: 1 << 15).utf8.prefix(1 << 19))
        var sent = 1_024
        while sent < size {
            let part = Array(block.prefix(size - sent))
            connection.send(part)
            sent += part.count
        }
        connection.send(end)
    }

    /// The most that was in memory at once.
    private static func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.split(whereSeparator: { !$0.isNumber })[0])) << 10
    }
}
