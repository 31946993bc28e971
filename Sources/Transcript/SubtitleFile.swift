/// Subtitles read from a file, with all that is needed to write it again: times, ids, places on the screen, styles and
/// notes of WebVTT.
package struct SubtitleFile: Sendable, Equatable {
    package enum Format: String, Sendable { case srt, vtt }

    struct Block: Equatable {
        /// Lines as they stand in the file, of a cue those of its text.
        var lines: [String]
        /// Nil where it is no cue: headings, styles, notes.
        var time: CueTime?
        /// Of a cue of WebVTT.
        var id: String?
    }

    package let format: Format
    var blocks: [Block]

    /// The cues as a viewer reads them: without tags, entities resolved.
    package var cues: [Cue] {
        blocks.compactMap { block in
            block.time.map { time in
                let lines = block.lines.map { CueText($0, format).plain }
                return Cue(startMs: time.startMs, endMs: time.endMs, lines: lines.filter { !$0.isEmpty })
            }
        }
    }

    /// Tags of parts of a text, such as one word in italics: a translation has no place for them. Tags around the
    /// text of a whole cue stay.
    package var lostTagCount: Int { texts.reduce(0) { $0 + $1.lostTagCount } }

    /// The file again.
    package var text: String {
        var number = 0
        return blocks.map { block in
            var lines = block.lines
            if let time = block.time {
                number += 1
                let cue = Cue(startMs: time.startMs, endMs: time.endMs, lines: [])
                let times = cue.time(fraction: format == .srt ? "," : ".")
                lines.insert(time.settings.isEmpty ? times : times + " " + time.settings, at: 0)
                if let name = format == .srt ? String(number) : block.id { lines.insert(name, at: 0) }
            }
            return lines.map { $0 + "\n" }.joined() + "\n"
        }.joined()
    }

    /// Of the cues, in their order.
    var texts: [CueText] {
        blocks.filter { $0.time != nil }.map { CueText($0.lines.joined(separator: "\n"), format) }
    }
}

extension SubtitleFile {
    /// Cues out of a hundred that end with a mark where a file has marks at all: sentences without cannot be found.
    private static let markedPercentMin = 10

    /// The sentences, joined where they run over several cues and split inside of cues; in a file without punctuation
    /// every cue is one.
    ///
    /// - Parameter borders: where the sentences of a text are.
    package func sentences(borders: (String) -> [Range<String.Index>]) -> [TimedSentence] {
        var pieces: [TimedText] = []
        var before: Character?
        for (index, (cue, text)) in zip(cues, texts).enumerated() {
            guard let first = text.plain.first else { continue }
            let isJoined = before.map { $0.isWide || first.isWide } ?? true
            pieces.append(
                TimedText(
                    text: isJoined ? text.plain : " " + text.plain, start: Double(cue.startMs) / 1_000,
                    end: Double(cue.endMs) / 1_000, source: index))
            before = text.plain.last
        }
        let markedCount = pieces.count { $0.text.clauseEnd != nil }
        guard markedCount * 100 >= pieces.count * SubtitleFile.markedPercentMin else {
            return pieces.compactMap { TimedSentence([$0]) }
        }
        var sentences: [TimedSentence] = []
        // What has no letters is a sentence of its own, as nobody translates it, and so is a line of a song; a tag before
        // a cue, such as a speaker's or a place on the screen, begins one.
        let runs = pieces.chunked {
            !$0.text.contains(where: \.isLetter) || $0.text.first { !$0.isWhitespace } == "♪"
        } begins: {
            texts[$0.source].opening.contains("<v") || texts[$0.source].opening.contains("{\\")
        }
        for run in runs {
            sentences += TimedSentence.sentences(of: run) { $0.cutAtTurns(borders($0)) }
        }
        return sentences
    }

