import Audio
import Foundation

/// A folder of programs in which ffmpeg, or ffprobe, is a shell script and the rest is real.
struct Tools {
    let searchPath: String

    init(_ scratch: Scratch, ffmpeg: String? = nil, ffprobe: String? = nil) throws {
        let folder = scratch.path("tools")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, script) in [("ffmpeg", ffmpeg), ("ffprobe", ffprobe)] {
            guard let script else { continue }
            try "#!/bin/sh\n\(script)\n".write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
        }
        searchPath = folder + ":" + AudioReader.programs
    }
}
