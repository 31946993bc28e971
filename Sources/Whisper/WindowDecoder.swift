import Foundation
import Inference

/// How windows are decoded; the defaults are openai/whisper's.
package struct DecodingOptions: Sendable {
    /// Tried in order until an attempt passes.
    package var temperatures: [Double] = [0, 0.2, 0.4, 0.6, 0.8, 1]
    /// Rows at temperature 0, at most `beamSizeMax`; 1 is greedy.
    package var beamSize = 5
    /// Beams wider than this find nothing better and leave the decoder room for fewer windows.
    package static let beamSizeMax = 8
    /// Rows above temperature 0.
    package var bestOf = 5
    /// Text that compresses better than this is a loop.
    package var compressionRatioMax = 2.4
    package var averageLogProbabilityMin = -1.0
    package var noSpeechProbabilityMax = 0.6
    /// Tokens of one window, half the decoder's positions.
    package var tokensMax = 224
    /// Run of tokens that may not come twice in an attempt that follows a loop.
    package var repeatedRunMax = 6

    package init() {}

    /// Begins at a temperature, 0…1, and goes up from there.
    package mutating func begin(at temperature: Double) {
        temperatures = [temperature] + temperatures.filter { $0 > temperature }
    }

    /// Rows a window takes at most, at any of its temperatures.
    var rowsMax: Int { max(beamSize, bestOf) }
}

/// One window to decode.
package struct WindowRequest: Sendable {
    var window: EncodedWindow
    /// Start-of-previous and past text where there is any, then the start-of-transcript sequence.
    var prompt: [Int]
    /// Index of start-of-transcript in `prompt`.
    var startOfTranscript: Int
    /// Makes the draws above temperature 0 repeatable.
    var seed: UInt64
    package var options: DecodingOptions

    package init(
        window: EncodedWindow, prompt: [Int], startOfTranscript: Int, seed: UInt64,
        options: DecodingOptions = DecodingOptions()
    ) {
        self.options = options
        self.window = window
        self.prompt = prompt
        self.startOfTranscript = startOfTranscript
        self.seed = seed
    }
}

/// What came of a window.
package struct DecodedWindow: Sendable {
    package var tokens: [Int]
    package var averageLogProbability: Double
    package var compressionRatio: Double
    package var noSpeechProbability: Double
    package var temperature: Double
    /// Why temperatures were given up.
    package var failures: [Failure]
    /// No temperature passed: this is the best of them.
    package var isLastResort = false

    package enum Failure: Sendable, Equatable { case repetition, lowProbability }

    package init(
        tokens: [Int], averageLogProbability: Double, compressionRatio: Double, noSpeechProbability: Double,
        temperature: Double, failures: [Failure]
    ) {
        self.tokens = tokens
        self.averageLogProbability = averageLogProbability
        self.compressionRatio = compressionRatio
        self.noSpeechProbability = noSpeechProbability
        self.temperature = temperature
        self.failures = failures
    }
}

