import Audio
import Text
import TextTranslation
import Transcript
import Whisper

/// One call: opens its recordings one after the other, hands out what came of them, and reports what did not.
///
/// A class because the transcriber's callbacks share it.
final class TranscriptionCall {
    /// Whether every recording was transcribed, translated and written.
    private(set) var isComplete = true
    private let inputs: [InputFiles.Input]
    private let line = StatusLine()
    private let format: TranscriptFormat
    private var results: ResultWriter
    /// Nil where no other language is asked for.
    private let translation: (translator: TextTranslator, targets: [Language])?
    /// Languages of which it was said what they are not translated into.
    private var unreachable: Set<Language> = []
    /// The language of the text where that is not what is spoken.
    private let written: Language?
    private let hasWords: Bool
    /// The script Chinese is asked in; nil for the one that is heard.
    private let script: Language?
    private var bar: ProgressBar
    private var clock = FairClock(now: .now)
    private var readers: [Int: AudioReader] = [:]
    private var opened = 0
    /// Whether results leave room for a summary on the terminal.
    private let saysSummary: Bool

    init(
        _ inputs: [InputFiles.Input], format: TranscriptFormat, results: ResultWriter, saysSummary: Bool,
        translation: (TextTranslator, [Language])?, written: Language?, script: Language?, hasWords: Bool
    ) {
        self.inputs = inputs
        self.format = format
        self.results = results
        self.translation = translation
        self.written = written
        self.hasWords = hasWords
        self.script = script
        self.saysSummary = saysSummary
        bar = ProgressBar(count: inputs.count)
    }

    /// - Throws: what `Transcriber.transcribe` does.
    func run(_ transcriber: Transcriber, _ options: TranscriptionOptions) throws {
        defer { bar.clear() }
        try transcriber.transcribe(options: options) {
            next()
        } progress: { number, seconds in
            bar.show(number, done: seconds)
        } done: { number, result in
            finish(number, result)
        }
    }

    /// The reader of the next recording; it is opened at the first read, so that what is wrong with it is its own error.
    private func next() -> SampleReader? {
        guard opened < inputs.count else { return nil }
        let number = opened
        opened += 1
        clock.start(number, now: .now)
        return { [self] count in try reader(number).read(upTo: count) }
    }

    private func reader(_ number: Int) throws(AudioError) -> AudioReader {
        if let reader = readers[number] { return reader }
        let reader = try inputs[number].open()
        readers[number] = reader
        bar.open(number, duration: reader.durationSeconds)
        return reader
    }

    private func finish(_ number: Int, _ result: Result<Recording, any Error>) {
        let reader = readers.removeValue(forKey: number)
        var transcript: TranscriptionResult?
        switch result {
        case .success(let recording):
            transcript = TranscriptionResult(recording: recording, seconds: 0, written: written)
        case .failure(let error): report(error, of: number)
        }
        bar.close(number, seconds: transcript?.recording.durationSeconds ?? 0)
        bar.clear()
        // What cannot be translated is written as it was heard.
        do { try translate(&transcript, number) } catch { report(error, of: number) }
        transcript?.seconds = clock.stop(number, now: .now)
        do {
            try results.take(
                transcript?.parts(format, named: inputs[number].name, hasWords: hasWords) ?? [], of: number)
        } catch { return report(error, of: number) }
        guard let transcript else { return }
        let name = oneLine(inputs[number].name)
        for finding in reader?.findings ?? [] { line.say("voicelingua: \(name): \(finding)") }
        if saysSummary, line.isTerminal { line.say("\(name): \(transcript.summary)") }
    }

    private func translate(_ transcript: inout TranscriptionResult?, _ number: Int) throws {
        guard var recording = transcript?.recording else { return }
        if let script {
            recording = try recording.written(in: script)
            transcript?.recording = recording
        }
        guard let (translator, targets) = translation else { return }
        guard let from = written ?? Language(rawValue: recording.language) else {
            throw CommandError.noTranslation(from: recording.language)
        }
        let (reachable, missing) = translator.reachable(targets, from: from)
        // Said once for each language.
        if let missing, unreachable.insert(from).inserted { report(missing, of: number) }
        transcript?.translations = try recording.translated(by: translator, from: from, to: reachable)
    }

    private func report(_ error: any Error, of number: Int) {
        complain(error, of: inputs[number].name)
        isComplete = false
    }
}
