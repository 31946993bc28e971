import ArgumentParser
import Foundation
import Inference
import Text
import TextTranslation
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

            With --to, every transcript is followed by its translations, each a file of its own with the language \
            in its name (talk.pt.srt); JSON holds them in one object. Models of languages are pulled by \
            `voicelingua models pull`; `voicelingua languages` says which are there.

            Errors are one line each and make the exit code 1; the other files are done all the same.

            Example: voicelingua transcribe talk.mp3 --format srt --to pt --output subtitles
            """)

    @Argument(help: "Files or folders of audio or video; - is standard input.") var files: [String]
    @Option(help: "A model of the catalog, or a folder.") var model = "base"
    @Option(help: "What is spoken: en, de, … or auto to hear it; zh and zh-tw say which script Chinese is written in.")
    var language = "auto"
    @Option(help: "Languages to translate into as well: pt,fr,zh-tw.") var to: LanguageList?
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
            let settings = try Settings()
            let speech = try SpeechModel(model, usesVoiceActivity: !noVAD, settings: settings)
            let found = try InputFiles(files)
            found.errors.forEach(complain)
            let targets = to?.languages ?? []
            let results = try ResultWriter(
                found.inputs.map { ($0.name, $0.stem) }, sources: found.inputs.map(\.name),
                fileExtensions: found.inputs.map { _ in format.fileExtension }, languages: [nil] + targets,
                namesFiles: format == .json, folder: output,
                hasHeads: found.inputs.count + found.errors.count > 1 || !targets.isEmpty, interruption: interruption)
            guard !found.inputs.isEmpty else { throw ExitCode.failure }
            let team = ComputeThreads(threads)
            let translator =
                targets.isEmpty
                ? nil : TextTranslator(models: settings.models, catalog: settings.catalog, threads: team)
            if let translator { try foretell(translator, targets) }
            let transcriber = try Transcriber(
                modelFolder: speech.folder, voiceActivityPath: speech.voiceActivityPath, precision: precision,
                threads: team)
            let call = TranscriptionCall(
                found.inputs, format: format, results: results, saysSummary: output == nil,
                translation: translator.map { ($0, targets) }, written: task == .translate ? .english : nil,
                script: script, hasWords: words)
            try call.run(transcriber, options)
            guard call.isComplete, found.errors.isEmpty else { throw ExitCode.failure }
        }
    }

    /// Says before the work what cannot come of it, where the language that is spoken is known.
    ///
    /// - Throws: `CatalogError.noRoute` where nothing can.
    private func foretell(_ translator: TextTranslator, _ targets: [Language]) throws {
        guard let spoken = task == .translate ? .english : Language(rawValue: language.lowercased()) else { return }
        let (reachable, missing) = translator.reachable(targets, from: spoken)
        if let missing, reachable.isEmpty { throw missing }
        try translator.prepare(from: spoken, to: reachable)
    }

    /// The script that was asked for by naming the language.
    private var script: Language? { Language(rawValue: language.lowercased()).flatMap { $0.isChinese ? $0 : nil } }

    private var options: TranscriptionOptions {
        var options = TranscriptionOptions()
        options.language = language == "auto" ? nil : script == nil ? language.lowercased() : Language.chinese.rawValue
        options.task = task
        // Subtitles are cut by them.
        options.hasWordTimes = words || format == .srt || format == .vtt || to != nil
        options.usesVoiceActivity = !noVAD
        options.prompt = prompt
        options.decoding.beamSize = beam
        return options
    }
}

extension TranscriptionOptions.Task: ExpressibleByArgument {}
extension TranscriptFormat: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
