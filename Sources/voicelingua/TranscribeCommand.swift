import ArgumentParser
import Foundation
import Inference
import Transcript
import Whisper

struct TranscribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transcribe", abstract: "Turns speech into text.",
        discussion: """
            Transcripts go to standard output in the order of the files. Of several files, JSON is one object a line \
            that names its file; other forms follow a line `==> FILE <==` each. With --output every file of the \
            folder bears the name of its recording, with -2, -3, … behind it where recordings share a name, and \
            standard output gets a line each: path, language, length and speed.

            Errors are one line each and make the exit code 1; the other files are done all the same.
            """)

    @Argument(help: "Files or folders of audio or video; - is standard input.") var files: [String]
    @Option(help: "A model of the catalog, or a folder.") var model = "base"
    @Option(help: "What is spoken: en, de, … or auto to hear it.") var language = "auto"
    @Option(help: "Write what is said, or translate it into English.") var task = TranscriptionOptions.Task
        .transcribe
    @Flag(help: "Time every word, which JSON shows.") var words = false
    @Option(help: "The form of the result.") var format = TranscriptFormat.text
    @Option(help: "Write results into this folder.") var output: String?
    @Option(help: "Hypotheses followed at once, 1…\(DecodingOptions.beamSizeMax); 1 is fastest.") var beam =
        DecodingOptions().beamSize
    @Flag(name: .customLong("no-vad"), help: "Decode silence too, window after window.") var noVAD = false
    @Option(help: "Names or words to expect.") var prompt: String?
    @Option(help: "Threads that compute, 1…\(threadsMax).")
    var threads = min(threadsMax, ProcessInfo.processInfo.activeProcessorCount)
    @Option(help: "How weights are kept in memory.") var precision = Precision.int8

    /// Past the cores of any machine this was tried on, threads only wait for each other.
    static let threadsMax = 64

    func validate() throws {
        guard 1...DecodingOptions.beamSizeMax ~= beam else {
            throw ValidationError("--beam is a number from 1 to \(DecodingOptions.beamSizeMax).")
        }
        guard 1...Self.threadsMax ~= threads else {
            throw ValidationError("--threads is a number from 1 to \(Self.threadsMax).")
        }
    }

    func run() throws {
        try reporting {
            let interruption = Interruption()
            let speech = try SpeechModel(model, usesVoiceActivity: !noVAD, cache: Settings().models)
            let found = try InputFiles(files)
            found.errors.forEach(complain)
            let results = try ResultWriter(
                found.inputs, format: format, folder: output, hasHeads: found.inputs.count + found.errors.count > 1,
                interruption: interruption)
            guard !found.inputs.isEmpty else { throw ExitCode.failure }
            let transcriber = try Transcriber(
                modelFolder: speech.folder, voiceActivityPath: speech.voiceActivityPath, precision: precision,
                threads: ComputeThreads(threads))
            let call = TranscriptionCall(found.inputs, results: results, saysSummary: output == nil)
            try call.run(transcriber, options)
            guard call.isComplete, found.errors.isEmpty else { throw ExitCode.failure }
        }
    }

    private var options: TranscriptionOptions {
        var options = TranscriptionOptions()
        options.language = language == "auto" ? nil : language.lowercased()
        options.task = task
        options.hasWordTimes = words
        options.usesVoiceActivity = !noVAD
        options.prompt = prompt
        options.decoding.beamSize = beam
        return options
    }
}

extension TranscriptionOptions.Task: ExpressibleByArgument {}
extension TranscriptFormat: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
