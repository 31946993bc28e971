import Audio
import Foundation
import Testing

@Suite struct AudioReaderTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test(arguments: ["u8", "s16le", "s24le", "s32le", "f32le", "f64le"], [1, 2])
    func `a 16 kHz WAV gives the samples ffmpeg gives`(encoding: String, channels: Int) throws {
        let path = try scratch.make(
            "a.wav", "aevalsrc=0.9*sin(1760*t)|0.7*cos(999*t):s=16000:d=1.3",
            ["-ac", "\(channels)", "-c:a", "pcm_" + encoding])
        // Without ffmpeg at hand: it is read in process.
        let reader = try AudioReader(path: path, searchPath: "")
        let samples = try reader.rest()
        let reference = try Scratch.reference(path)
        #expect(samples.count == reference.count && samples.count == 20_800)
        #expect(zip(samples, reference).allSatisfy { abs($0 - $1) <= 1 / 32_768 })
        #expect(reader.durationSeconds == 1.3)
        #expect(reader.findings.isEmpty)
    }

    static let containers: [(name: String, options: [String])] = [
        ("8k.wav", ["-ar", "8000"]), ("22k.wav", ["-ar", "22050"]), ("44k.wav", ["-ar", "44100"]),
        ("48k.wav", ["-ar", "48000", "-ac", "2", "-c:a", "pcm_s24le"]), ("6.wav", ["-ac", "6"]),
        ("6at16k.wav", ["-ac", "6", "-ar", "16000"]), ("mulaw.wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
        ("alaw.wav", ["-ar", "16000", "-c:a", "pcm_alaw"]), ("a.w64", []), ("a.aiff", []), ("a.mp3", []),
        ("a.m4a", []), ("a.aac", []), ("a.flac", []), ("a.ogg", []), ("opus.ogg", ["-c:a", "libopus"]),
        ("a.opus", ["-ac", "2"]), ("a.webm", []), ("a.mkv", ["-c:a", "flac"]), ("a.ac3", []),
        ("a.mp4", ["-f", "lavfi", "-i", "testsrc=d=2:s=64x64:r=5", "-map", "1:v", "-map", "0:a"]),
    ]

    @Test(arguments: containers.indices)
    func `a tone keeps its pitch and length in every container`(index: Int) throws {
        let (name, options) = AudioReaderTests.containers[index]
        let path = try scratch.make(name, "sine=440:d=2", options)
        let reader = try AudioReader(path: path)
        let samples = try reader.rest()
        #expect(abs(Double(samples.count) / 16_000 - 2) < 0.12)
        #expect(abs(try #require(reader.durationSeconds) - 2) < 0.12)
        #expect(reader.findings.isEmpty)
        let middle = samples[8_000..<24_000]
        let rises = zip(middle, middle.dropFirst()).count { $0 < 0 && $1 >= 0 }
        #expect(439...441 ~= rises)
        let loudness = (middle.reduce(0) { $0 + $1 * $1 } / 16_000).squareRoot()
        // The tone of ffmpeg has an amplitude of 1/8; six channels share it as the speakers of a room do.
        #expect(0.02...0.1 ~= loudness)
    }

    @Test(arguments: ["a.wav", "a.flac"], [1, 7, 999, 65_537])
    func `pieces of any size are the same samples`(name: String, size: Int) throws {
        let path = try scratch.make(name, "sine=300:d=5:r=16000")
        let whole = try AudioReader(path: path).rest()
        let reader = try AudioReader(path: path)
        var pieces: [Float] = []
        while true {
            let piece = try reader.read(upTo: size)
            pieces += piece
            if piece.count < size { break }
        }
        #expect(pieces == whole)
        #expect(whole.count == 80_000)
        #expect(try reader.read(upTo: size) == [])
    }

    @Test func `a float WAV outside of its range is clipped and holds no NaN`() throws {
        let path = try scratch.make("a.wav", "aevalsrc=3*sin(1000*t):s=16000:d=1", ["-c:a", "pcm_f32le"])
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes.replaceSubrange(bytes.count - 8..<bytes.count, with: [0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x7F])
        let samples = try AudioReader(path: scratch.write(bytes, "nan.wav")).rest()
        #expect(samples.min() == -1 && samples.max() == 1)
        #expect(samples.suffix(2) == [0, 1])
    }

    @Test func `standard input is read from a pipe, also a container with its index at the end`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            for name in ["a.m4a", "a.wav", "a.mp3"] {
                let path = try scratch.make(name, "sine=440:d=2:r=16000")
                let reader = try StandardInput.pipe(from: path) { try AudioReader(standardInput: AudioLimits()) }
                #expect(try reader.rest() == AudioReader(path: path).rest())
            }
        }
    }

    @Test func `standard input is read from a redirected file`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.make("a.flac")
            try StandardInput.redirect(to: path)
            #expect(try AudioReader(standardInput: AudioLimits()).rest() == AudioReader(path: path).rest())
        }
    }

    @Test func `standard input that ends at once is empty`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.write([], "empty")
            #expect(throws: AudioError.empty(file: "standard input")) {
                try StandardInput.pipe(from: path) { try AudioReader(standardInput: AudioLimits()) }
            }
        }
    }

    @Test func `a file named like an option, an address or a protocol is only a file`() throws {
        let tone = try scratch.make("tone.flac")
        try FileManager.default.createDirectory(atPath: scratch.path("http:"), withIntermediateDirectories: false)
        for name in ["-i.flac", "concat:a|b.flac", "http:/a.flac", "%03d.flac", "a\nb.flac", "'; ls #.flac"] {
            try FileManager.default.copyItem(atPath: tone, toPath: scratch.path(name))
            #expect(try AudioReader(path: scratch.path(name)).rest().count == 32_000)
        }
    }

    @Test func `memory does not grow with the length of the recording`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let header = Array(try Data(contentsOf: URL(fileURLWithPath: scratch.make("a.wav", "sine=d=1:r=16000"))))
            // Ten hours of silence, nearly all of it a hole in the file.
            let long = try scratch.write(header, "long.wav")
            let handle = try #require(FileHandle(forWritingAtPath: long))
            try handle.truncate(atOffset: 36_000 * 32_000)
            try handle.seek(toOffset: 0)
            // A length nobody knew when the header was written.
            let place = try #require(Data(header).range(of: Data("data".utf8))).upperBound
            try handle.seek(toOffset: UInt64(place))
            try handle.write(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
            let flac = try scratch.make("hour.flac", "anullsrc=r=16000:cl=mono:d=3600")
            func read(_ path: String, seconds: Int) throws -> Int {
                let reader = try AudioReader(path: path)
                var count = 0
                while count < seconds * 16_000 {
                    let block = try reader.read(upTo: 480_000)
                    if block.isEmpty { break }
                    count += block.count
                }
                return count
            }
            #expect(try read(long, seconds: 60) >= 960_000)
            #expect(try read(flac, seconds: 60) >= 960_000)
            let before = try peakMemoryBytes()
            #expect(try read(long, seconds: 40_000) > 35_990 * 16_000)
            #expect(try read(flac, seconds: 40_000) == 3_600 * 16_000)
            #expect(try peakMemoryBytes() - before < 8 << 20)
        }
    }

    @Test func `a reader dropped early ends its decoder`() throws {
        let flac = try scratch.make("a.flac", "anullsrc=r=16000:cl=mono:d=600")
        let tools = try Tools(scratch, ffmpeg: "exec yes \(scratch.folder)")
        var reader: AudioReader? = try AudioReader(path: flac, searchPath: tools.searchPath)
        #expect(try reader?.read(upTo: 10).count == 10)
        let process = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.first {
                // A process that ended meanwhile has no command any more.
                let command = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\($0)/cmdline"))
                return command == Data("yes\0\(scratch.folder)\0".utf8)
            })
        reader = nil
        // Not even a zombie is left.
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }
}

/// The most memory this process has ever held.
private func peakMemoryBytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    guard let number = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
        throw POSIXError(.EIO)
    }
    return number << 10
}
