import Foundation
import Inference
import TestSupport
import Testing
import Whisper

extension WithWeights {
    struct AudioEncoderTests {
        struct Numerics: Decodable {
            struct Encoder: Decodable {
                let shape: [Int]
                /// First values of some rows by position, and whole rows summed up.
                let rows: [String: [Float]]
                let rowMeans: [String: Double]
                let rowNorms: [String: Double]
            }
            struct Clip: Decodable { let encoder: Encoder }
            let clips: [String: Clip]
        }

        /// Float32 on both sides, summed in another order: values reach ±25, references differ by 1e-3 among themselves.
        static let tolerance: Float = 3e-3
        /// Share of the output's size that int8 may be off; CTranslate2's int8 is off by 0.10.
        static let int8ErrorMax = 0.10

        private func compare(_ output: Matrix<Float>, _ golden: Numerics.Encoder, _ id: String) throws {
            #expect([output.rows, output.columns] == golden.shape)
            var largest: Float = 0
            for (position, expected) in golden.rows.sorted(by: { Int($0.key)! < Int($1.key)! }) {
                let row = output.row(try #require(Int(position)))
                let differences = zip(row, expected).map { abs($0 - $1) }
                largest = max(largest, differences.max() ?? 0)
                let first = differences.firstIndex { $0 > Self.tolerance }
                #expect(first == nil, "\(id): position \(position) differs first at \(first ?? -1)")
                let mean = row.reduce(0.0) { $0 + Double($1) } / Double(row.count)
                let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(abs(mean - (golden.rowMeans[position] ?? .nan)) < 1e-3, "\(id): mean of row \(position)")
                #expect(abs(norm - (golden.rowNorms[position] ?? .nan)) < 1e-2, "\(id): norm of row \(position)")
            }
            print("encoder of \(id), float32: largest difference \(largest)")
        }

        @Test(arguments: Engine.allCases)
        func `float32 output is the reference's within 0.003`(_ engine: Engine) throws {
            let golden: Numerics = try Golden.read("numerics.\(engine.rawValue)")
            let ear = try WindowEar(engine, .float32)
            #expect(golden.clips.count == 2)
            for (id, clip) in golden.clips { try compare(ear.encoded(sample(id)), clip.encoder, id) }
        }

        @Test(arguments: InstructionSet.allCases)
        func `every instruction set gives the reference's output`(_ set: InstructionSet) throws {
            guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
            let golden: Numerics = try Golden.read("numerics.tiny.en")
            let model = try Engine.tinyEnglish.load(.float32, kernels)
            let ear = try WindowEar(model, Engine.tinyEnglish.special(), Engine.tinyEnglish.tokenizer())
            let id = "en/quick_brown_fox"
            try compare(ear.encoded(sample(id)), #require(golden.clips[id]).encoder, "\(id) on \(set.rawValue)")
        }

        @Test(arguments: InstructionSet.allCases)
        func `int8 on every instruction set stays near float32`(_ set: InstructionSet) throws {
            guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
            let samples = try sample("en/quick_brown_fox")
            let exact = try WindowEar(.tinyEnglish, .float32).encoded(samples).array
            let model = try Engine.tinyEnglish.load(.int8, kernels)
            let ear = try WindowEar(model, Engine.tinyEnglish.special(), Engine.tinyEnglish.tokenizer())
            let error = ErrorSize(ear.encoded(samples).array, exact)
            print("encoder of tiny.en, int8 on \(set.rawValue): \(error)")
            #expect(error.relative < Self.int8ErrorMax)
        }

        // MARK: layer by layer

        static let oracle = Shared.path("oracle/numerics")

        @Test(
            .enabled(if: oracle != nil, "needs ../shared/oracle/numerics"), arguments: ["en_jfk", "de_kerstin_0004"])
        func `every layer is the oracle's within its tolerance`(_ clip: String) throws {
            let folder = try TemporaryFolder()
            let archive = try #require(Shared.path("oracle/numerics/\(clip).encoder_intermediate.torch.npz"))
            let unpacked = try ProgramRun("/usr/bin/env", ["python3", "-m", "zipfile", "-e", archive, folder.path])
            try #require(unpacked.status == 0, "\(unpacked.errors)")
            let samples = try pcm(#require(Shared.path("audio/clips/\(clip).wav")))
            var report: [String] = []
            var isFirst = true
            func check(_ name: String, _ found: (Int, Int) -> Float, _ expected: (Int, Int) -> Float, _ shape: (Int, Int)) {
                var (largest, scale, place): (Float, Float, String?) = (0, 0, nil)
                for row in 0..<shape.0 {
                    for column in 0..<shape.1 {
                        let wanted = expected(row, column)
                        let difference = abs(found(row, column) - wanted)
                        (largest, scale) = (max(largest, difference), max(scale, abs(wanted)))
                        // One column of the residual stream reaches 500: its last bits count 3e-5 each.
                        if place == nil, !(difference <= Self.tolerance + 2e-5 * abs(wanted)) {
                            place = "position \(row), column \(column): \(found(row, column)), not \(wanted)"
                        }
                    }
                }
                report.append("\(name): largest difference \(largest) of values up to \(scale)")
                if let place, isFirst {
                    isFirst = false
                    Issue.record("\(clip): \(name) is the first layer that differs, at \(place)")
                }
            }
            let convolved = try NumpyFile(path: folder.path("conv2_pre_gelu.npy"))
            let blocks = try (0..<6).map { try NumpyFile(path: folder.path("block\($0).npy")) }
            let output = try NumpyFile(path: #require(Shared.path("oracle/numerics/\(clip).encoder.ct2.npy")))
            let ear = try WindowEar(.base, .float32)
            _ = ear.encoded(samples) { index, x in
                switch index {
                case 0:
                    check(
                        "convolutions", { x[$0, $1] },
                        { position, channel in
                            let value = convolved.values[channel * convolved.shape[1] + position]
                            return gelu(value) + sinusoid(position, channel, width: 512)
                        }, (64, 512))
                case 1...6:
                    let block = blocks[index - 1]
                    check("block \(index - 1)", { x[$0, $1] }, { block.values[$0 * 512 + $1] }, (64, 512))
                default:
                    check("output", { x[$0, $1] }, { output.values[$0 * 512 + $1] }, (1_500, 512))
                }
            }
            #expect(report.count == 8)
            print("encoder of \(clip), float32, layer by layer:\n  " + report.joined(separator: "\n  "))
        }

        @Test(
            .enabled(if: oracle != nil, "needs ../shared/oracle/numerics"), arguments: ["en_jfk", "de_kerstin_0004"])
        func `int8 strays no further than the reference's own int8`(_ clip: String) throws {
            struct Summary: Decodable {
                struct Distance: Decodable {
                    let relRms: Double
                    let cosine: Double
                }
                let encoderCt2Int8VsF32: Distance
            }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let summary = try #require(Shared.path("oracle/numerics/numerics.json"))
            let all = try decoder.decode(
                [String: Only<Summary>].self, from: Data(contentsOf: URL(fileURLWithPath: summary)))
            let theirs = try #require(all[clip]?.value).encoderCt2Int8VsF32
            let expected = try NumpyFile(path: #require(Shared.path("oracle/numerics/\(clip).encoder.ct2.npy")))
            let samples = try pcm(#require(Shared.path("audio/clips/\(clip).wav")))
            let ours = try ErrorSize(WindowEar(.base, .int8).encoded(samples).array, expected.values)
            print("encoder of \(clip), int8: \(ours); the reference's int8: relative \(theirs.relRms), cosine \(theirs.cosine)")
            #expect(ours.relative <= theirs.relRms && ours.cosine >= theirs.cosine)
        }

        /// x · Φ(x), Φ by the error function.
        private func gelu(_ x: Float) -> Float { Float(0.5 * Double(x) * (1 + erf(Double(x) / 2.0.squareRoot()))) }

        private func sinusoid(_ position: Int, _ channel: Int, width: Int) -> Float {
            let half = width / 2
            let angle = Double(position) * pow(10_000, -Double(channel % half) / Double(half - 1))
            return Float(channel < half ? sin(angle) : cos(angle))
        }
    }
}

/// How far an array is from another.
struct ErrorSize: CustomStringConvertible {
    /// Root of the squared error over the squared size.
    let relative: Double
    let cosine: Double
    let largest: Float

    init(_ found: [Float], _ expected: [Float]) {
        precondition(found.count == expected.count)
        var (error, dot, own, size, largest) = (0.0, 0.0, 0.0, 0.0, Float(0))
        for (x, y) in zip(found, expected) {
            error += Double(x - y) * Double(x - y)
            dot += Double(x) * Double(y)
            own += Double(x) * Double(x)
            size += Double(y) * Double(y)
            largest = max(largest, abs(x - y))
        }
        relative = (error / size).squareRoot()
        cosine = dot / (own * size).squareRoot()
        self.largest = largest
    }

    var description: String { "relative \(relative), cosine \(cosine), largest \(largest)" }
}

/// A value where it is one, nil where the JSON holds something else.
struct Only<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        do { value = try Value(from: decoder) } catch is DecodingError { value = nil }
    }
}
