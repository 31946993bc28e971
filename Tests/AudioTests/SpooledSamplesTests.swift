import Audio
import Testing

struct SpooledSamplesTests {
    @Test func `samples come back as they were decoded, in pieces of any size`() throws {
        let scratch = try Scratch()
        let path = try scratch.make("tone.flac", "sine=440:d=9.3:r=44100")
        let expected = try AudioReader(path: path).read(upTo: .max >> 8)
        #expect(expected.count == 148_800)
        let spooled = try SpooledSamples(AudioReader(path: path)) { false }
        #expect(spooled.count == expected.count && spooled.findings.isEmpty)
        var found: [Float] = []
        for size in [1, 7, 32_768, 100_000, 1 << 20] { found += try spooled.read(upTo: size) }
        #expect(found == expected)
        #expect(try spooled.read(upTo: 1).isEmpty)
    }

    @Test func `what nobody wants any more is not decoded to its end`() throws {
        let scratch = try Scratch()
        let path = try scratch.make("tone.flac", "sine=440:d=60")
        var asked = 0
        let spooled = try SpooledSamples(AudioReader(path: path)) {
            asked += 1
            return asked > 2
        }
        #expect(spooled.count == 2 << 16)
    }

    @Test func `a recording that breaks off in the decoder is its error, or a finding`() throws {
        let scratch = try Scratch()
        let whole = try scratch.make("tone.ogg", "sine=440:d=20")
        let cut = try SpooledSamples(AudioReader(path: scratch.cut(whole, share: 0.5))) { false }
        #expect(cut.count > 0 && cut.count < 20 * 16_000)
        let noise = try scratch.write([UInt8](repeating: 7, count: 5_000), "noise.mp3")
        #expect(throws: AudioError.self) { try SpooledSamples(AudioReader(path: noise)) { false } }
    }
}
