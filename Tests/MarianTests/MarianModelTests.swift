import Foundation
import Inference
import Marian
import TestSupport
import Testing

struct MarianModelTests {
    /// The architectures that are published, with a small vocabulary, shared and split; and one of odd sizes.
    static let architectures: [(name: String, model: SmallMarian)] = [
        ("tiny", SmallMarian(width: 256, innerWidth: 1_536, heads: 8, encoderLayers: 6, decoderLayers: 2)),
        (
            "tiny, split",
            SmallMarian(width: 256, innerWidth: 1_536, heads: 8, encoderLayers: 6, decoderLayers: 2, target: 52)
        ),
        ("base-memory", SmallMarian(width: 384, innerWidth: 1_536, heads: 8, encoderLayers: 6, decoderLayers: 4)),
        (
            "base-memory, split",
            SmallMarian(width: 384, innerWidth: 1_536, heads: 8, encoderLayers: 6, decoderLayers: 4, target: 30)
        ),
        ("base", SmallMarian(width: 512, innerWidth: 2_048, heads: 8, encoderLayers: 6, decoderLayers: 2)),
        (
            "base, split",
            SmallMarian(width: 512, innerWidth: 2_048, heads: 8, encoderLayers: 6, decoderLayers: 2, target: 60)
        ),
        ("odd", SmallMarian(width: 48, innerWidth: 80, heads: 3, encoderLayers: 1, decoderLayers: 3, target: 33)),
    ]

    private func load(_ small: SmallMarian, _ kernels: Kernels = .best) throws -> MarianModel {
        let folder = try TemporaryFolder()
        try small.write(to: folder)
        return try MarianModel(folder: folder.path, kernels: kernels, threads: ComputeThreads(2))
    }

    /// Every token is the likeliest of the naive twin's, and as likely.
    private func check(_ small: SmallMarian, _ kernels: Kernels, _ use: ShortlistUse) throws {
        let model = try load(small, kernels)
        let naive = NaiveMarian(small)
        let sentences = ["a b c", "hello", "the quick brown fox jumps over a lazy dog"]
        let folder = try TemporaryFolder()
        let path = try folder.write(SmallVocabulary(count: small.dimensions.sourceVocabulary).data, to: "spm")
        let vocabulary = try SentencePiece(path: path)
        let translated = try model.translate(sentences, shortlist: use, threads: ComputeThreads(2))
        for (sentence, found) in zip(sentences, translated) {
            let source = try vocabulary.encode(sentence) + [0]
            let considered =
                use == .none ? Array(0..<small.dimensions.targetVocabulary) : try shortlisted(source, small)
            let tokens = found.tokens + (found.isCutShort ? [] : [0])
            #expect(found.isCutShort == (tokens.count == 2 * source.count && tokens.last != 0))
            #expect(tokens.count <= 2 * source.count)
            let expected = naive.logProbabilities(tokens, of: source, considered: considered)
            for (step, expected) in expected.enumerated() {
                #expect(expected.best - expected.token < 5e-3, "\(sentence), token \(step)")
            }
            let mean = expected.reduce(0) { $0 + $1.token } / Double(tokens.count)
            #expect(abs(mean - found.meanLogProbability) < 2e-3, "\(sentence)")
        }
    }

    private func shortlisted(_ source: [Int], _ small: SmallMarian) throws -> [Int] {
        let folder = try TemporaryFolder()
        let d = small.dimensions
        return try Shortlist(
            path: folder.write(small.shortlist, to: "lex"), sourceVocabulary: d.sourceVocabulary,
            targetVocabulary: d.targetVocabulary
        ).tokens(for: source, sharedVocabulary: d.isShared)
    }

    @Test(arguments: architectures.indices)
    func `every architecture gives the tokens and probabilities of double precision`(_ index: Int) throws {
        for use in ShortlistUse.allCases { try check(MarianModelTests.architectures[index].model, .best, use) }
    }

