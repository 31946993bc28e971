import Foundation
import Store
import TestSupport
import Testing

struct BlobsTests {
    private static func write(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    @Test func `a blob has its name when it is whole`() async throws {
        let store = try await StoreFixture()
        let blobs = store.storage.blobs
        let upload = try blobs.begin("uploads")
        let attributes = try FileManager.default.attributesOfItem(atPath: upload.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 0)
        try BlobsTests.write("sound", to: upload.path)
        #expect(!FileManager.default.fileExists(atPath: blobs.path(upload.key)))
        try blobs.commit(upload)
        #expect(try String(contentsOfFile: blobs.path(upload.key), encoding: .utf8) == "sound")
        #expect(!FileManager.default.fileExists(atPath: upload.path))
        try blobs.remove([upload.key])
        try blobs.remove([upload.key])
        #expect(!FileManager.default.fileExists(atPath: blobs.path(upload.key)))
    }

    @Test func `an upload that is abandoned leaves nothing`() async throws {
        let store = try await StoreFixture()
        let upload = try store.storage.blobs.begin("packages")
        store.storage.blobs.abandon(upload)
        #expect(!FileManager.default.fileExists(atPath: upload.path))
        #expect(throws: StoreError.self) { try store.storage.blobs.commit(upload) }
    }

    @Test func `uploads of a process that is gone are swept, those of this one are not`() async throws {
        let store = try await StoreFixture()
        let old = try store.storage.blobs.begin("uploads")
        store.clock.turn(1)
        let clock = store.clock
        let again = try await Storage(folder: store.folder.path, now: { clock.now })
        let new = try again.blobs.begin("uploads")
        try again.blobs.sweep()
        #expect(!FileManager.default.fileExists(atPath: old.path))
        #expect(FileManager.default.fileExists(atPath: new.path))
    }

    @Test(arguments: [
        "uploads/../voicelingua.db", "uploads", "uploads/", "/etc/passwd", "uploads/.x", "other/a", "uploads/a/b",
    ])
    func `a key that leads elsewhere is none`(key: String) {
        #expect(!BlobKey(rawValue: key).isPlain)
    }

    @Test func `blobs that belong to no task are found an hour after they got their names`() async throws {
        let store = try await StoreFixture()
        // An upload that began long ago, and got its name just now, by the clock of the system.
        let upload = try store.storage.blobs.begin("uploads")
        try store.storage.blobs.commit(upload)
        let used = try store.storage.blobs.begin("uploads")
        try store.storage.blobs.commit(used)
        var request = StoreFixture.audio()
        request.upload?.blob = used.key
        _ = try await store.tasks.create(request)
        store.clock.turn(Database.systemClock() - store.clock.now)
        #expect(try store.storage.agedBlobs().isEmpty)
        #expect(try await store.storage.inspect().isEmpty)
        store.clock.turn(Storage.orphanAgeMs + 1)
        let aged = try store.storage.agedBlobs()
        #expect(Set(aged) == [upload.key, used.key])
        #expect(try await store.storage.orphans(among: aged) == [upload.key])
        #expect(try await store.storage.inspect() == [.nobodys(upload.key)])
        try store.storage.blobs.remove([upload.key])
        #expect(try await store.storage.inspect().isEmpty)
        try store.storage.blobs.remove([used.key])
        #expect(try await store.storage.inspect() == [.missing(used.key)])
    }
}
