import Audio
import Foundation
import Testing

@Suite struct HostileContainerTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test(arguments: ["list.mp3", "list.ffconcat", "list"])
    func `a concat script does not open the files it names`(name: String) throws {
        _ = try scratch.make("secret.wav")
        let script = try scratch.write("ffconcat version 1.0\nfile secret.wav\n".utf8, name)
        // ffmpeg by itself does as the script says.
        #expect(try !Scratch.reference(script).isEmpty)
        #expect(failure(script) == .noAudio(file: script))
    }

    @Test(arguments: ["list.mp3", "list.m3u8", "list"])
    func `a playlist opens neither the files nor the addresses it names`(name: String) throws {
        let listener = try Listener()
        let secret = try scratch.make("secret.ts", "sine=d=2", ["-c:a", "aac"])
        for address in ["file:" + secret, secret, "http://127.0.0.1:\(listener.port)/a.ts", "file:///etc/passwd"] {
            let list = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(address)\n#EXT-X-ENDLIST\n"
            let path = try scratch.write(list.utf8, name)
            #expect(failure(path) == .noAudio(file: path))
        }
        #expect(!listener.isCalled(withinMs: 0))
    }

    @Test func `a playlist left to ffmpeg itself calls the address it names`() throws {
        let listener = try Listener()
        let list =
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:\(listener.port)/a.ts\n#EXT-X-ENDLIST\n"
        let path = try scratch.write(list.utf8, "list.m3u8")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffprobe", "-v", "quiet", "-protocol_whitelist", "file,http,tcp", "-i", path]
        try process.run()
        // So the listener of the test above would have heard of it.
        #expect(listener.isCalled(withinMs: 20_000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    @Test(arguments: [
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period/></MPD>",
        "[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n", ";FFMETADATA1\ntitle=a\n",
    ])
    func `a description of a session, a manifest or metadata is no recording`(text: String) throws {
        let path = try scratch.write(text.utf8, "a.mp3")
        #expect(failure(path) == .noAudio(file: path))
    }

    @Test func `settings of ffmpeg in the environment do not reach it`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.make("a.flac")
            unsafe setenv("FFREPORT", "file=\(scratch.path("report")):level=32", 1)
            #expect(failure(path) == nil)
            #expect(!FileManager.default.fileExists(atPath: scratch.path("report")))
        }
    }

    @Test func `an ignored broken pipe does not keep a decoder alive`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_IGN)
            let scratch = try Scratch()
            let path = try scratch.make("a.flac", "anullsrc=r=16000:cl=mono:d=600")
            for _ in 0..<3 { #expect(try AudioReader(path: path).read(upTo: 5).count == 5) }
        }
    }
}
