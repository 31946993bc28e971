import Audio
import Foundation
import TestSupport
import Whisper

/// The samples of a recording, 16 kHz mono.
func pcm(_ path: String) throws -> [Float] {
    try AudioReader(path: path).read(upTo: 16_000 * 3_600)
}

/// A reader of samples that are in memory.
func reader(_ samples: [Float]) -> SampleReader {
    var rest = samples[...]
    return { count in
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}

/// The samples of a clip the goldens name: `voice/beckett`, `de/pangrama`.
func sample(_ id: String) throws -> [Float] {
    let parts = id.split(separator: "/")
    return try parts[0] == "voice"
        ? pcm(TestModels.folder("samples-voice") + "/\(parts[1]).wav")
        : pcm(TestModels.folder("samples-audioeval") + "/\(id).wav")
}

func seconds(_ samples: [Float]) -> Double { Double(samples.count) / 16_000 }

func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }
