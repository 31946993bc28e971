import ArgumentParser
import Foundation
import Inference
import Text
import TextTranslation
import Transcript

struct TranslateCommand: ParsableCommand {
    /// The form of a translation.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// As the source: text for text, subtitles for subtitles.
        case text
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Translates texts, text files and subtitles.",
        discussion: """
            Lines, paragraphs and white space stay as they are; .srt and .vtt files keep their times. Files may be in \
            UTF-8, UTF-16, GB18030, Big5, Shift-JIS, EUC-KR or Latin-1; translations are in UTF-8. Of several inputs \
            or languages, each translation follows a line `==> FILE, LANGUAGE <==`; with --output each goes to a file \
            with the language in its name. JSON is one object an input, with every sentence, its translation and its \
            sanity score. Sentences that look wrong are counted on standard error.

            Example: voicelingua translate talk.srt --to pt,fr --output subtitles
            """)

    /// Under this, the encoding of a file is told.
    private static let confidenceMin = 0.3

    @Argument(help: "Text, files of text or subtitles, or - for standard input.") var inputs: [String]
    @Option(help: "What it is written in: en, de, … or auto to find out.") var from = Source.auto
    @Option(help: "Languages to translate into: pt,fr,zh-tw.") var to: LanguageList
    @Option(help: "The form of the result.") var format = Format.text
    @Option(help: "Write results into this folder.") var output: String?
    @Option(help: "Threads that compute, 1…\(TranscribeCommand.threadsMax).")
    var threads = min(TranscribeCommand.threadsMax, ProcessInfo.processInfo.activeProcessorCount)

    func validate() throws {
        guard 1...TranscribeCommand.threadsMax ~= threads else {
            throw ValidationError("--threads is a number from 1 to \(TranscribeCommand.threadsMax).")
        }
    }

    func run() throws {
        try reporting {
            let interruption = Interruption()
            let inputs = inputs.map(TextInput.init)
            let settings = try Settings()
            let translator = TextTranslator(
                models: settings.models, catalog: settings.catalog, threads: ComputeThreads(threads))
            if let language = from.language {
                let (reachable, missing) = translator.reachable(to.languages, from: language)
                if let missing, reachable.isEmpty { throw missing }
                try translator.prepare(from: language, to: reachable)
            }
            var results = try ResultWriter(
                inputs.map { ($0.name, $0.stem) }, sources: inputs.compactMap(\.path),
                fileExtensions: inputs.map { format == .json ? "json" : $0.subtitles?.rawValue ?? "txt" },
                languages: format == .json ? [nil] : to.languages, namesFiles: format == .json, folder: output,
                hasHeads: inputs.count * to.languages.count > 1, interruption: interruption)
            var failures = 0
            for (number, input) in inputs.enumerated() {
                try results.take(parts(input, translator, &failures), of: number, &failures)
            }
            guard failures == 0 else { throw ExitCode.failure }
        }
    }

    /// What is to be written of an input; what is not is told and counted.
    private func parts(
        _ input: TextInput, _ translator: TextTranslator, _ failures: inout Int
    ) -> [ResultWriter.Part] {
        do {
            let (parts, missing) = try translated(input, translator)
            guard let missing else { return parts }
            complain(missing, of: input.name)
            failures += 1
            return parts
        } catch {
            complain(error, of: input.name)
            failures += 1
            return []
        }
    }

    /// - Returns: what is to be written, and what is said of languages whose models are missing.
    private func translated(
        _ input: TextInput, _ translator: TextTranslator
    ) throws -> (parts: [ResultWriter.Part], missing: (any Error)?) {
        let file = try input.read(expected: from.language)
        if let finding = file.finding { say("\(finding), read as \(file.encoding.name)", of: input) }
        if file.confidence < TranslateCommand.confidenceMin {
            say("read as \(file.encoding.name), which is a guess; convert it to UTF-8 where that is wrong", of: input)
        }
        let source = try TranslationSource(file.text, isSubtitles: input.isSubtitles(file.text))
        let (language, confidence) = try language(of: source, input)
        let (targets, missing) = translator.reachable(to.languages, from: language)
        if let missing, targets.isEmpty { throw missing }
        let translations = try source.translated(by: translator, from: language, to: targets)
        for (target, translation) in zip(targets, translations) where translation.suspectCount > 0 {
            say(
                "\(translation.suspectCount) of \(translation.sentences.count) sentences look wrong in \(target.name)",
                of: input)
        }
        if source.lostTagCount > 0 { say("\(source.lostTagCount) tags inside of texts are left out", of: input) }
        guard format == .json else {
            let parts = zip(targets, translations).map { target, translation in
                ResultWriter.Part(
                    language: target, text: translation.text.endingLine(input),
                    summary: "\(target.rawValue), \(translation.sentences.count) sentences")
            }
            return (parts, missing)
        }
        let document = TextDocument(
            file: input.isWords ? nil : input.name, language: language, languageConfidence: confidence,
            encoding: file.encoding.name,
            translations: zip(targets, translations).map {
                TextDocument.Translation($0, text: $1.text, $1.sentences)
            })
        return ([ResultWriter.Part(text: document.json + "\n", summary: "\(language.rawValue)")], missing)
    }

    private func language(of source: TranslationSource, _ input: TextInput) throws -> (Language, Double) {
        if let language = from.language { return (language, 1) }
        // Nothing is to be translated in it, so any will do.
        guard source.plain.contains(where: \.isLetter) else { return (.english, 0) }
        let found = LanguageIdentification(of: source.plain)
        guard let language = found.language else { throw CommandError.languageUnknown(name: input.name) }
        if !found.isReliable {
            say("taken for \(language.name) (\(Int(found.confidence * 100)) %); --from says otherwise", of: input)
        }
        return (language, found.confidence)
    }

    private func say(_ text: String, of input: TextInput) {
        StatusLine().say("voicelingua: \(oneLine(input.name)): \(oneLine(text))")
    }
}

extension TranslateCommand {
    /// The language of the source, or that it is to be found.
    enum Source: ExpressibleByArgument, CustomStringConvertible {
        case auto
        case language(Language)

        init?(argument: String) {
            if argument == "auto" {
                self = .auto
            } else {
                guard let language = Language(rawValue: argument.lowercased()) else { return nil }
                self = .language(language)
            }
        }

        var language: Language? { if case .language(let language) = self { language } else { nil } }
        var description: String { language?.rawValue ?? "auto" }
        static var allValueStrings: [String] { ["auto"] + Language.allCases.map(\.rawValue) }
    }
}

extension String {
    /// Words of the command line had no line feed at their end.
    fileprivate func endingLine(_ input: TextInput) -> String {
        input.isWords ? self + "\n" : self
    }
}
