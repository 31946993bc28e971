/// The text of a cue in a file, taken apart: tags around the whole, and what is read.
struct CueText: Equatable {
    /// Tags before the text, such as `<i>`, `<v Ann>` and `{\an8}`.
    var opening = ""
    /// On one line, without tags, entities resolved.
    var plain = ""
    /// Tags behind the text.
    var closing = ""
    /// Tags of parts of the text, which have no place in another wording of it.
    var lostTagCount = 0

    /// - Parameter raw: lines as they stand in the file, joined by line feeds.
    init(_ raw: String, _ format: SubtitleFile.Format) {
        var rest = raw.unicodeScalars[...]
        var items: [Item] = []
        var text = String.UnicodeScalarView()
        while let scalar = rest.first {
            if let tag = CueText.tag(rest, format) {
                items.append(.text(String(text)))
                items.append(.tag(String(tag)))
                text = String.UnicodeScalarView()
                rest = rest[tag.endIndex...]
            } else if format == .vtt, scalar == "&", let (entity, meant) = CueText.entity(rest) {
                text.append(contentsOf: meant.unicodeScalars)
                rest = rest.dropFirst(entity.unicodeScalars.count)
            } else {
                text.append(scalar)
                rest.removeFirst()
            }
        }
        items = CueText.rejoined(items + [.text(String(text))])
        let words = items.map(\.text).joined().unicodeScalars.split(whereSeparator: \.isBlank)
        plain = words.map { String($0) }.joined(separator: " ")
        let first = items.firstIndex { !$0.text.isBlank } ?? items.endIndex
        let last = items.lastIndex { !$0.text.isBlank } ?? items.endIndex - 1
        let inside = Set(items[min(first, last)...last].compactMap(\.name))
        let before = items[..<first].filter { item in item.name.map { !inside.contains($0) } ?? false }
        let around = Set(before.compactMap(\.name))
        let behind = first > last ? [] : items[last...].filter { item in item.name.map(around.contains) ?? false }
        opening = before.compactMap(\.tag).joined()
        closing = behind.compactMap(\.tag).joined()
        lostTagCount = items.count { $0.tag != nil } - before.count - behind.count
    }

    private enum Item {
        case text(String)
        case tag(String)

        var text: String { if case .text(let text) = self { text } else { "" } }
        var tag: String? { if case .tag(let tag) = self { tag } else { nil } }
        /// `i` of `<i>` and `</i>`.
        var name: Substring? { tag?.split { "</>. \t\n".contains($0) }.first }
    }

    /// The tag a text begins with, if it does. No tag goes on in the next line.
    private static func tag(
        _ rest: Substring.UnicodeScalarView, _ format: SubtitleFile.Format
    ) -> Substring.UnicodeScalarView? {
        let inside = rest.dropFirst()
        switch rest.first {
        case "<":
            guard let first = inside.dropFirst(inside.first == "/" ? 1 : 0).first,
                let end = inside.firstIndex(where: { $0 == "<" || $0 == ">" || $0 == "\n" })
            else { return nil }
            let isName = first.properties.isAlphabetic && first.isASCII
            // A time in the text of WebVTT is a tag too.
            guard rest[end] == ">", isName || format == .vtt && "0"..."9" ~= first else { return nil }
            return rest[...end]
        case "{":
            guard inside.first == "\\", let end = inside.firstIndex(where: { $0 == "{" || $0 == "}" || $0 == "\n" }),
                rest[end] == "}"
            else { return nil }
            return rest[...end]
        default: return nil
        }
    }

    /// The reference a text begins with, if it does, and what it stands for.
    private static func entity(_ rest: Substring.UnicodeScalarView) -> (written: String, meant: String)? {
        let entities = [
            ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{A0}"), ("&lrm;", "\u{200E}"),
            ("&rlm;", "\u{200F}"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"),
        ]
        return entities.first { rest.starts(with: $0.0.unicodeScalars) }
    }

    /// Without the tags between lines that each have the same tag around them.
    private static func rejoined(_ items: [Item]) -> [Item] {
        var kept: [Item] = []
        var opened: [Substring: String] = [:]
        /// The tag before, with nothing to be seen since.
        var before: Int?
        for item in items {
            if let tag = item.tag, let name = item.name, !tag.hasPrefix("</") {
                if let closed = before, kept[closed].tag == "</\(name)>", opened[name] == tag {
                    kept.remove(at: closed)
                    before = nil
                    continue
                }
                opened[name] = tag
            }
            if item.tag != nil { before = kept.count } else if !item.text.isBlank { before = nil }
            kept.append(item)
        }
        return kept
    }
}
