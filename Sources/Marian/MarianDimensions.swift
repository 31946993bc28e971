/// The sizes of one translation model, as the YAML text in its weight file gives them.
package struct MarianDimensions: Sendable, Equatable {
    /// Largest sizes read, some ten times those of published models; they keep a hostile file from asking for more.
    package static let widthMax = 4_096
    package static let innerWidthMax = 16_384
    package static let layersMax = 64
    package static let vocabularyMax = 1_000_000

    /// Width of encoder and decoder.
    package var width: Int
    /// Width between the two products of a feed-forward part.
    package var innerWidth: Int
    package var heads: Int
    package var encoderLayers: Int
    package var decoderLayers: Int
    package var sourceVocabulary: Int
    package var targetVocabulary: Int
    /// One table of embeddings, and so one vocabulary, for both sides.
    package var isShared: Bool

    package init(
        width: Int, innerWidth: Int, heads: Int, encoderLayers: Int, decoderLayers: Int, sourceVocabulary: Int,
        targetVocabulary: Int, isShared: Bool
    ) {
        self.width = width
        self.innerWidth = innerWidth
        self.heads = heads
        self.encoderLayers = encoderLayers
        self.decoderLayers = decoderLayers
        self.sourceVocabulary = sourceVocabulary
        self.targetVocabulary = targetVocabulary
        self.isShared = isShared
    }

    /// What would change the computation, and the one value that is computed here; a setting that is absent has it.
    private static let required = [
        ("type", "transformer"), ("transformer-preprocess", ""), ("transformer-postprocess", "dan"),
        ("transformer-postprocess-emb", "d"), ("transformer-postprocess-top", ""), ("transformer-ffn-depth", "2"),
        ("transformer-ffn-activation", "relu"), ("transformer-decoder-autoreg", "rnn"), ("dec-cell", "ssru"),
        ("transformer-no-projection", "false"), ("transformer-train-position-embeddings", "false"),
        ("lemma-dim-emb", "0"), ("output-omit-bias", "false"), ("right-left", "false"),
    ]

    /// - Throws: `MarianError.unsupported` for networks of another kind, `malformed` for sizes that are none.
    package init(_ file: MarianFile) throws(MarianError) {
        let settings = MarianDimensions.settings(try file.configuration())
        for (name, value) in MarianDimensions.required {
            let found = settings[name] ?? [value]
            guard found == [value] else {
                throw .unsupported(path: file.path, setting: name, value: found.joined(separator: ", "))
            }
        }
        func number(_ name: String, _ index: Int = 0, in range: ClosedRange<Int>) throws(MarianError) -> Int {
            let values = settings[name] ?? []
            guard index < values.count, let value = Int(values[index]), range.contains(value) else {
                throw .malformed(path: file.path, what: "\(name) of its YAML is no number in \(range)")
            }
            return value
        }
        width = try number("dim-emb", in: 16...MarianDimensions.widthMax)
        innerWidth = try number("transformer-dim-ffn", in: 16...MarianDimensions.innerWidthMax)
        heads = try number("transformer-heads", in: 1...64)
        encoderLayers = try number("enc-depth", in: 1...MarianDimensions.layersMax)
        decoderLayers = try number("dec-depth", in: 1...MarianDimensions.layersMax)
        sourceVocabulary = try number("dim-vocabs", 0, in: 2...MarianDimensions.vocabularyMax)
        targetVocabulary = try number("dim-vocabs", 1, in: 2...MarianDimensions.vocabularyMax)
        guard width % (16 * heads) == 0, innerWidth % 16 == 0 else {
            throw .malformed(path: file.path, what: "\(heads) heads do not divide a width of \(width) into sixteens")
        }
        // Which tables there are decides; the settings must say the same, and the output must be one of them.
        isShared = file.has("Wemb")
        let says = { (name: String) in settings[name] == ["true"] }
        guard isShared == (says("tied-embeddings-all") || says("tied-embeddings-src")) else {
            throw .malformed(path: file.path, what: "its settings and tensors disagree about shared embeddings")
        }
        guard says("tied-embeddings-all") || says("tied-embeddings") else {
            throw .unsupported(path: file.path, setting: "tied-embeddings", value: "false")
        }
        guard !isShared || sourceVocabulary == targetVocabulary else {
            throw .malformed(path: file.path, what: "two vocabularies share one table")
        }
    }

    /// The settings of YAML's plainest form: `name: value`, and lists in brackets or one `- value` a line below.
    private static func settings(_ text: String) -> [String: [String]] {
        var (settings, last) = ([String: [String]](), "")
        let plain = { (part: Substring) in String(part.trimming { $0 == " " || $0 == "\"" || $0 == "'" || $0 == "\r" })
        }
        for line in text.split(separator: "\n") {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("- ") {
                settings[last, default: []].append(plain(content.dropFirst(2)))
            } else if content.count == line.count, let colon = line.firstIndex(of: ":") {
                last = String(line[..<colon])
                let value = line[colon...].dropFirst().trimming { $0 == " " || $0 == "\r" }
                if value.isEmpty {
                    settings[last] = []
                } else if value.hasPrefix("["), value.hasSuffix("]") {
                    settings[last] = value.dropFirst().dropLast().split(separator: ",").map(plain)
                } else {
                    settings[last] = [plain(value)]
                }
            }
        }
        return settings
    }
}

extension Substring {
    /// Without the characters at both ends for which `isTrimmed` holds.
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        guard let first = firstIndex(where: { !isTrimmed($0) }), let last = lastIndex(where: { !isTrimmed($0) })
        else { return "" }
        return self[first...last]
    }
}
