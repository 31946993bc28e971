import API
import Hummingbird
import TestSupport
import Testing

struct MultipartParserTests {
    private struct Part: Equatable {
        var header: MultipartParser.PartHeader
        var bytes: [UInt8] = []
    }

    /// All parts of a form that arrives in pieces of some sizes.
    private func parts(_ bytes: [UInt8], boundary: String = TestForm.boundary, pieces: () -> Int) throws -> [Part] {
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=\"\(boundary)\"")
        var parts: [Part] = []
        var ended = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, pieces()))
            rest = rest.dropFirst(piece.count)
            parser.append(ByteBuffer(bytes: piece))
            while let event = try parser.next() {
                switch event {
                case .part(let header): parts.append(Part(header: header))
                case .bytes(let bytes): parts[parts.count - 1].bytes += Array(bytes.readableBytesView)
                case .partEnd: ended += 1
                }
            }
        }
        try parser.finish()
        #expect(ended == parts.count)
        return parts
    }

    @Test func `a form is the same however it is cut`() throws {
        var random = SeededRandom()
        // Contents made of what delimiters are made of, so that many look like one at first.
        let alphabet = Array("\r\n-".utf8) + Array(TestForm.boundary.utf8.prefix(6)) + [0, 255]
        for _ in 0..<400 {
            let size = Int.random(in: 0...200, using: &random)
            let content = (0..<size).map { _ in alphabet.randomElement(using: &random)! }
            let form = TestForm().field("languages", "fr,de").file("audio_file", "a.wav", content).field("empty", "")
            let found = try parts(Array(form.body.readableBytesView)) { Int.random(in: 1...40, using: &random) }
            #expect(found.map(\.header.name) == ["languages", "audio_file", "empty"])
            #expect(found.map(\.bytes) == [Array("fr,de".utf8), content, []])
        }
    }

    @Test func `names in quotes may have quotes and semicolons in them`() throws {
        let text = "--x\r\ncontent-disposition: form-data; name=\"a;b\"; filename=\"c \\\"d\\\".wav\"\r\n\r\n1\r\n--x--"
        let found = try parts(Array(text.utf8), boundary: "x") { 4 }
        #expect(found.map(\.header.name) == ["a;b"] && found.map(\.header.fileName) == ["c \"d\".wav"])
    }

    @Test func `what stands before the first delimiter and behind the last is passed over`() throws {
        let text = "before\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\nbehind"
        #expect(try parts(Array(text.utf8), boundary: "x") { 3 }.map(\.bytes) == [Array("1".utf8)])
    }

    @Test(arguments: [
        ("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n", MultipartError.truncated),
        ("--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", .partHeader(why: "a part without a name")),
        ("--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--", .partHeader(why: "no Content-Disposition")),
        ("", .truncated),
    ])
    func `a form that is none is told so`(text: String, error: MultipartError) throws {
        #expect(throws: error) { try parts(Array(text.utf8), boundary: "x") { 5 } }
    }

    @Test func `a boundary has 1 to 70 characters`() throws {
        _ = try MultipartParser(contentType: "multipart/form-data; boundary=" + String(repeating: "b", count: 70))
        for bad in ["", "; boundary=", "; boundary=" + String(repeating: "b", count: 71)] {
            #expect(throws: MultipartError.noBoundary) { try MultipartParser(contentType: "multipart/form-data" + bad) }
        }
    }

    @Test func `the header of a part has a limit`() throws {
        let bytesMax = RequestLimits.partHeaderBytesMax
        func form(_ headerBytes: Int) -> [UInt8] {
            let start = "\r\nContent-Disposition: form-data; name=a\r\nX: "
            let header = start + String(repeating: "y", count: headerBytes - start.utf8.count)
            return Array("--x\(header)\r\n\r\n1\r\n--x--".utf8)
        }
        #expect(try parts(form(bytesMax), boundary: "x") { 1_000 }.count == 1)
        #expect(throws: MultipartError.partHeaderTooLarge(bytesMax: bytesMax)) {
            try parts(form(bytesMax + 1), boundary: "x") { 1_000 }
        }
    }

    @Test func `the line of a delimiter ends soon`() throws {
        let bytesMax = RequestLimits.partHeaderBytesMax
        let endless = Array(("--x" + String(repeating: "a", count: 1 << 20)).utf8)
        #expect(throws: MultipartError.partHeaderTooLarge(bytesMax: bytesMax)) {
            try parts(endless, boundary: "x") { 1_000 }
        }
        for (count, isForm) in [(bytesMax, true), (bytesMax + 1, false)] {
            let padding = String(repeating: " ", count: count)
            let form = "--x\(padding)\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--"
            #expect(((try? parts(Array(form.utf8), boundary: "x") { 1_000 }) != nil) == isForm)
        }
    }

    @Test func `damaged forms are an error or a form, and never more`() throws {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            var bytes = Array(TestForm().field("a", "b").file("f", "g", [1, 2, 3]).body.readableBytesView)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // An error is as good as a form here; what counts is that it returns.
            _ = try? parts(bytes) { Int.random(in: 1...50, using: &random) }
        }
    }
}
