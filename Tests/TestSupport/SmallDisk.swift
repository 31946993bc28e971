import Foundation

/// A disk of a few megabytes in a folder of a test, gone with the object.
package final class SmallDisk: Sendable {
    package enum Problem: Error { case refused(errors: String) }

    /// Whether it can be had: the system lets its owner alone make one, and a sandbox nobody.
    package static let isAllowed: Bool = {
        // No is the answer then.
        guard let folder = try? TemporaryFolder() else { return false }
        return (try? SmallDisk("disk", in: folder)) != nil
    }()

    private static let sizeBytes = 4 << 20
    private let path: String
    private let folder: TemporaryFolder

    /// - Parameter name: of the folder it lies in.
    package init(_ name: String, in folder: TemporaryFolder) throws {
        self.folder = folder
        path = folder.path(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let run = try ProgramRun(
            "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=\(SmallDisk.sizeBytes)", "tmpfs", path])
        guard run.status == 0 else { throw Problem.refused(errors: run.errors) }
    }

    // What still holds a file of it keeps it, unseen.
    deinit { _ = try? ProgramRun("/usr/bin/env", ["umount", "--lazy", path]) }

    /// Leaves room for nothing.
    package func fill() throws {
        let filler = URL(fileURLWithPath: path + "/filler")
        try Data().write(to: filler)
        let file = try FileHandle(forWritingTo: filler)
        // It ends when there is no room.
        while (try? file.write(contentsOf: Data(count: 4096))) != nil {}
        try file.close()
    }

    package func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}
