import ArgumentParser
import Foundation
import Inference
import Marian

/// Loads directions once, then answers requests, a line of JSON each, so that a harness can take turns between systems.
struct Translate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer translation requests on standard input.")

    @Option(help: "Folder of a translation model; may be given for several, a request names one by its place.")
    var model: [String]
    @Option(help: "Threads that compute.") var threads = 1

    private struct Request: Decodable {
        var sentences: [String]
        /// Place of the model among those given, from 0.
        var model: Int?
        /// A call a sentence instead of one for all; times come one by one.
        var single: Bool?
        /// Consider all target tokens.
        var withoutShortlist: Bool?
    }

    private struct Answer: Encodable {
        var seconds: Double
        var texts: [String]?
        /// With `single`: of each sentence.
        var secondsOfSentence: [Double]?
        var meanLogProbabilities: [Double]?
        var residentMegabytes: Double?
    }

    mutating func validate() throws {
        guard threads > 0, !model.isEmpty else { throw ValidationError("at least one thread and one model") }
    }

    mutating func run() throws {
        let team = ComputeThreads(threads)
        var models: [MarianModel] = []
        for folder in model {
            let loading = try seconds { models.append(try MarianModel(folder: folder, threads: team)) }
            try printLine(Answer(seconds: loading))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        while let line = readLine() {
            let request = try decoder.decode(Request.self, from: Data(line.utf8))
            try printLine(translate(request, models[request.model ?? 0], team))
        }
    }

    private func translate(_ request: Request, _ model: MarianModel, _ team: ComputeThreads) throws -> Answer {
        let use = request.withoutShortlist ?? false ? ShortlistUse.none : .perSentence
        var (translated, times) = ([TranslatedSentence](), [Double]())
        let taken = try seconds {
            guard request.single ?? false else {
                translated = try model.translate(request.sentences, shortlist: use, threads: team)
                return
            }
            for sentence in request.sentences {
                times.append(
                    try seconds { translated += try model.translate([sentence], shortlist: use, threads: team) })
            }
        }
        return Answer(
            seconds: taken, texts: translated.map(\.text), secondsOfSentence: times.isEmpty ? nil : times,
            meanLogProbabilities: translated.map(\.meanLogProbability), residentMegabytes: residentMegabytes())
    }

    /// What the process holds in memory now, mapped files included.
    private func residentMegabytes() -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return kilobytes / 1024
    }
}
