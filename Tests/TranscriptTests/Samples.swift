import Foundation
import Transcript

/// A segment that matters by its times and text.
func segment(_ start: Double, _ end: Double, _ text: String, index: Int = 0, words: [Word]? = nil) -> Segment {
    Segment(
        index: index, start: start, end: end, text: text, tokens: [50_364, 11, 50_414], temperature: 0.2,
        averageLogProbability: -0.25, compressionRatio: 1.5, noSpeechProbability: 0.01, words: words)
}

func recording(_ segments: [Segment], findings: [GuardFinding] = []) -> Recording {
    Recording(
        segments: segments, language: "en", languageProbability: 0.99, durationSeconds: 44.5, speechSeconds: 40,
        findings: findings)
}

/// A temporary folder, gone with this object.
final class Scratch {
    let folder = FileManager.default.temporaryDirectory.path + "/transcript-tests-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }
}

/// What a program writes to standard output, and how it ends.
func run(_ arguments: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}
