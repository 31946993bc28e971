import Foundation
import TestSupport

/// What reference systems made of the project's samples; `Tools/golden` has the makers.
enum Golden {
    static func read<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let path = Shared.packageRoot.appendingPathComponent("Tests/WhisperTests/Goldens/\(name).json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: path))
    }

    /// A segment as faster-whisper gives it.
    struct Segment: Decodable {
        let start: Double
        let end: Double
        let tokens: [Int]
        let temperature: Double
        let avgLogprob: Double
        let noSpeechProb: Double
        let compressionRatio: Double
        /// Start, end, probability, CRC-32 of the word's UTF-8.
        let words: [[Double]]?
    }

    /// Segments of a clip, some of which may have been drawn at a temperature above 0.
    typealias Transcripts = [String: [Segment]]
}

extension [Golden.Segment] {
    var tokens: [Int] { flatMap(\.tokens) }
    /// Decoded without drawing at random: comparable token by token.
    var isGreedy: Bool { allSatisfy { $0.temperature == 0 } }
}
