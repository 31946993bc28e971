import Audio
import Foundation
import Testing

@Suite struct AudioLimitsTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    static func limits(_ change: (inout AudioLimits) -> Void) -> AudioLimits {
        var limits = AudioLimits()
        change(&limits)
        return limits
    }

    @Test(arguments: ["a.wav", "a.flac"])
    func `audio of the longest duration is read, one sample more is not`(name: String) throws {
        let limits = AudioLimitsTests.limits { $0.durationSecondsMax = 2 }
        let source = "anullsrc=r=16000:cl=mono,atrim=end_sample="
        let longest = try scratch.make("longest-" + name, source + "32000")
        #expect(failure(longest, limits) == nil)
        let longer = try scratch.make("longer-" + name, source + "32001")
        #expect(failure(longer, limits) == .tooLong(file: longer, secondsMax: 2))
    }

    @Test(arguments: ["flac", "matroska", "mp3"])
    func `hours of silence in a small file without a length end at the longest duration`(format: String) throws {
        let silence = ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=3600"]
        let options = format == "mp3" ? ["-write_xing", "0"] : []
        let bytes = try Scratch.ffmpeg(silence + ["-f", format] + options + ["-"])
        let path = try scratch.write(bytes, "bomb")
        let limits = AudioLimitsTests.limits { $0.durationSecondsMax = 60 }
        #expect(failure(path, limits) == .tooLong(file: path, secondsMax: 60))
    }

    @Test func `hours of silence that are told are refused before they are decoded`() throws {
        let path = try scratch.make("bomb.flac", "anullsrc=r=16000:cl=mono:d=43201")
        #expect(throws: AudioError.tooLong(file: path, secondsMax: 43_200)) { try AudioReader(path: path) }
    }

    @Test func `a file of the largest size is read, one byte more is not`() throws {
        let path = try scratch.make("a.wav", "sine=d=1:r=16000")
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        #expect(failure(path, AudioLimitsTests.limits { $0.bytesMax = size }) == nil)
        let error = failure(path, AudioLimitsTests.limits { $0.bytesMax = size - 1 })
        #expect(error == .tooLarge(file: path, bytesMax: size - 1))
    }

    @Test func `a pipe of the largest size is read, one byte more is not`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.make("a.wav", "sine=d=1:r=16000")
            let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
            func samples(_ bytesMax: Int) throws -> Int {
                try StandardInput.pipe(from: path) {
                    try AudioReader(standardInput: AudioLimitsTests.limits { $0.bytesMax = bytesMax }).rest().count
                }
            }
            #expect(try samples(size) == 16_000)
            #expect(throws: AudioError.tooLarge(file: "standard input", bytesMax: size - 1)) { try samples(size - 1) }
        }
    }

    @Test(arguments: [32 << 20, 128 << 20])
    func `ffmpeg that needs more memory than allowed is told as such`(bytesMax: Int) throws {
        let path = try scratch.make("a.flac")
        let error = failure(path, AudioLimitsTests.limits { $0.decoderMemoryBytesMax = bytesMax })
        #expect(error == .decoderMemory(file: path, bytesMax: bytesMax))
    }

    @Test func `half of the memory allowed is enough for an MP4 of nearly twelve hours`() throws {
        let minutes = try scratch.make("a.m4a", "anullsrc=r=48000:cl=mono:d=600")
        let path = scratch.path("b.m4a")
        _ = try Scratch.ffmpeg(["-stream_loop", "70", "-i", minutes, "-c", "copy", path])
        let reader = try AudioReader(
            path: path, limits: AudioLimitsTests.limits { $0.decoderMemoryBytesMax /= 2 })
        #expect(try #require(reader.durationSeconds) > 42_000)
        #expect(try reader.read(upTo: 16_000).count == 16_000)
    }

    @Test func `a decoder that uses up its processor time is killed`() throws {
        let path = try scratch.make("a.flac")
        let tools = try Tools(scratch, ffmpeg: "while :; do :; done")
        let limits = AudioLimitsTests.limits { $0.decoderCPUSecondsMax = 1 }
        let error = failure(path, limits, searchPath: tools.searchPath)
        #expect(error == .decoderKilled(file: path, cpuSecondsMax: 1))
    }

    @Test(arguments: ["exec tail -f /dev/null", "exec yes complaint >&2", "printf 'abcdefgh'; exec tail -f /dev/null"])
    func `a decoder that gives nothing any more is given up`(script: String) throws {
        let path = try scratch.make("a.flac")
        let limits = AudioLimitsTests.limits { $0.stallSecondsMax = 0.7 }
        let stalled = AudioError.decoderStalled(file: path, secondsMax: 0.7)
        #expect(failure(path, limits, searchPath: try Tools(scratch, ffmpeg: script).searchPath) == stalled)
        #expect(failure(path, limits, searchPath: try Tools(scratch, ffprobe: script).searchPath) == stalled)
    }

    @Test func `a decoder that gives samples in time may take longer in all`() throws {
        let path = try scratch.make("a.flac")
        // Three pauses that are shorter than the limit and together longer.
        let script = "for i in 1 2 3; do timeout 0.3 tail -f /dev/null; printf 'abcd'; done"
        let limits = AudioLimitsTests.limits { $0.stallSecondsMax = 0.7 }
        let tools = try Tools(scratch, ffmpeg: script)
        #expect(try AudioReader(path: path, limits: limits, searchPath: tools.searchPath).rest().count == 6)
    }
}
