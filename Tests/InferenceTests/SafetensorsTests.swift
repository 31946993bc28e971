import Foundation
import Inference
import TestSupport
import Testing

struct SafetensorsTests {
    private static let weights: [Float] = [1.5, -2, 0.25, 3, -0, .greatestFiniteMagnitude]

    /// A file of this header over `data`; `length` where the header's length is to be wrong.
    private func file(_ header: String, length: UInt64? = nil, data: [UInt8]) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
    }

    private var good: [UInt8] {
        let header = """
            {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
            "b":{"dtype":"F32","shape":[1],"data_offsets":[24,28]},"h":{"dtype":"F16","shape":[2],"data_offsets":[28,32]}}
            """
        let data = (SafetensorsTests.weights + [7]).flatMap { weight in
            (0..<4).map { UInt8(truncatingIfNeeded: weight.bitPattern >> (8 * $0)) }
        }
        return file(header, data: data + [0, 0, 0, 0])
    }

    @discardableResult
    private func open<Result>(_ bytes: [UInt8], _ body: (Safetensors) throws -> Result) throws -> Result {
        try withMappedFile(bytes) { try body(Safetensors(path: $0.path)) }
    }

    @Test func `tensors are found by name, whatever the order`() throws {
        try open(good) { tensors in
            let (w, b) = (try tensors.floats("w", [2, 3]), try tensors.floats("b", [1]))
            #expect(w == SafetensorsTests.weights && b == [7])
        }
    }

    @Test func `a tensor that is missing, misshapen or of another type is an error that says so`() throws {
        try withMappedFile(good) { mapped in
            let (path, tensors) = (mapped.path, try Safetensors(path: mapped.path))
            #expect(throws: SafetensorsError.missingTensor(path: path, name: "v")) { try tensors.floats("v", [1]) }
            #expect(throws: SafetensorsError.wrongShape(path: path, name: "w", expected: [3, 2], found: [2, 3])) {
                try tensors.floats("w", [3, 2])
            }
            let error = #expect(throws: SafetensorsError.self) { try tensors.floats("h", [2]) }
            #expect(error?.description.contains(path) == true)
            #expect(throws: SafetensorsError.missingTensor(path: path, name: "__metadata__")) {
                try tensors.floats("__metadata__", [])
            }
        }
    }

    @Test func `a file that is missing or a folder is an error that names it`() throws {
        let missing = try TemporaryFolder().path("x.safetensors")
        #expect(throws: SafetensorsError.missingFile(path: missing)) { try Safetensors(path: missing) }
        let error = #expect(throws: SafetensorsError.self) { try Safetensors(path: "/tmp") }
        guard case .unreadable(path: "/tmp", reason: _) = error else { return #expect(Bool(false), "\(error!)") }
    }

    @Test(arguments: [
        "[]", "{", "\"w\"", "{\"w\":1}", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}", "{\"w\":{\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[18446744073709551615,18446744073709551616]}}",
    ])
    func `headers that do not fit their four bytes of data are malformed`(_ header: String) throws {
        let bytes = file(header, data: [0, 0, 0, 0])
        try withMappedFile(bytes) { mapped in
            let error = #expect(throws: SafetensorsError.self) { try Safetensors(path: mapped.path) }
            guard case .malformed(path: mapped.path, what: _) = error else { return #expect(Bool(false), "\(error!)") }
        }
    }

    @Test func `a header is read up to its limit and not past it`() throws {
        let most = Safetensors.headerBytesMax
        let padded = "{}" + String(repeating: " ", count: most - 2)
        try open(file(padded, data: [])) { tensors in
            #expect(throws: SafetensorsError.self) { try tensors.floats("w", [1]) }
        }
        try withMappedFile(file(padded + " ", data: [])) { mapped in
            #expect(throws: SafetensorsError.malformed(path: mapped.path, what: "its header does not fit the file")) {
                try Safetensors(path: mapped.path)
            }
        }
        for length in [UInt64(good.count - 7), UInt64(Int.max), .max] {
            #expect(throws: SafetensorsError.self, "length \(length)") {
                try open(file("{}", length: length, data: [])) { _ in }
            }
        }
    }

    /// A file changed anywhere is read as something or refused by an error that names it; nothing else.
    @Test func `mutated and truncated files never crash the reader`() throws {
        var random = SeededRandom()
        let good = good
        var refused = 0
        for round in 0..<3_000 {
            var bytes = good
            if round % 3 == 0 {
                bytes.removeLast(.random(in: 1...bytes.count, using: &random))
            } else {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: 0..<bytes.count - 32, using: &random)
                    bytes[index] =
                        Bool.random(using: &random)
                        ? .random(in: 0...255, using: &random)
                        : "0123456789{}[],:\"-.e".utf8.randomElement(using: &random)!
                }
            }
            try withMappedFile(bytes) { mapped in
                do {
                    let tensors = try Safetensors(path: mapped.path)
                    for (name, shape) in [("w", [2, 3]), ("b", [1])] {
                        #expect(try tensors.floats(name, shape).count == shape.reduce(1, *))
                    }
                } catch let error as SafetensorsError {
                    #expect(error.description.hasPrefix(mapped.path))
                    refused += 1
                }
            }
        }
        // Every truncation at least cuts what some tensor needs.
        #expect(refused >= 1_000)
    }
}