    @Test(arguments: InstructionSet.allCases)
    func `every instruction set gives the tokens and probabilities of double precision`(_ set: InstructionSet) throws {
        guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
        var random = SeededRandom()
        for _ in 0..<6 {
            let heads = Int.random(in: 1...4, using: &random)
            let small = SmallMarian(
                width: heads * 16 * .random(in: 1...4, using: &random),
                innerWidth: 16 * .random(in: 1...20, using: &random),
                heads: heads, encoderLayers: .random(in: 1...3, using: &random),
                decoderLayers: .random(in: 1...3, using: &random), source: .random(in: 30...80, using: &random),
                target: Bool.random(using: &random) ? .random(in: 10...70, using: &random) : nil, seed: random.next())
            try check(small, kernels, .perSentence)
        }
    }

    // MARK: folders that are no model

    /// Loads and expects a `MarianError` whose message names the folder and says what to do.
    private func refusal(
        _ change: (inout SmallMarian) -> Void = { _ in }, files: (TemporaryFolder) throws -> Void = { _ in }
    ) throws -> MarianError? {
        let folder = try TemporaryFolder()
        var small = SmallMarian()
        change(&small)
        try small.write(to: folder)
        try files(folder)
        do {
            _ = try MarianModel(folder: folder.path, threads: ComputeThreads(1))
            return nil
        } catch {
            let message = "\(error)"
            #expect(message.contains(folder.path) && !message.contains("\n"), "\(message)")
            #expect(
                ["pull the model", "keep one direction", "check its permissions", "name another model"].contains {
                    message.contains($0)
                }, "no advice in: \(message)")
            return error
        }
    }

    @Test(arguments: ["model.aabb.intgemm.alphas.bin", "lex.50.50.aabb.s2t.bin", "vocab.aabb.spm"])
    func `a file that is missing, empty, cut or there twice is told`(_ name: String) throws {
        guard case .missingFile? = try refusal(files: { try FileManager.default.removeItem(atPath: $0.path(name)) })
        else {
            return fail("loaded without \(name)")
        }
        guard
            case .severalFiles? = try refusal(files: {
                try FileManager.default.copyItem(
                    atPath: $0.path(name), toPath: $0.path(name.replacing("aabb", with: "bbaa")))
            })
        else { return fail("loaded with two of \(name)") }
        guard case .malformed? = try refusal(files: { try $0.write("", to: name) }) else {
            return fail("loaded an empty \(name)")
        }
        // Half of a vocabulary may be one of fewer pieces.
        let half = try refusal(files: {
            let whole = try Data(contentsOf: URL(fileURLWithPath: $0.path(name)))
            try $0.write(whole.prefix(whole.count / 2), to: name)
        })
        switch half {
        case .malformed?, .mismatch?: break
        default: fail("half of \(name): \(String(describing: half))")
        }
    }

    @Test func `a folder that is not there is unreadable`() {
        #expect(throws: MarianError.self) { try MarianModel(folder: "/nowhere", threads: ComputeThreads(1)) }
    }

    @Test func `a tensor that is missing or of another shape is named`() throws {
        for index in SmallMarian().items.indices {
            let name = SmallMarian().items[index].name
            let missing = try refusal { $0.items.remove(at: index) }
            guard case .missingTensor(_, name)? = missing else {
                // Without a shared table the settings and tensors disagree, which is told first.
                guard name == "Wemb", case .malformed? = missing else {
                    return fail("\(name): \(String(describing: missing))")
                }
                continue
            }
            guard case .wrongShape(_, name, _, _)? = try refusal({ $0.items[index].shape.append(1) }) else {
                return fail("another shape of \(name) was taken")
            }
            guard case .malformed? = try refusal({ $0.items[index].type = 0x402 }) else {
                return fail("another type of \(name) was taken")
            }
        }
    }

    @Test(arguments: [
        ("type", "s2s"), ("transformer-preprocess", "n"), ("transformer-postprocess", "da"),
        ("transformer-postprocess-top", "n"), ("transformer-ffn-activation", "swish"), ("transformer-ffn-depth", "3"),
        ("transformer-decoder-autoreg", "self-attention"), ("dec-cell", "gru"), ("lemma-dim-emb", "8"),
    ])
    func `a network of another kind is refused`(_ setting: (String, String)) throws {
        guard case .unsupported(_, setting.0, setting.1)? = try refusal({ $0.settings = [setting] }) else {
            return fail("\(setting) was taken")
        }
    }

    @Test(arguments: [
        ("dim-emb", "0"), ("dim-emb", "none"), ("dim-emb", "\(MarianDimensions.widthMax + 16)"),
        ("transformer-dim-ffn", "\(MarianDimensions.innerWidthMax + 16)"), ("transformer-dim-ffn", "17"),
        ("transformer-heads", "0"), ("transformer-heads", "3"), ("enc-depth", "\(MarianDimensions.layersMax + 1)"),
        ("dec-depth", "0"), ("dim-vocabs", "[40, \(MarianDimensions.vocabularyMax + 1)]"), ("dim-vocabs", "[40]"),
        ("dim-vocabs", "[40, 41]"), ("tied-embeddings-all", "false"),
    ])
    func `sizes that are none are refused`(_ setting: (String, String)) throws {
        guard case .malformed? = try refusal({ $0.settings = [setting] }) else {
            return fail("\(setting) was taken")
        }
    }

    @Test(arguments: [
        ("dim-emb", MarianDimensions.widthMax), ("transformer-dim-ffn", MarianDimensions.innerWidthMax),
        ("enc-depth", MarianDimensions.layersMax), ("dec-depth", MarianDimensions.layersMax),
    ])
    func `the largest sizes are read`(_ setting: (String, Int)) throws {
        let refusal = try refusal { $0.settings = [(setting.0, "\(setting.1)")] }
        // Past the settings: the tensors of the small model are none of such a size, or too few.
        switch refusal {
        case .wrongShape?, .missingTensor?: break
        default: Issue.record("\(setting): \(String(describing: refusal))")
        }
        let folder = try TemporaryFolder()
        var small = SmallMarian()
        let most = MarianDimensions.vocabularyMax
        small.settings = [("dim-vocabs", "[\(most), \(most)]")]
        let path = try folder.write(small.model, to: "model")
        #expect(try MarianDimensions(MarianFile(path: path)).targetVocabulary == most)
    }

    @Test func `a vocabulary or shortlist of another model does not fit`() throws {
        guard
            case .mismatch(_, "pieces", 40, 41)? = try refusal(files: {
                try $0.write(SmallVocabulary(count: 41).data, to: "vocab.aabb.spm")
            })
        else { return fail("a vocabulary of another size was taken") }
        guard case .mismatch(_, "offsets", 41, 40)? = try refusal({ $0.lists.removeLast() }) else {
            return fail("a shortlist of another size was taken")
        }
    }

    @Test func `a model whose files are altered anywhere is refused or translates, and nothing worse`() throws {
        var random = SeededRandom()
        let folder = try TemporaryFolder()
        let small = SmallMarian()
        try small.write(to: folder)
        let whole = small.model
        let header = whole.count - small.items.reduce(0) { $0 + ($1.bytes.count + 255) / 256 * 256 }
        var (loaded, refused) = (0, 0)
        for _ in 0..<2_000 {
            var altered = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Bool.random(using: &random) ? header : whole.count
                altered[Int.random(in: 0..<place, using: &random)] = .random(in: 0...255, using: &random)
            }
            try folder.write(altered, to: "model.aabb.intgemm.alphas.bin")
            do {
                let model = try MarianModel(folder: folder.path, threads: ComputeThreads(1))
                _ = try model.translate("a bad model")
                loaded += 1
            } catch { refused += 1 }
        }
        #expect(loaded > 0 && refused > 500)
    }
}
