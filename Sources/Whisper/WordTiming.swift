import Foundation
import Inference

/// When each word of a window was spoken, from the cross-attention of the heads that follow the audio.
///
/// - Source: openai/whisper `timing.py`; dynamic time warping after Sakoe & Chiba 1978.
package struct WordTiming {
    let decoder: TextDecoder
    let heads: [AlignmentHead]
    let special: SpecialTokens
    let tokenizer: WhisperTokenizer
    let workspace: DecoderWorkspace
    let kernels: Kernels
    let threads: ComputeThreads

    /// Width of the median filter along time, in positions of 20 ms.
    static let medianWidth = 7

    /// Times of the words of some text.
    ///
    /// - Parameters:
    ///   - prompt: the start-of-transcript sequence.
    ///   - text: tokens without timestamps, at most what fits the decoder behind `prompt`.
    /// - Returns: words in order, seconds from the start of the window.
    func words(of text: [Int], in window: EncodedWindow, prompt: [Int], language: String) -> [TimedWord] {
        let room = decoder.dimensions.textPositions - prompt.count - 2
        let text = Array(text.filter { $0 < special.endOfText }.prefix(room))
        guard !text.isEmpty else { return [] }
        let tokens = prompt + [special.noTimestamps] + text + [special.endOfText]
        let positions = min(window.frames / 2, decoder.dimensions.audioPositions)
        guard positions > 0 else { return [] }
        let cache = KeyValueCache(
            layers: decoder.dimensions.decoderLayers, slots: 1, positions: tokens.count,
            width: decoder.dimensions.width,
            precision: .float32)
        let capture = AttentionCapture(
            heads: heads, rows: tokens.count, keys: decoder.dimensions.audioPositions)
        let rows = tokens.enumerated().map { DecoderRow(slot: 0, position: $0, token: $1, window: 0) }
        decoder.run(
            rows, windows: [window], cache: cache, workspace: workspace, kernels: kernels, threads: threads,
            capture: capture)
        let probabilities = probabilities(of: text, behind: prompt.count)
        let cost = cost(capture, rows: prompt.count..<tokens.count - 1, positions: positions)
        let jumps = WordTiming.jumps(cost, rows: text.count + 1, columns: positions)
        var index = 0
        return WordSplit.words(of: text, tokenizer: tokenizer, hasSpaces: WhisperLanguage.hasSpaces(language)).map {
            let range = index..<index + $0.tokens.count
            index = range.upperBound
            let sum = probabilities[range].reduce(0, +)
            return TimedWord(
                text: $0.text, tokens: $0.tokens, start: jumps[range.lowerBound], end: jumps[range.upperBound],
                probability: sum / Double(range.count))
        }
    }

    /// Probability of each text token, of all text tokens, at the row before it.
    private func probabilities(of text: [Int], behind row: Int) -> [Double] {
        var result: [Double] = []
        for start in stride(from: 0, to: text.count, by: DecoderWorkspace.logitRowsMax) {
            let part = start..<min(text.count, start + DecoderWorkspace.logitRowsMax)
            let logits = decoder.logits(
                of: part.map { row + $0 }, workspace: workspace, kernels: kernels, threads: threads)
            for (index, token) in part.enumerated() {
                let total = kernels.logSumExp(logits, row: index, columns: 0..<special.endOfText)
                result.append(exp(Double(logits[index, text[token]] - total)))
            }
        }
        return result
    }

    /// Minus the heads' mean attention, standardised over the tokens, smoothed along time: `[rows.count, positions]`.
    private func cost(_ capture: AttentionCapture, rows: Range<Int>, positions: Int) -> [Float] {
        let all = 0..<rows.upperBound + 1
        let sums = Matrix<Float>(rows: heads.count, columns: rows.count * positions)
        threads.run(heads.count) { head, _ in
            let weights = capture[head].rows(all).columns(0..<positions)
            // The softmax of the positions kept is the whole one over their share of it.
            var values = all.map { row -> [Float] in
                let row = weights.row(row)
                let share = row.reduce(0, +)
                return share > 0 ? row.map { $0 / share } : row
            }
            for column in 0..<positions {
                let mean = values.reduce(0) { $0 + $1[column] } / Float(values.count)
                let variance = values.reduce(0) { $0 + ($1[column] - mean) * ($1[column] - mean) } / Float(values.count)
                let scale = variance > 0 ? 1 / variance.squareRoot() : 0
                for row in values.indices { values[row][column] = (values[row][column] - mean) * scale }
            }
            sums.setRow(head, rows.flatMap { WordTiming.median(values[$0]) })
        }
        let scale = -1 / Float(heads.count)
        var cost = [Float](repeating: 0, count: rows.count * positions)
        for head in heads.indices {
            for (index, value) in sums.row(head).enumerated() { cost[index] += value * scale }
        }
        return cost
    }

    /// Median of each value and its neighbours, mirrored at the ends; short rows stay as they are.
    package static func median(_ row: [Float]) -> [Float] {
        let half = medianWidth / 2
        guard row.count > half else { return row }
        let padded = row[1...half].reversed() + row + row.dropLast().suffix(half).reversed()
        var sorted = [Float](repeating: 0, count: medianWidth)
        return row.indices.map { start in
            for offset in 0..<medianWidth {
                let value = padded[start + offset]
                var place = offset
                while place > 0, sorted[place - 1] > value {
                    sorted[place] = sorted[place - 1]
                    place -= 1
                }
                sorted[place] = value
            }
            return sorted[half]
        }
    }

    /// Seconds at which the cheapest path reaches each row, `[rows]`.
    package static func jumps(_ cost: [Float], rows: Int, columns: Int) -> [Double] {
        let width = columns + 1
        var sums = [Float](repeating: .infinity, count: (rows + 1) * width)
        var moves = [UInt8](repeating: 0, count: (rows + 1) * width)
        sums[0] = 0
        for row in 1...rows {
            for column in 1...columns {
                let (diagonal, up, left) = (
                    sums[(row - 1) * width + column - 1], sums[(row - 1) * width + column],
                    sums[row * width + column - 1]
                )
                let at = row * width + column
                let move: UInt8 = diagonal < up && diagonal < left ? 0 : up < diagonal && up < left ? 1 : 2
                moves[at] = move
                sums[at] = cost[(row - 1) * columns + column - 1] + (move == 0 ? diagonal : move == 1 ? up : left)
            }
        }
        var (row, column) = (rows, columns)
        var first = [Int](repeating: 0, count: rows)
        while row > 0, column > 0 {
            first[row - 1] = column - 1
            switch moves[row * width + column] {
            case 0: (row, column) = (row - 1, column - 1)
            case 1: row -= 1
            default: column -= 1
            }
        }
        return first.map { Double($0) / 50 }
    }
}

