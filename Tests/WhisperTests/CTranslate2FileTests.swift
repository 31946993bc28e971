import Foundation
import Inference
import TestSupport
import Testing
import Whisper

struct CTranslate2FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A model folder of a file; `{}` is configuration enough.
    private func load(
        _ data: Data, _ precision: Precision = .float32, configuration: String = "{}"
    ) throws -> WhisperModel {
        try folder.write(data, to: "model.bin")
        try folder.write(configuration, to: "config.json")
        return try WhisperModel(folder: folder.path, precision: precision, threads: ComputeThreads(1))
    }

    /// What the encoder makes of a fixed spectrogram.
    private func encoded(_ model: WhisperModel) -> [Float] {
        var random = SeededRandom(seed: 99)
        let d = model.dimensions
        let mel = Matrix<Float>(rows: 2 * d.audioPositions, columns: d.melCount)
        for row in 0..<mel.rows { mel.setRow(row, random.floats(d.melCount)) }
        let workspace = EncoderWorkspace(d, precision: model.precision, threads: 1)
        return model.encoder.encode(
            mel, workspace: workspace, kernels: model.kernels, threads: ComputeThreads(1)
        ).array
    }

    private func relativeDistance(_ x: [Float], _ y: [Float]) -> Double {
        let (error, size) = zip(x, y).reduce((0.0, 0.0)) {
            ($0.0 + pow(Double($1.0 - $1.1), 2), $0.1 + pow(Double($1.1), 2))
        }
        return (error / size).squareRoot()
    }

    @Test(arguments: [80, 128])
    func `weights of every type give the same model, as near as the type is`(_ mels: Int) throws {
        let exact = try encoded(load(SmallModel(mels: mels).file.data))
        #expect(exact.allSatisfy { $0.isFinite } && exact.contains { abs($0) > 0.5 })
        let tolerances: [WeightFile.Kind: Double] = [
            .float32: 0, .float16: 2e-3, .bfloat16: 2e-2, .int8: 3e-2, .int8Float16: 3e-2,
        ]
        for kind in WeightFile.Kind.allCases {
            let data = SmallModel(mels: mels, kind: kind).file.data
            let distance = try relativeDistance(encoded(load(data)), exact)
            print("\(mels) mel bins, \(kind.rawValue) weights: relative distance \(distance)")
            #expect(distance <= tolerances[kind]!, "\(kind.rawValue)")
            if kind != .float32 { #expect(distance > 0, "\(kind.rawValue) was rounded nowhere") }
        }
    }

    @Test(arguments: WeightFile.Kind.allCases)
    func `weights of every type are packed to int8 alike`(_ kind: WeightFile.Kind) throws {
        let exact = try encoded(load(SmallModel().file.data))
        let found = try encoded(load(SmallModel(kind: kind).file.data, .int8))
        #expect(relativeDistance(found, exact) < 5e-2)
    }

    @Test func `dimensions are those of the file`() throws {
        let small = SmallModel(width: 128, heads: 2, mels: 128, audioPositions: 50, textPositions: 20)
        let model = try load(small.file.data)
        #expect(
            model.dimensions
                == WhisperDimensions(
                    melCount: 128, audioPositions: 50, width: 128, heads: 2, encoderLayers: 1, decoderLayers: 1,
                    textPositions: 20, vocabularyCount: 1_700))
    }

    @Test func `a file without encoder positions gets sinusoids for 1,500`() throws {
        let model = try load(SmallModel(hasPositions: false).file.data)
        #expect(model.dimensions.audioPositions == 1_500)
        #expect(encoded(model).allSatisfy { $0.isFinite })
    }

    // MARK: files that are no model

    /// Loads and expects a `ModelError` whose message names the file and says what to do.
    private func refusal(_ data: Data, configuration: String = "{}") -> ModelError? {
        do {
            _ = try load(data, configuration: configuration)
            return nil
        } catch {
            let message = "\(error)"
            #expect(message.contains(folder.path), "no file in: \(message)")
            #expect(
                ["pull the model", "convert the model", "name a folder", "check its permissions"].contains {
                    message.contains($0)
                }, "no advice in: \(message)")
            #expect(!message.contains("\n"))
            return error as? ModelError
        }
    }

    private var path: String { folder.path("model.bin") }

    @Test func `a missing file, an empty one and a folder are told apart`() throws {
        #expect(throws: ModelError.missingFile(path: "/nowhere/model.bin")) {
            try WhisperModel(folder: "/nowhere", threads: ComputeThreads(1))
        }
        #expect(refusal(Data()) == .truncated(path: path, offset: 0))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: ModelError.self) { try CTranslate2File(path: path) }
    }

    @Test func `a file cut anywhere before its end is truncated`() throws {
        var file = WeightFile()
        file.add("encoder/num_heads", scalar: 1)
        file.add("a", [2, 3], [1, 2, 3, 4, 5, 6], .int8)
        file.add("b", vector: [1, 2], .float16)
        file.aliases = [("c", "b")]
        let whole = file.data
        try folder.write(whole, to: "model.bin")
        #expect(try CTranslate2File(path: path).has("c"))
        for count in 0..<whole.count {
            try folder.write(whole.prefix(count), to: "model.bin")
            do {
                _ = try CTranslate2File(path: path)
                Issue.record("\(count) of \(whole.count) bytes were taken for the whole")
            } catch {
                guard case .truncated(path, let offset) = error else {
                    Issue.record("\(count) bytes: \(error)")
                    continue
                }
                #expect(offset <= count)
            }
        }
    }

    @Test func `another version, another model and no text for a name are refused`() {
        var file = SmallModel().file
        file.version = 5
        #expect(refusal(file.data) == .unsupportedVersion(path: path, version: 5))
        file.version = 7
        #expect(refusal(file.data) == .unsupportedVersion(path: path, version: 7))
        file.version = 6
        file.specification = "TransformerSpec"
        #expect(refusal(file.data) == .notWhisper(path: path, specification: "TransformerSpec"))
        var data = SmallModel().file.data
        data[6] = 0xff
        guard case .malformed? = refusal(data) else {
            Issue.record("a name that is no UTF-8 was taken")
            return
        }
    }

    @Test func `counts past their limits are refused before anything is read`() {
        var file = WeightFile()
        file.promisedVariables = UInt32(CTranslate2File.variablesMax) + 1
        #expect(refusal(file.data) == .malformed(path: path, what: "\(CTranslate2File.variablesMax + 1) variables"))
        file.promisedVariables = UInt32(CTranslate2File.variablesMax)
        // Allowed, and missing: the next field is no name.
        guard case .malformed(path, let what)? = refusal(file.data) else {
            Issue.record("variables that are not there were found")
            return
        }
        #expect(what.contains("is no text"))
    }

    @Test func `a variable of the most dimensions is read, one more is refused`() throws {
        var file = WeightFile()
        file.variables = [("a", [Int](repeating: 1, count: CTranslate2File.rankMax), 1, Data([7]))]
        try folder.write(file.data, to: "model.bin")
        #expect(try CTranslate2File(path: path).shape("a").count == CTranslate2File.rankMax)
        file.variables = [("a", [Int](repeating: 1, count: CTranslate2File.rankMax + 1), 1, Data([7]))]
        #expect(refusal(file.data) == .malformed(path: path, what: "a has 9 dimensions"))
    }

    @Test func `sizes that disagree are refused`() {
        func refused(_ shape: [Int], _ code: UInt8, _ bytes: Int) -> ModelError? {
            var file = WeightFile()
            file.variables = [("a", shape, code, Data(count: bytes))]
            return refusal(file.data)
        }
        #expect(refused([3], 0, 8) == .malformed(path: path, what: "a has 8 bytes for shape [3]"))
        #expect(refused([3, 0], 0, 0) == .malformed(path: path, what: "a has an empty dimension"))
        #expect(refused([3], 9, 12) == .unsupportedType(path: path, name: "a", code: 9))
        let huge = [Int](repeating: Int(UInt32.max), count: 4)
        #expect(refused(huge, 0, 4) == .malformed(path: path, what: "a has shape \(huge)"))
        var cut = WeightFile()
        cut.variables = [("a", [4], 0, Data(count: 16))]
        var data = cut.data
        data.removeLast(8)
        guard case .truncated? = refusal(data) else {
            Issue.record("missing bytes were not missed")
            return
        }
    }

    @Test func `an alias of nothing is refused`() {
        var file = SmallModel().file
        file.aliases = [("decoder/projection/weight", "nothing")]
        #expect(refusal(file.data) == .missingVariable(path: path, name: "nothing"))
    }

    @Test func `a model without one of its variables says which`() {
        let whole = SmallModel(kind: .int8).file
        for index in whole.variables.indices {
            let name = whole.variables[index].name
            var file = whole
            file.variables.remove(at: index)
            // What the sizes are read from may be missed under another name.
            if name == "encoder/position_encodings/encodings" || name.hasSuffix("encodings_scale") { continue }
            switch refusal(file.data) {
            case .missingVariable(path, let missing): #expect(missing == name)
            case .malformed where name.hasSuffix("ffn/linear_0/weight"): break
            case let other: Issue.record("without \(name): \(String(describing: other))")
            }
        }
    }

    @Test func `a model with a variable of another shape says which`() {
        let whole = SmallModel().file
        for index in whole.variables.indices where !whole.variables[index].shape.isEmpty {
            var file = whole
            let (name, shape, code, bytes) = file.variables[index]
            let last = shape[shape.count - 1]
            guard last > 1 else { continue }
            file.variables[index] = (
                name, Array(shape.dropLast()) + [last - 1], code, bytes.prefix(bytes.count / last * (last - 1))
            )
            switch refusal(file.data) {
            case .wrongShape(path, _, _, _), .malformed(path, _): break
            case let other: Issue.record("\(name) with \(last - 1): \(String(describing: other))")
            }
        }
    }

    @Test func `sizes that are no Whisper model's are refused`() {
        for small in [
            SmallModel(heads: 2), SmallModel(textPositions: 4), SmallModel(vocabulary: 1_500), SmallModel(mels: 72),
            SmallModel(audioPositions: 8_193),
        ] {
            guard case .malformed(path, let what)? = refusal(small.file.data) else {
                Issue.record("\(small) was taken")
                continue
            }
            #expect(what.contains("sizes"))
        }
        #expect(refusal(SmallModel(textPositions: 8, vocabulary: 1_600).file.data) == nil)
    }

    @Test func `a configuration that does not fit the model is refused`() {
        let data = SmallModel().file.data
        let path = folder.path("config.json")
        #expect(
            refusal(data, configuration: "no JSON")
                == .malformed(path: path, what: "it is no JSON object of token lists"))
        for wrong in [
            #"{"suppress_ids": [1700]}"#, #"{"suppress_ids": [-1]}"#, #"{"suppress_ids_begin": [1700]}"#,
            #"{"alignment_heads": [[1, 0]]}"#, #"{"alignment_heads": [[0, 1]]}"#, #"{"alignment_heads": [[0]]}"#,
            #"{"alignment_heads": [[-1, 0]]}"#, #"{"alignment_heads": [[0, 0], [0, 0]]}"#, #"{"suppress_ids": "all"}"#,
        ] {
            guard case .malformed(path, _)? = refusal(data, configuration: wrong) else {
                Issue.record("\(wrong) was taken")
                continue
            }
        }
        #expect(refusal(data, configuration: #"{"suppress_ids": [1699], "alignment_heads": [[0, 0]]}"#) == nil)
    }

    @Test func `a configuration of the most bytes is read, one more is refused`() {
        let data = SmallModel().file.data
        func configuration(_ count: Int) -> String { "{" + String(repeating: " ", count: count - 2) + "}" }
        #expect(refusal(data, configuration: configuration(WhisperConfiguration.bytesMax)) == nil)
        #expect(refusal(data, configuration: configuration(WhisperConfiguration.bytesMax + 1)) != nil)
    }

    @Test func `a model of unknown heads aligns words by the upper half of its layers`() throws {
        let model = try load(SmallModel(width: 128, heads: 2).file.data)
        #expect(model.configuration.alignmentHeads.map { [$0.layer, $0.head] } == [[0, 0], [0, 1]])
    }

    @Test func `altered and cut files are refused or loaded, and nothing worse`() throws {
        var random = SeededRandom()
        let whole = SmallModel(audioPositions: 16, textPositions: 8, vocabulary: 1_600, kind: .int8).file
        let data = whole.data
        // Most of a file is weights, which may be anything: aim at the fields between them.
        var fields: [Int] = Array(0..<30)
        var at = 30
        for variable in whole.variables {
            let header = 2 + variable.name.utf8.count + 1 + 1 + 4 * variable.shape.count + 1 + 4
            fields += at - 4..<min(data.count, at + header)
            at += header + variable.bytes.count
        }
        fields += at - 4..<data.count
        fields.removeAll { $0 >= data.count }
        var refused = 0
        for round in 0..<600 {
            var altered = data
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                altered[fields.randomElement(using: &random)!] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { altered = altered.prefix(Int.random(in: 0..<altered.count, using: &random)) }
            do { _ = try load(altered) } catch is ModelError { refused += 1 }
        }
        #expect(refused > 400)
    }
}
