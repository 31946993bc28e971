extension SubtitleFile {
    /// Reads SubRip, or WebVTT where it begins like that.
    ///
    /// Line ends of any kind; a byte order mark, numbers and empty lines between cues may be missing. Times stay as they
    /// are, in whatever order.
    ///
    /// - Throws: `SubtitleError`.
    package init(_ text: String) throws(SubtitleError) {
        let lines = SubtitleFile.lines(text)
        let head = lines.first ?? ""
        let isHead = head.hasPrefix("WEBVTT") && head.dropFirst(6).unicodeScalars.first?.isBlank ?? true
        format = isHead ? .vtt : .srt
        blocks = isHead ? try SubtitleFile.webVTTBlocks(lines) : try SubtitleFile.subRipBlocks(lines)
    }

    private static func lines(_ text: String) -> [Substring] {
        var rest = text.unicodeScalars[...]
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        var lines: [Substring] = []
        while let end = rest.firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
            lines.append(Substring(rest[..<end]))
            let isPair = rest[end...].starts(with: "\r\n".unicodeScalars)
            rest = rest[end...].dropFirst(isPair ? 2 : 1)
        }
        return lines + [Substring(rest)]
    }

    private static func time(_ lines: [Substring], _ index: Int) throws(SubtitleError) -> CueTime {
        do throws(CueTime.Fault) { return try CueTime(lines[index]) } catch {
            switch error {
            case .malformed: throw .badTimes(line: index + 1)
            case .tooLarge: throw .timeTooLarge(line: index + 1)
            }
        }
    }

    /// Cues are found by their times; what stands between is text, but for the number of the next.
    private static func subRipBlocks(_ lines: [Substring]) throws(SubtitleError) -> [Block] {
        var blocks: [Block] = []
        /// Lines with text since the last times, and whether an empty one was above.
        var text: [(index: Int, isApart: Bool)] = []
        func close(_ end: Int) throws(SubtitleError) {
            if let last = text.last, last.index == end - 1, end < lines.count {
                let number = lines[last.index].filter { $0 != " " && $0 != "\t" }
                let isNumber = number.utf8.allSatisfy { 48...57 ~= $0 }
                // The only line of a cue without an empty line behind is its text, unless it counts on.
                let isNext = text.count > 1 || last.isApart || number == String(blocks.count + 1)
                if isNumber, isNext { text.removeLast() }
            }
            if blocks.isEmpty, let first = text.first { throw .noSubtitles(line: first.index + 1) }
            if !blocks.isEmpty { blocks[blocks.count - 1].lines = text.map { String(lines[$0.index]) } }
            text = []
        }
        for (index, line) in lines.enumerated() where !line.isBlank {
            if CueTime.begins(line) {
                try close(index)
                blocks.append(Block(lines: [], time: try time(lines, index)))
            } else {
                text.append((index, index == 0 || lines[index - 1].isBlank))
            }
        }
        try close(lines.count)
        return blocks
    }

    /// Blocks are parted by empty lines. One with times in its first or second line is a cue; more times in it begin
    /// more cues.
    private static func webVTTBlocks(_ lines: [Substring]) throws(SubtitleError) -> [Block] {
        var blocks: [Block] = []
        var isOpen = false
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                isOpen = false
            } else if index > 0, CueTime.begins(line) {
                let time = try time(lines, index)
                let isNamed = isOpen && blocks.count > 1 && blocks.last?.time == nil && blocks.last?.lines.count == 1
                let id = isNamed ? blocks.removeLast().lines[0] : nil
                blocks.append(Block(lines: [], time: time, id: id))
                isOpen = true
            } else if isOpen {
                blocks[blocks.count - 1].lines.append(String(line))
            } else {
                blocks.append(Block(lines: [String(line)]))
                isOpen = true
            }
        }
        return blocks
    }
}
