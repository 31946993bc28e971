import Foundation
import Inference

extension TextDecoder {
    /// Probabilities of the languages of a window, in the order of their tokens.
    ///
    /// - Source: Radford et al. 2022, §2.3: the distribution behind start-of-transcript.
    package func languageProbabilities(
        of window: EncodedWindow, special: SpecialTokens, workspace: DecoderWorkspace, kernels: Kernels,
        threads: ComputeThreads
    ) -> [Double] {
        let cache = KeyValueCache(
            layers: dimensions.decoderLayers, slots: 1, positions: 1, width: dimensions.width, precision: .float32)
        run(
            [DecoderRow(slot: 0, position: 0, token: special.startOfTranscript, window: 0)], windows: [window],
            cache: cache, workspace: workspace, kernels: kernels, threads: threads)
        let logits = logits(of: [0], workspace: workspace, kernels: kernels, threads: threads)
        let total = kernels.logSumExp(logits, row: 0, columns: special.languages)
        return special.languages.map { exp(Double(logits[0, $0] - total)) }
    }
}

/// Listens to the first windows of a recording until one of them is sure of its language.
package struct LanguageVote {
    /// A window surer than this decides alone.
    package static let probabilitySure = 0.5
    /// Windows that are asked at most.
    package static let windowsMax = 3

    private var sums: [Double] = []
    private var count = 0

    package init() {}

    /// - Returns: index of the language and its probability, once there is a decision.
    package mutating func add(_ probabilities: [Double]) -> (language: Int, probability: Double)? {
        sums = sums.isEmpty ? probabilities : zip(sums, probabilities).map(+)
        count += 1
        if let best = LanguageVote.best(probabilities), best.probability > LanguageVote.probabilitySure { return best }
        return count < LanguageVote.windowsMax ? nil : decide()
    }

    /// The language of the windows heard so far.
    package func decide() -> (language: Int, probability: Double)? {
        LanguageVote.best(sums.map { $0 / Double(max(1, count)) })
    }

    private static func best(_ probabilities: [Double]) -> (language: Int, probability: Double)? {
        probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { ($0, probabilities[$0]) }
    }
}
