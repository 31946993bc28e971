import Foundation
import Inference
import Marian
import TestSupport
import Testing

struct MarianFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("model.bin") }

    init() throws { folder = try TemporaryFolder() }

    private func read(_ data: Data) throws -> MarianFile {
        try folder.write(data, to: "model.bin")
        return try MarianFile(path: path)
    }

    private func isMalformed(_ data: Data) -> Bool {
        do { _ = try read(data) } catch MarianError.malformed(path, _) { return true } catch {
            Issue.record("\(error)")
        }
        return false
    }

    @Test func `tensors are read as they were written`() throws {
        let small = SmallMarian()
        let file = try read(small.model)
        #expect(try file.configuration() == small.yaml)
        for item in small.items {
            #expect(file.has(item.name))
            let shape = item.shape.map(Int.init)
            if item.type == 0x404 {
                let values = try file.floats(item.name, count: shape[1])
                #expect(
                    values.count == shape[1]
                        && values[0].bitPattern == item.bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
            } else {
                let rows = try file.rows(item.name, shape: shape, inputs: small.dimensions.width, factor: 2)
                #expect(rows.rows * small.dimensions.width == shape[0] * shape[1])
            }
        }
        #expect(!file.has("none"))
    }

    @Test func `a file cut anywhere before its last tensor ends is malformed`() throws {
        var small = SmallMarian(width: 16, innerWidth: 16, heads: 1, encoderLayers: 1, decoderLayers: 1, source: 8)
        small.items = Array(small.items.prefix(5))
        let whole = small.model
        #expect(!isMalformed(whole))
        for count in stride(from: 0, to: whole.count, by: 7) {
            #expect(isMalformed(whole.prefix(count)), "\(count) of \(whole.count) bytes were taken for the whole")
        }
    }

    @Test func `a missing file and a folder are unreadable`() {
        for path in [folder.path("none"), folder.path] {
            do {
                _ = try MarianFile(path: path)
                Issue.record("\(path) was read")
            } catch {
                guard case .unreadable(path, _) = error else { return fail("\(error)") }
            }
        }
    }

    @Test func `limits are read to, and not past`() throws {
        func file(_ change: (inout SmallMarian) -> Void) -> Data {
            var small = SmallMarian(width: 16, innerWidth: 16, heads: 1, encoderLayers: 1, decoderLayers: 1, source: 8)
            small.items = Array(small.items.prefix(1))
            change(&small)
            return small.model
        }
        func item(_ name: String, _ shape: [Int32] = [1]) -> SmallMarian.Item {
            SmallMarian.Item(name: name, type: 0x101, shape: shape, bytes: Data([1]))
        }
        for past in [0, 1] {
            let many = file { $0.items = (0..<MarianFile.tensorsMax - 1 + past).map { item("t\($0)") } }
            #expect(isMalformed(many) == (past == 1))
            let rank = file { $0.items.append(item("t", [Int32](repeating: 1, count: MarianFile.rankMax + past))) }
            #expect(isMalformed(rank) == (past == 1))
            let name = file { $0.items.append(item(String(repeating: "n", count: MarianFile.nameBytesMax - 1 + past))) }
            #expect(isMalformed(name) == (past == 1))
            // "dim-emb: 16" and so on, to the last byte with the closing NUL and the padding to 256 bytes.
            let spaces = MarianFile.configurationBytesMax - 512 + 512 * past
            let long = try read(file { $0.settings = [("filler", String(repeating: " ", count: spaces))] })
            if past == 0 {
                _ = try long.configuration()
            } else {
                #expect(throws: MarianError.self) { try long.configuration() }
            }
        }
        #expect(isMalformed(file { $0.promisedItems = UInt64(MarianFile.tensorsMax) + 1 }))
        #expect(isMalformed(file { $0.promisedItems = .max }))
        #expect(isMalformed(file { $0.version = 2 }))
        #expect(isMalformed(file { $0.items.append($0.items[0]) }))
        for shape: [Int32] in [[0], [-1], [.max, .max, .max], [65_536, 65_536]] {
            #expect(isMalformed(file { $0.items.append(item("t", shape)) }), "\(shape)")
        }
    }

    @Test func `a tensor shorter than its shape, or with a factor that is none, is malformed`() throws {
        var small = SmallMarian(width: 16, innerWidth: 16, heads: 1, encoderLayers: 1, decoderLayers: 1, source: 64)
        small.items[0].shape = [65, 16]
        let short = try read(small.model)
        #expect(throws: MarianError.self) { try short.rows("Wemb", shape: [65, 16], inputs: 16) }
        small.items[0].shape = [64, 16]
        for factor: Float in [0, -1, .nan, .infinity] {
            small.items[0].bytes.removeLast(4)
            small.items[0].bytes.append(little: factor.bitPattern)
            let file = try read(small.model)
            #expect(throws: MarianError.self, "\(factor)") { try file.rows("Wemb", shape: [64, 16], inputs: 16) }
        }
        #expect(throws: MarianError.self) { try short.floats("decoder_ff_logit_out_b", count: 65) }
    }

    @Test func `20,000 altered headers are refused or read, and nothing worse`() throws {
        var random = SeededRandom()
        let small = SmallMarian(width: 16, innerWidth: 16, heads: 1, encoderLayers: 1, decoderLayers: 1, source: 8)
        let whole = small.model
        let header = 16 + 32 * (small.items.count + 1) + 1_500
        var refused = 0
        for round in 0..<20_000 {
            var altered = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                altered[Int.random(in: 0..<header, using: &random)] = .random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { altered = altered.prefix(.random(in: 0..<altered.count, using: &random)) }
            do {
                let file = try read(altered)
                _ = try MarianDimensions(file)
                for item in small.items where file.has(item.name) {
                    _ = try? file.floats(item.name, count: Int(item.shape[1]))
                    _ = try? file.rows(item.name, shape: item.shape.map(Int.init), inputs: 16)
                }
            } catch is MarianError { refused += 1 }
        }
        #expect(refused > 10_000)
    }
}
