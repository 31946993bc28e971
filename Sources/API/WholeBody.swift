import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// - Throws: `Malformed.tooLarge`, `Refused.slow`.
    func wholeBody(bytesMax: Int, secondsMax: Int) async throws -> ByteBuffer {
        let deadline = BodyDeadline(secondsMax: secondsMax)
        var bytes = ByteBuffer()
        for try await chunk in body {
            try deadline.check()
            guard bytes.readableBytes + chunk.readableBytes <= bytesMax else {
                throw Malformed.tooLarge(bytesMax: bytesMax)
            }
            bytes.writeImmutableBuffer(chunk)
        }
        return bytes
    }
}

extension Desk {
    /// The whole body.
    ///
    /// - Throws: `Malformed.tooLarge`, `Refused.slow`.
    func body(_ request: Request, bytesMax: Int) async throws -> ByteBuffer {
        try await request.wholeBody(bytesMax: bytesMax, secondsMax: settings.bodySecondsMax)
    }
}