/// A word with its tokens, seconds from the start of its window.
package struct TimedWord: Equatable {
    package var text: String
    package var tokens: [Int]
    package var start: Double
    package var end: Double
    package var probability: Double

    package init(text: String, tokens: [Int], start: Double, end: Double, probability: Double) {
        self.text = text
        self.tokens = tokens
        self.start = start
        self.end = end
        self.probability = probability
    }
}

/// Tokens grouped to words.
package enum WordSplit {
    /// The punctuation of ASCII in its order.
    private static let marks = ##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##

    /// At spaces where the language has them, else at every complete character.
    package static func words(of tokens: [Int], tokenizer: WhisperTokenizer, hasSpaces: Bool) -> [(
        text: String, tokens: [Int]
    )] {
        let units = units(of: tokens, tokenizer)
        guard hasSpaces else { return units }
        var words: [(text: String, tokens: [Int])] = []
        for unit in units {
            var bare = unit.text.drop(while: \.isWhitespace)
            while bare.last?.isWhitespace == true { bare.removeLast() }
            // White space alone and marks that follow each other in ASCII stand alone, as for the reference.
            let isMark = bare.isEmpty || WordSplit.marks.contains(bare)
            if words.isEmpty || unit.text.unicodeScalars.first == " " || isMark {
                words.append(unit)
            } else {
                words[words.count - 1].text += unit.text
                words[words.count - 1].tokens += unit.tokens
            }
        }
        return words
    }

    /// The shortest runs of tokens that are whole characters.
    private static func units(of tokens: [Int], _ tokenizer: WhisperTokenizer) -> [(text: String, tokens: [Int])] {
        var units: [(text: String, tokens: [Int])] = []
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            open.append(token)
            let bytes = tokenizer.bytes(open)
            // A character has at most four bytes, so four tokens that make none never will.
            let isBroken = open.count >= 4 || index == tokens.count - 1
            guard
                let text = String(validating: bytes, as: UTF8.self)
                    ?? (isBroken ? String(decoding: bytes, as: UTF8.self) : nil)
            else { continue }
            units.append((text, open))
            open = []
        }
        return units
    }
}
