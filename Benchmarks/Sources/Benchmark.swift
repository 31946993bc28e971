import ArgumentParser
import Foundation

/// Measures the engine from inside: one JSON line a measurement.
@main struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voicelingua-bench", abstract: "Measures VoiceLingua's engine; one JSON line a measurement.",
        subcommands: [Serve.self, Translate.self, KernelRates.self])
}

/// Writes a value as one line of JSON to standard output.
func printLine(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
}

/// Seconds that `work` takes.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(work) / .seconds(1)
}
