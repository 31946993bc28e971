import Crypto
import Foundation
import NIOCore
import Store
import Transcript

/// A recording on its way to the disk: written and hashed as it arrives, by a thread of its own queue.
///
/// Unchecked: everything that changes is touched on `queue` alone, one block at a time.
final class ReceivedFile: @unchecked Sendable {
    /// Bytes that are written at once.
    private static let blockBytes = 256 << 10

    let upload: Blobs.Upload
    /// The field of the form it comes in.
    private let field: String
    private let blobs: Blobs
    private let file: FileHandle
    private let queue = DispatchQueue(label: "voicelingua.upload")
    private var hash = SHA256()

    /// What the caller's task alone touches.
    private var block = ByteBuffer()
    private(set) var sizeBytes = 0
    private(set) var head: [UInt8] = []

    /// - Throws: `StoreError`.
    init(blobs: Blobs, field: String) throws {
        self.blobs = blobs
        self.field = field
        upload = try blobs.begin("uploads")
        guard let file = FileHandle(forWritingAtPath: upload.path) else {
            blobs.abandon(upload)
            throw StoreError.notOpened(path: upload.path, why: "an upload cannot be written")
        }
        self.file = file
    }

    /// - Throws: `Malformed.notAudio` as soon as the first bytes tell; `StoreError.full`.
    func append(_ bytes: ByteBuffer) async throws {
        let wasShort = head.count < AudioSignature.bytesMax
        if wasShort { head += bytes.readableBytesView.prefix(AudioSignature.bytesMax - head.count) }
        sizeBytes += bytes.readableBytes
        if wasShort, head.count == AudioSignature.bytesMax { try checkHead() }
        block.writeImmutableBuffer(bytes)
        if block.readableBytes >= ReceivedFile.blockBytes { try await flush() }
    }

    /// The whole file is there: synced, named, hashed.
    func finish() async throws -> TaskRequest.Upload {
        if head.count < AudioSignature.bytesMax { try checkHead() }
        try await flush()
        let digest = try await BlockingWork.run(on: queue) {
            try self.file.close()
            try self.blobs.commit(self.upload)
            return self.hash.finalize()
        }
        return TaskRequest.Upload(blob: upload.key, hash: hexadecimal(digest), sizeBytes: sizeBytes)
    }

    /// Nothing of it stays; a file that was finished before is removed too.
    func abandon() async {
        // The reason why it is given up is told already.
        try? await BlockingWork.run(on: queue) {
            try? self.file.close()
            self.blobs.abandon(self.upload)
            try self.blobs.remove([self.upload.key])
        }
    }

    private func checkHead() throws {
        guard !head.isEmpty else { throw Malformed.emptyFile(name: field) }
        guard AudioSignature.container(head) != nil else { throw Malformed.notAudio(field: field) }
    }

    private func flush() async throws {
        let bytes = block
        block = ByteBuffer()
        guard bytes.readableBytes > 0 else { return }
        try await BlockingWork.run(on: queue) {
            let data = Data(bytes.readableBytesView)
            self.hash.update(data: data)
            do { try self.file.write(contentsOf: data) } catch {
                throw StoreError.full(path: self.upload.path)
            }
        }
    }
}
