import Foundation
import Transcript

/// Writes transcripts on standard output in the order of their inputs, or into a folder as they are done.
struct ResultWriter {
    /// What is known of a transcript beside its words.
    struct Result {
        var recording: Recording
        /// Seconds its transcription took.
        var seconds: Double
    }

    private let format: TranscriptFormat
    private let inputs: [InputFiles.Input]
    /// Nil for standard output.
    private let paths: [String]?
    /// Whether transcripts on standard output are headed by the names of their files.
    private let hasHeads: Bool
    private let interruption: Interruption
    private var output = OrderedOutput()

    /// - Parameter hasHeads: whether the call names several recordings.
    /// - Throws: `CommandError.outputFolder`.
    init(
        _ inputs: [InputFiles.Input], format: TranscriptFormat, folder: String?, hasHeads: Bool,
        interruption: Interruption
    ) throws(CommandError) {
        self.inputs = inputs
        self.format = format
        self.hasHeads = hasHeads
        self.interruption = interruption
        guard let folder else {
            paths = nil
            return
        }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw .outputFolder(folder: folder)
        }
        paths = ResultWriter.names(inputs.map(\.stem), format.fileExtension).map { folder + "/" + $0 }
    }

    /// Takes what came of an input; nil when nothing did.
    ///
    /// - Throws: `TranscriptError`, `CommandError.outputFailed`.
    mutating func take(_ result: Result?, of number: Int) throws {
        guard let result else { return try output.put("", at: number) }
        let text = format.file(result.recording, named: inputs[number].name)
        guard let paths else { return try output.put(headed(text, number), at: number) }
        do {
            try interruption.hold { () throws(TranscriptError) in try ResultFile.write(text, to: paths[number]) }
        } catch {
            try output.put("", at: number)
            throw error
        }
        try output.put("\(oneLine(paths[number]))\t\(result.summary)\n", at: number)
    }

    /// JSON is a line that names its file; other forms are set apart as `head` does it.
    private func headed(_ text: String, _ number: Int) -> String {
        hasHeads && format != .json ? "==> \(oneLine(inputs[number].name)) <==\n\(text)\n" : text
    }

    /// The names of results: that of the input, with a number behind it where an earlier result has it already.
    static func names(_ stems: [String], _ fileExtension: String) -> [String] {
        var taken: Set<String> = []
        return stems.map { stem in
            var name = stem
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(stem)-\(number)"
                number += 1
            }
            return name + "." + fileExtension
        }
    }
}

extension ResultWriter.Result {
    /// Language, length and speed: `en (99 %), 43.7 s of audio in 2.1 s, real-time factor 0.048`.
    var summary: String {
        let duration = recording.durationSeconds
        return String(
            format: "%@ (%.0f %%), %.1f s of audio in %.2f s, real-time factor %.3f", recording.language,
            recording.languageProbability * 100, duration, seconds, seconds / max(duration, 0.001))
    }
}
