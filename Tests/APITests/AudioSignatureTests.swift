import API
import Testing

struct AudioSignatureTests {
    @Test(
        arguments: [
            ("wav", Array("RIFF\0\0\0\0WAVEfmt ".utf8)), ("mp3", Array("ID3\u{4}".utf8)),
            ("mp3", [0xff, 0xfb, 0x90, 0x64]),
            ("aac", [0xff, 0xf1, 0x50, 0x80]), ("flac", Array("fLaC".utf8)), ("ogg", Array("OggS".utf8)),
            ("mp4", Array("\0\0\0\u{20}ftypM4A ".utf8)), ("matroska", [0x1a, 0x45, 0xdf, 0xa3]),
            ("amr", Array("#!AMR\n".utf8)), ("aiff", Array("FORM\0\0\0\0AIFF".utf8)), ("caf", Array("caff".utf8)),
            ("asf", [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]),
        ] as [(String, [UInt8])])
    func `a recording is known by its first bytes`(container: String, head: [UInt8]) {
        #expect(AudioSignature.container(head) == container)
    }

    @Test(
        arguments: [
            Array("RIFF\0\0\0\0WEBPVP8 ".utf8), Array("%PDF-1.7".utf8), Array("PK\u{3}\u{4}".utf8),
            Array("<html>".utf8),
            [0xff, 0xd8, 0xff, 0xe0], [0x89, 0x50, 0x4e, 0x47], [], [0xff], Array("hello, world".utf8),
            [0xff, 0xfe, 0x68, 0x00],
        ] as [[UInt8]])
    func `what is no recording is not taken for one`(head: [UInt8]) {
        #expect(AudioSignature.container(head) == nil)
    }
}
