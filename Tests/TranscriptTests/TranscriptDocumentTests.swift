import Foundation
import Testing
import Transcript

@Suite struct TranscriptDocumentTests {
    let full = recording(
        [
            segment(
                0.1, 2.5, " Say \"a/b\"\n\u{2028}今", index: 0,
                words: [Word(text: " Say", start: 0.1, end: 0.4, probability: 0.75)]),
            segment(2.5, 3, " b", index: 1),
        ], findings: [GuardFinding(kind: .lowProbability, action: .retried, start: 0, end: 30)])

    @Test func `JSON is one line with the keys of the API in alphabetical order`() {
        let small = recording([segment(0, 2.5, " a", words: [Word(text: " a", start: 0, end: 1, probability: 0.5)])])
        let expected = """
            {"duration":44.5,"guard_findings":[],"language":"en","language_probability":0.99,"segments":\
            [{"avg_logprob":-0.25,"compression_ratio":1.5,"end":2.5,"id":0,"no_speech_prob":0.01,"start":0,\
            "temperature":0.2,"text":" a","tokens":[50364,11,50414],\
            "words":[{"end":1,"probability":0.5,"start":0,"word":" a"}]}],"speech_duration":40,"text":"a"}

            """
        #expect(TranscriptFormat.json.file(small) == expected)
    }

    @Test func `JSON names the file where it is told, as it is written`() throws {
        let json = TranscriptFormat.json.file(full, named: "a \"b\"/ü.wav")
        #expect(json.contains(#""file":"a \"b\"/ü.wav","guard_findings""#), "\(json)")
        #expect(try TranscriptDocument(json: json).recording == full)
    }

    @Test func `JSON read again is the same recording`() throws {
        #expect(try TranscriptDocument(json: TranscriptFormat.json.file(full)).recording == full)
    }

    @Test func `another reader of JSON finds the same words and numbers`() throws {
        let scratch = try Scratch()
        try ResultFile.write(TranscriptFormat.json.file(full), to: scratch.path("a.json"))
        let script = """
            import json, sys
            d = json.load(open(sys.argv[1], encoding="utf-8"), parse_constant=lambda c: sys.exit(c))
            s = d["segments"]
            print(s[0]["text"] == ' Say "a/b"\\n\\u2028今', s[0]["start"] == 0.1, s[0]["words"][0]["word"] == " Say",
                  "words" in s[1], d["guard_findings"][0]["kind"], d["guard_findings"][0]["action"])
            """
        let read = try run(["python3", "-c", script, scratch.path("a.json")])
        #expect(read.output == "True True True False low_probability retried\n")
    }

    @Test func `numbers that JSON does not have become numbers it has`() throws {
        var odd = full
        odd.languageProbability = .nan
        odd.segments[0].averageLogProbability = -.infinity
        odd.segments[0].compressionRatio = .infinity
        let read = try TranscriptDocument(json: TranscriptFormat.json.file(odd)).recording
        #expect(read.languageProbability == 0)
        #expect(read.segments[0].averageLogProbability == -1e9)
        #expect(read.segments[0].compressionRatio == 1e9)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"language\":\"en\"", "null"])
    func `what is no transcript is malformed`(json: String) {
        #expect(throws: TranscriptError.malformed) { try TranscriptDocument(json: json) }
    }
}
