import ArgumentParser
import Foundation
import Inference
import Whisper

/// Loads a model once, then answers requests, a line of JSON each, so that a harness can take turns between systems.
///
/// Audio comes as files of raw little-endian float32 at 16 kHz: every system is given the same samples, and neither
/// decoding nor reading them is timed.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer requests on standard input with a loaded model.")

    @Option(help: "Folder of a CTranslate2 Whisper model.") var model: String
    @Option(help: "The voice activity network's safetensors file.") var voiceActivity: String
    @Option(help: "int8 or float32.") var precision = "int8"
    @Option(help: "Threads that compute.") var threads = 2

    private struct Request: Decodable {
        enum Work: String, Decodable { case transcribe, encode }
        var work: Work
        var pcm: String
        var language: String?
        /// Cut at pauses and decode the windows together.
        var batched: Bool?
        var beamSize: Int?
    }

    private struct Answer: Encodable {
        var seconds: Double
        var text: String?
    }

    mutating func validate() throws {
        guard Precision(rawValue: precision) != nil else { throw ValidationError("no precision \(precision)") }
        guard threads > 0 else { throw ValidationError("at least one thread") }
    }

    mutating func run() throws {
        let team = ComputeThreads(threads)
        var loaded: Transcriber?
        let loading = try seconds {
            loaded = try Transcriber(
                modelFolder: model, voiceActivityPath: voiceActivity, precision: Precision(rawValue: precision)!,
                threads: team)
        }
        guard let transcriber = loaded else { return }
        try printLine(Answer(seconds: loading))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        while let line = readLine() {
            let request = try decoder.decode(Request.self, from: Data(line.utf8))
            let samples = try samples(request.pcm)
            switch request.work {
            case .transcribe: try printLine(transcribe(samples, request, transcriber))
            case .encode: try printLine(encode(samples, transcriber, team))
            }
        }
    }

    private func samples(_ path: String) throws -> [Float] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return (0..<data.count / 4).map { index in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[4 * index + $1]) << (8 * $1) })
        }
    }

    private func transcribe(_ samples: [Float], _ request: Request, _ transcriber: Transcriber) throws -> Answer {
        var options = TranscriptionOptions()
        options.language = request.language
        options.usesVoiceActivity = request.batched ?? false
        options.decoding.beamSize = request.beamSize ?? 1
        var position = 0
        var text = ""
        let taken = try seconds {
            text = try transcriber.transcribe(
                { count in
                    defer { position = min(samples.count, position + count) }
                    return Array(samples[position..<min(samples.count, position + count)])
                }, options: options
            ).text
        }
        return Answer(seconds: taken, text: text)
    }

    /// The encoder alone on the first window, its log-mel not counted.
    private func encode(_ samples: [Float], _ transcriber: Transcriber, _ threads: ComputeThreads) throws -> Answer {
        let model = transcriber.model
        let mel = LogMel(melCount: model.dimensions.melCount).spectrogram(
            samples.prefix(LogMel.samplesMax), kernels: model.kernels, threads: threads)
        let workspace = EncoderWorkspace(model.dimensions, precision: model.precision, threads: threads.count)
        let work = {
            _ = model.encoder.encode(mel, workspace: workspace, kernels: model.kernels, threads: threads)
        }
        work()  // touches the workspace's pages
        return Answer(seconds: seconds(work))
    }
}
