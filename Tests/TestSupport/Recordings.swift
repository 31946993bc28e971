import Foundation

/// Recordings that ffmpeg makes in a folder of a test.
package struct Recordings {
    package enum Problem: Error { case ffmpeg(arguments: [String], errors: String) }

    private let folder: TemporaryFolder

    package init(in folder: TemporaryFolder) { self.folder = folder }

    /// Another form of a recording.
    ///
    /// - Parameter options: of ffmpeg, for its output.
    /// - Returns: the path.
    package func convert(_ source: String, to name: String, _ options: String...) throws -> String {
        try ffmpeg(["-i", source] + options, name)
    }

    /// A sound in the words of ffmpeg's `lavfi`.
    ///
    /// - Returns: the path.
    package func make(_ sound: String, _ name: String, _ options: String...) throws -> String {
        try ffmpeg(["-f", "lavfi", "-i", sound] + options, name)
    }

    /// The first `share` of the bytes of a file.
    ///
    /// - Returns: the path.
    package func cut(_ source: String, to name: String, share: Double) throws -> String {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        return try folder.write(bytes.prefix(Int(Double(bytes.count) * share)), to: name)
    }

    private func ffmpeg(_ arguments: [String], _ name: String) throws -> String {
        // The folder on the way is made by writing the file once.
        let path = try folder.write("", to: name)
        let all = ["ffmpeg", "-nostdin", "-v", "error", "-y"] + arguments + ["file:" + path]
        let run = try ProgramRun("/usr/bin/env", all)
        guard run.status == 0 else { throw Problem.ffmpeg(arguments: all, errors: run.errors) }
        return path
    }
}