/// Decodes windows of any recordings in lockstep: a row a hypothesis, one pass over the weights a step for all of them.
///
/// A window that ends leaves its rows to the next; one that fails is tried again alone, at its next temperature, while
/// the others go on. In int8 a row's arithmetic does not depend on its neighbours; float32 sums of one to three rows are
/// split otherwise than those of more, and may differ in the last bits.
package final class WindowDecoder {
    private let model: WhisperModel
    private let rules: LogitRules
    private let compressionRatio: ([Int]) -> Double
    private let threads: ComputeThreads
    private let workspace: DecoderWorkspace
    private let cache: KeyValueCache
    private var freeSlots: [Int]
    private var live: [LiveWindow] = []

    /// Rows alive at once. Eight windows of five; more rows gain little a step and cost cache.
    package static let slotCount = 40

    private struct LiveWindow {
        var id: Int
        var request: WindowRequest
        var attempt = 0
        var slots: [Int]
        var search: WindowSearch
        /// Position the next token goes to; nil until the prompt has run.
        var position: Int?
        var noSpeechProbability = 0.0
        var tried: [DecodedWindow] = []
        var failures: [DecodedWindow.Failure] = []
    }

    /// - Parameter compressionRatio: of the text of some tokens.
    package init(
        model: WhisperModel, special: SpecialTokens, threads: ComputeThreads, workspace: DecoderWorkspace,
        compressionRatio: @escaping ([Int]) -> Double
    ) {
        self.model = model
        self.threads = threads
        self.workspace = workspace
        self.compressionRatio = compressionRatio
        rules = LogitRules(special: special, configuration: model.configuration)
        let d = model.dimensions
        cache = KeyValueCache(
            layers: d.decoderLayers, slots: WindowDecoder.slotCount, positions: d.textPositions, width: d.width,
            precision: model.precision)
        freeSlots = Array((0..<WindowDecoder.slotCount).reversed())
    }

    package var isIdle: Bool { live.isEmpty }

    /// Whether another window would get its rows at once, with room for every live one to be tried again.
    package func hasRoom(for options: DecodingOptions) -> Bool {
        live.reduce(options.rowsMax) { $0 + $1.request.options.rowsMax } <= WindowDecoder.slotCount
    }

    /// Adds a window; `step` returns it under `id` when it is done.
    package func submit(_ request: WindowRequest, id: Int) {
        precondition(hasRoom(for: request.options) && request.prompt.count < model.dimensions.textPositions)
        live.append(LiveWindow(id: id, request: request, slots: [], search: search(request, attempt: 0)))
    }

    /// Drops a window that nobody waits for any more.
    package func cancel(id: Int) {
        guard let index = live.firstIndex(where: { $0.id == id }) else { return }
        free(live.remove(at: index).slots)
    }

    /// Runs one token of every live window.
    ///
    /// - Returns: the windows that are done.
    package func step() -> [(id: Int, result: DecodedWindow)] {
        var rows: [DecoderRow] = []
        var wanted: [Int] = []
        var taken: [Range<Int>] = []
        for index in live.indices {
            let first = wanted.count
            // Prompts that do not fit this step wait for the next.
            if fits(live[index], rows: rows.count, wanted: wanted.count) {
                addRows(of: index, to: &rows, wanted: &wanted)
            }
            taken.append(first..<wanted.count)
        }
        guard !rows.isEmpty else { return [] }
        model.decoder.run(
            rows, windows: live.map(\.request.window), cache: cache, workspace: workspace, kernels: model.kernels,
            threads: threads)
        let logits = model.decoder.logits(
            of: wanted, workspace: workspace, kernels: model.kernels, threads: threads)
        for index in live.indices where !taken[index].isEmpty { advance(index, logits.rows(taken[index])) }
        var done: [(id: Int, result: DecodedWindow)] = []
        for index in live.indices.reversed() where live[index].search.live.isEmpty {
            if let result = conclude(index) {
                done.append((live[index].id, result))
                live.remove(at: index)
            }
        }
        return done.reversed()
    }

    private func fits(_ window: LiveWindow, rows: Int, wanted: Int) -> Bool {
        let more = window.position == nil ? window.request.prompt.count : window.search.live.count
        return rows + more <= workspace.rowsMax
            && wanted + max(2, window.search.live.count) <= DecoderWorkspace.logitRowsMax
    }

    private func addRows(of index: Int, to rows: inout [DecoderRow], wanted: inout [Int]) {
        let window = live[index]
        if let position = window.position {
            for (number, hypothesis) in window.search.live.enumerated() {
                wanted.append(rows.count)
                rows.append(
                    DecoderRow(
                        slot: window.slots[number], position: position,
                        token: hypothesis.tokens[hypothesis.tokens.count - 1],
                        window: index))
            }
            return
        }
        live[index].slots = (0..<window.search.strategy.rows).map { _ in freeSlots.removeLast() }
        wanted += [rows.count + window.request.startOfTranscript, rows.count + window.request.prompt.count - 1]
        for (position, token) in window.request.prompt.enumerated() {
            rows.append(DecoderRow(slot: live[index].slots[0], position: position, token: token, window: index))
        }
    }

    private func advance(_ index: Int, _ logits: Matrix<Float>) {
        var window = live[index]
        var logits = logits
        let isNew = window.position == nil
        if isNew {
            let total = model.kernels.logSumExp(logits, row: 0, columns: 0..<logits.columns)
            window.noSpeechProbability = Double(exp(logits[0, rules.special.noSpeech] - total))
            window.position = window.request.prompt.count - 1
            logits = logits.rows(1..<2)
        }
        let run = window.failures.contains(.repetition) ? window.request.options.repeatedRunMax : nil
        for (row, hypothesis) in window.search.live.enumerated() {
            rules.apply(
                to: logits, row: row, sampled: hypothesis.tokens, repeatedRunMax: run, kernels: model.kernels)
        }
        let parents = window.search.advance(logits, kernels: model.kernels)
        let position = window.position! + 1
        window.position = position
        if position >= model.dimensions.textPositions {
            window.search.stop()
        } else if parents != Array(parents.indices) {
            // Rows that moved up take their past along.
            cache.inherit(
                sources: parents.map { window.slots[$0] }, targets: Array(window.slots.prefix(parents.count)),
                count: position)
        }
        live[index] = window
    }

    /// Judges an attempt: the result, or nil when the window goes on at its next temperature.
    private func conclude(_ index: Int) -> DecodedWindow? {
        let window = live[index]
        let options = window.request.options
        free(window.slots)
        live[index].slots = []
        let best = window.search.best
        let result = DecodedWindow(
            tokens: best.tokens, averageLogProbability: Double(best.sumLogProbability) / Double(best.tokens.count + 1),
            compressionRatio: compressionRatio(best.tokens), noSpeechProbability: window.noSpeechProbability,
            temperature: options.temperatures[window.attempt], failures: window.failures)
        let loops = result.compressionRatio > options.compressionRatioMax
        let unlikely = result.averageLogProbability < options.averageLogProbabilityMin
        let silent = unlikely && result.noSpeechProbability > options.noSpeechProbabilityMax
        guard (loops || unlikely) && !silent else { return result }
        live[index].tried.append(result)
        live[index].failures.append(loops ? .repetition : .lowProbability)
        guard window.attempt + 1 < options.temperatures.count else { return leastBad(live[index]) }
        live[index].attempt += 1
        live[index].position = nil
        live[index].search = search(window.request, attempt: window.attempt + 1)
        return nil
    }

    /// No temperature passed: the likeliest attempt, of those that do not loop where there is one.
    private func leastBad(_ window: LiveWindow) -> DecodedWindow {
        let straight = window.tried.filter { $0.compressionRatio <= window.request.options.compressionRatioMax }
        let candidates = straight.isEmpty ? window.tried : straight
        var best = candidates.max { $0.averageLogProbability < $1.averageLogProbability }!
        best.failures = window.failures
        best.isLastResort = true
        return best
    }

    private func free(_ slots: [Int]) {
        cache.release(slots)
        freeSlots += slots
    }

    private func search(_ request: WindowRequest, attempt: Int) -> WindowSearch {
        let options = request.options
        let temperature = options.temperatures[attempt]
        let strategy: WindowSearch.Strategy =
            if temperature > 0 {
                .sample(count: options.bestOf, temperature: Float(temperature))
            } else if options.beamSize > 1 {
                .beam(size: options.beamSize)
            } else {
                .greedy
            }
        return WindowSearch(
            strategy: strategy, endOfText: rules.special.endOfText, tokensMax: options.tokensMax,
            seed: request.seed &+ UInt64(attempt))
    }
}