    /// The file with other words at the same times. Where a sentence has fewer words than cues, the last ones go, and
    /// the one before them stays on the screen for their time. A cue whose sentences have no words goes too.
    ///
    /// - Parameters:
    ///   - sentences: of this file.
    ///   - translations: as many, in the same order.
    ///   - language: of the translations.
    package func replacing(
        _ sentences: [TimedSentence], with translations: [String], in language: Language
    ) -> SubtitleFile {
        precondition(sentences.count == translations.count, "a translation for every sentence")
        let lineMax = SubtitleLimits.of(language).lineCharactersMax
        let texts = texts
        var units = [[LineUnit]](repeating: [], count: texts.count)
        /// Cues that get no words, and those that stay instead.
        var stays: [Int: Int] = [:]
        for (sentence, translation) in zip(sentences, translations) {
            let shares = CueShares(sentence)
            for (cue, words) in shares.parts(LineUnit.units(of: translation, lineCharactersMax: lineMax)) {
                var words = words
                if let last = units[cue].last?.text.last, let first = words.first?.text.first {
                    words[0].isSpaced = !last.isWide && !first.isWide
                }
                units[cue] += words
                if words.isEmpty, let first = shares.cues.first { stays[cue] = first }
            }
        }
        return SubtitleFile(format: format, blocks: rewritten(texts, units, stays, lineMax))
    }

    private func rewritten(
        _ texts: [CueText], _ units: [[LineUnit]], _ stays: [Int: Int], _ lineMax: Int
    ) -> [Block] {
        var blocks: [Block] = []
        var cue = -1
        /// Where the last cue with words is.
        var shown: (cue: Int, block: Int)?
        for block in self.blocks {
            guard block.time != nil else {
                blocks.append(block)
                continue
            }
            cue += 1
            var block = block
            if !units[cue].isEmpty {
                var lines = SubtitleFile.speakers(units[cue]).flatMap { spoken in
                    LineBreaks.lines(Array(spoken), lineCharactersMax: lineMax)
                }
                lines = lines.map { format == .srt ? subRip($0) : webVTT($0) }
                lines[0] = texts[cue].opening + lines[0]
                lines[lines.count - 1] += texts[cue].closing
                block.lines = lines
                shown = (cue, blocks.count)
            } else if !texts[cue].plain.isEmpty {
                if let shown, let first = stays[cue], shown.cue >= first, let endMs = block.time?.endMs,
                    let shownMs = blocks[shown.block].time?.endMs
                {
                    blocks[shown.block].time?.endMs = max(shownMs, endMs)
                }
                continue
            }
            blocks.append(block)
        }
        return blocks
    }

    /// A sentence with a dash before it is somebody else's: it begins a line.
    private static func speakers(_ units: [LineUnit]) -> [ArraySlice<LineUnit>] {
        let starts = units.indices.filter { index in
            index > 0 && units[index - 1].seam == .sentences && "-–—‐".contains(units[index].text.first!)
        }
        let borders = [0] + starts + [units.count]
        return zip(borders, borders.dropFirst()).map { units[$0..<$1] }
    }
}

extension [TimedText] {
    /// The elements in order, those that stand apart alone.
    fileprivate func chunked(
        apart stands: (TimedText) -> Bool, begins: (TimedText) -> Bool
    ) -> [[TimedText]] {
        reduce(into: [[]]) { runs, piece in
            if stands(piece) {
                runs += [[piece], []]
            } else if begins(piece) {
                runs.append([piece])
            } else {
                runs[runs.count - 1].append(piece)
            }
        }.filter { !$0.isEmpty }
    }
}

extension String {
    /// Ranges cut where the next speaker's turn begins: at a dash behind the end of a sentence.
    fileprivate func cutAtTurns(_ ranges: [Range<Index>]) -> [Range<Index>] {
        ranges.flatMap { range in
            var starts = [range.lowerBound]
            var isEnd = false
            for index in self[range].indices {
                let character = self[index]
                let next = self.index(after: index)
                if isEnd, "-–—".contains(character), next < range.upperBound, self[next] == " " || self[next].isLetter {
                    starts.append(index)
                }
                if !character.isWhitespace { isEnd = ".?!…\"”»♪)]".contains(character) }
            }
            return zip(starts, starts.dropFirst() + [range.upperBound]).filter { $0 < $1 }.map { $0..<$1 }
        }
    }
}
