import Foundation

import Audio

/// A temporary folder, gone with this object, in which ffmpeg makes recordings.
final class Scratch {
    let folder = FileManager.default.temporaryDirectory.path + "/audio-tests-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    /// Makes a file of a sound that `source` describes in the words of ffmpeg's `lavfi`.
    func make(_ name: String, _ source: String = "sine=440:d=2", _ options: [String] = []) throws -> String {
        _ = try Scratch.ffmpeg(["-f", "lavfi", "-i", source] + options + ["file:" + path(name)])
        return path(name)
    }

    /// The first `share` of a file, as another file.
    func cut(_ path: String, share: Double) throws -> String {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return try write(bytes.prefix(Int(Double(bytes.count) * share)), "cut-" + path.split(separator: "/").last!)
    }

    struct Failed: Error { let arguments: [String] }

    /// Runs ffmpeg as anybody would and returns what it writes to standard output.
    static func ffmpeg(_ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-nostdin", "-v", "error", "-y"] + arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(arguments: arguments) }
        return data
    }

    /// What ffmpeg makes of a file by itself.
    static func reference(_ path: String) throws -> [Float] {
        let data = try ffmpeg(["-i", "file:" + path, "-ac", "1", "-ar", "16000", "-f", "s16le", "-"])
        return stride(from: 0, to: data.count - 1, by: 2).map { start in
            Float(Int16(bitPattern: UInt16(data[start]) | UInt16(data[start + 1]) << 8)) / 32_768
        }
    }
}

extension AudioReader {
    /// All that is left.
    func rest() throws(AudioError) -> [Float] { try read(upTo: .max) }
}

/// The error that opening and reading a file ends with, nil where it ends well.
func failure(_ path: String, _ limits: AudioLimits = AudioLimits(), searchPath: String = AudioReader.programs)
    -> AudioError?
{
    do throws(AudioError) {
        _ = try AudioReader(path: path, limits: limits, searchPath: searchPath).rest()
        return nil
    } catch { return error }
}
