import Inference
import TestSupport
import Testing
import Transcript
import Whisper

extension WithWeights {
    struct WordTimesTests {
        struct Transcripts: Decodable { let greedyWords: Golden.Transcripts }

        private func words(
            _ id: String, _ precision: Precision, usesVoiceActivity: Bool = false
        ) throws -> Recording {
            var options = TranscriptionOptions()
            options.language = id.hasPrefix("voice") ? "en" : String(id.prefix(2))
            options.hasWordTimes = true
            options.decoding.beamSize = 1
            options.usesVoiceActivity = usesVoiceActivity
            return try Engine.base.transcriber(precision).transcribe(reader(sample(id)), options: options)
        }

        @Test(arguments: [
            "voice/beckett", "voice/two_cities", "en/quick_brown_fox", "fr/pangrama", "zh/pangrama", "ja/pangrama",
        ])
        func `float32 times words as the reference does, within 0.1 s`(_ id: String) throws {
            let golden: Transcripts = try Golden.read("transcripts.base")
            let segments = try #require(golden.greedyWords[id])
            let recording = try words(id, .float32)
            // Of a recording of two windows, the first is compared, without its last words: behind them it leaves a
            // segment open, over which the reference stretches them before it goes on from there.
            let firstWindow = segments.filter { $0.start < 25 }
            let leftOut = firstWindow.count < segments.count ? 3 : 0
            let expected = firstWindow.flatMap { $0.words ?? [] }.dropLast(leftOut)
            try #require(recording.segments.count >= firstWindow.count)
            let own = recording.segments.prefix(firstWindow.count)
            try #require(own.flatMap(\.tokens) == firstWindow.tokens, "other tokens than the reference's")
            let found = own.flatMap { $0.words ?? [] }.dropLast(leftOut)
            try #require(
                found.map { Double(crc32($0.text)) } == expected.map { $0[3] }, "other words than the reference's")
            var largest = 0.0
            for (word, wanted) in zip(found, expected) {
                largest = max(largest, abs(word.start - wanted[0]), abs(word.end - wanted[1]))
                #expect(abs(word.start - wanted[0]) <= 0.1 && abs(word.end - wanted[1]) <= 0.1, "\(word) for \(wanted)")
                #expect(abs(word.probability - wanted[2]) < 0.02, "\(word) for \(wanted)")
            }
            print("word times of \(id): largest difference \(largest) s in \(found.count) words")
        }

        @Test func `words lie inside their segments, in order, inside the recording`() throws {
            for usesVoiceActivity in [false, true] {
                let recording = try words("voice/two_cities", .int8, usesVoiceActivity: usesVoiceActivity)
                #expect(!recording.segments.isEmpty)
                var last = 0.0
                for segment in recording.segments {
                    let own = try #require(segment.words)
                    #expect(own.map(\.text).joined() == segment.text)
                    for word in own {
                        #expect(word.start >= last - 1e-9 && word.end >= word.start, "\(word)")
                        #expect(word.start >= segment.start - 1e-9 && word.end <= segment.end + 1e-9, "\(word)")
                        #expect(word.probability > 0 && word.probability <= 1)
                        last = word.start
                    }
                    #expect(segment.end <= recording.durationSeconds + 1e-9)
                }
            }
        }

        /// CRC-32 as zlib and PNG have it.
        private func crc32(_ text: String) -> UInt32 {
            var crc = ~UInt32(0)
            for byte in text.utf8 {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
            }
            return ~crc
        }
    }
}
