import Foundation
import Testing

import Audio

@Suite struct WAVHeaderTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// A file of `frames` 16-bit samples 1, 2, 3, … whose `data` chunk claims `length` bytes.
    static func wav(frames: Int, length: UInt32? = nil, channels: UInt16 = 1, before: [UInt8] = []) -> [UInt8] {
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            unsafe withUnsafeBytes(of: value.littleEndian) { unsafe Array($0) }
        }
        let data = (0..<frames * Int(channels)).flatMap { little(Int16($0 + 1)) }
        let format =
            Array("fmt ".utf8) + little(UInt32(16)) + little(UInt16(1)) + little(channels) + little(UInt32(16_000))
            + little(UInt32(32_000) * UInt32(channels)) + little(2 * channels) + little(UInt16(16))
        let body =
            Array("WAVE".utf8) + format + before + Array("data".utf8) + little(length ?? UInt32(data.count)) + data
        return Array("RIFF".utf8) + little(UInt32(body.count)) + body
    }

    private func samples(_ bytes: [UInt8]) throws -> (values: [Int], findings: [AudioFinding]) {
        // Without ffmpeg at hand: it is read in process.
        let reader = try AudioReader(path: scratch.write(bytes, "a.wav"), searchPath: "")
        return (try reader.rest().map { Int($0 * 32_768) }, reader.findings)
    }

    @Test(arguments: [0, 0x7FFF_0000, 0x7FFF_F000, 0x7FFF_FFFF, 0xFFFF_FFFF])
    func `a length that was unknown to the writer means all up to the end`(length: UInt32) throws {
        let (values, findings) = try samples(WAVHeaderTests.wav(frames: 5, length: length))
        #expect(values == [1, 2, 3, 4, 5])
        #expect(findings.isEmpty)
    }

    @Test func `a length past the end gives what is there and says so`() throws {
        let (values, findings) = try samples(WAVHeaderTests.wav(frames: 5, length: 64_000))
        #expect(values == [1, 2, 3, 4, 5])
        #expect(findings == [.truncated(seconds: 5 / 16_000, promisedSeconds: 2)])
    }

    @Test func `a length before the end leaves the rest out`() throws {
        let (values, findings) = try samples(WAVHeaderTests.wav(frames: 5, length: 6))
        #expect(values == [1, 2, 3])
        #expect(findings.isEmpty)
    }

    @Test func `half a sample at the end is left out`() throws {
        #expect(try samples(WAVHeaderTests.wav(frames: 3, length: 0) + [9]).values == [1, 2, 3])
    }

    @Test func `channels are averaged`() throws {
        let (values, _) = try samples(WAVHeaderTests.wav(frames: 3, channels: 2).map { $0 })
        #expect(values == [1, 3, 5])
    }

    @Test func `chunks before the data are passed over, odd ones with their padding`() throws {
        let tags = Array("LIST".utf8) + [3, 0, 0, 0, 7, 7, 7, 0] + Array("fact".utf8) + [0, 0, 0, 0]
        #expect(try samples(WAVHeaderTests.wav(frames: 2, before: tags)).values == [1, 2])
    }

    @Test func `a truncated file without a sample is an error`() throws {
        let path = try scratch.write(WAVHeaderTests.wav(frames: 0, length: 64_000), "a.wav")
        #expect(failure(path) == .noSamples(file: path))
    }

    @Test func `data that begins at the last byte looked at is read in process, one further is not`() throws {
        func header(padding: Int) -> WAVHeader? {
            let chunk = Array("junk".utf8) + (0..<4).map { UInt8(padding >> (8 * $0) & 0xFF) }
            let bytes = WAVHeaderTests.wav(frames: 2, before: chunk + [UInt8](repeating: 0, count: padding))
            return WAVHeader(Array(bytes.prefix(WAVHeader.sizeBytesMax)), fileBytes: bytes.count)
        }
        // 12 + 24 + 8 bytes before the padding, 8 of the data chunk after it.
        let most = WAVHeader.sizeBytesMax - 52
        #expect(header(padding: most)?.offset == WAVHeader.sizeBytesMax)
        #expect(header(padding: most + 2) == nil)
    }

    @Test func `no mutation of a header makes the reader crash, read past the end or give what is no sample`() throws {
        let seed: UInt64 = 20_240_611
        var random = Seeded(seed: seed)
        let extensible = try scratch.make("e.wav", "aevalsrc=sin(t)|cos(t):s=16000:d=0.01", ["-c:a", "pcm_s24le"])
        let models = [
            WAVHeaderTests.wav(frames: 40),
            WAVHeaderTests.wav(frames: 20, channels: 2, before: Array("LIST".utf8) + [2, 0, 0, 0, 1, 1]),
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: extensible))),
            [UInt8](
                try Data(
                    contentsOf: URL(
                        fileURLWithPath: scratch.make("f.wav", "sine=d=0.01:r=16000", ["-c:a", "pcm_f64le"])))),
        ]
        let path = try scratch.write([], "fuzz.wav")
        let handle = try #require(FileHandle(forWritingAtPath: path))
        var read = 0
        for round in 0..<20_000 {
            var bytes = models.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<min(bytes.count, 90), using: &random)
                bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, UInt8.random(in: 0...255, using: &random)].randomElement(
                    using: &random)!
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            guard !bytes.isEmpty else { continue }
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: bytes)
            try handle.truncate(atOffset: UInt64(bytes.count))
            let file = try AudioFile(path: path, limits: AudioLimits())
            guard let header = try file.wavHeader(), var wav = WAVSamples(file, header) else { continue }
            read += 1
            let inside = header.offset + wav.frames * wav.format.frameBytes <= bytes.count
            #expect(inside, "seed \(seed), round \(round)")
            let count = try wav.next(1 << 16).count
            #expect(try count == wav.frames && wav.next(1).isEmpty, "seed \(seed), round \(round)")
        }
        // Most mutations leave a file that is read, so that something was tried.
        #expect(read > 2_000)
    }
}
