import Foundation
import Inference

/// The tensors of a Marian `model.*.bin`, version 1, mapped.
///
/// - Source: marian-dev, `src/common/binary.cpp`; intgemm8 items from `src/tensors/cpu/integer_common.h`.
package struct MarianFile: Sendable {
    /// Largest counts a header may name; published models have some 250 tensors of 2 dimensions with names of 40 bytes.
    package static let tensorsMax = 10_000
    package static let rankMax = 8
    package static let nameBytesMax = 256
    /// Longest YAML text read; published ones have 1 kB.
    package static let configurationBytesMax = 1 << 16

    package let path: String
    private let file: MappedFile
    private let tensors: [String: Tensor]

    private struct Tensor {
        var type: UInt64
        var shape: [Int]
        var bytes: Range<Int>

        /// The product of the shape, which was checked for overflow when the header was read.
        var count: Int { shape.reduce(1, *) }
    }
    private enum ElementType { static let int8: UInt64 = 0x101, float32: UInt64 = 0x404, intgemm8: UInt64 = 0x4101 }

    /// - Throws: `MarianError` when the file is unreadable, truncated, of another version, or its sizes disagree.
    package init(path: String) throws(MarianError) {
        self.path = path
        do { file = try MappedFile(path: path) } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        var header = HeaderReader(file: file)
        let version = try header.integer()
        guard version == 1 else { throw .malformed(path: path, what: "it has version \(version), only 1 is read") }
        tensors = try header.tensors()
    }

    package func has(_ name: String) -> Bool { tensors[name] != nil }

    /// The YAML text of the item `special:model.yml`.
    package func configuration() throws(MarianError) -> String {
        let name = "special:model.yml"
        let tensor = try tensor(name)
        guard tensor.type == ElementType.int8, tensor.bytes.count <= MarianFile.configurationBytesMax,
            let text = String(validating: file.data(tensor.bytes).prefix { $0 != 0 }, as: UTF8.self)
        else {
            throw .malformed(
                path: path, what: "\(name) is no text of at most \(MarianFile.configurationBytesMax) bytes")
        }
        return text
    }

    /// A row of float32.
    package func floats(_ name: String, count: Int) throws(MarianError) -> [Float] {
        let tensor = try tensor(name)
        guard tensor.shape == [1, count] || tensor.shape == [count] else {
            throw .wrongShape(path: path, name: name, expected: [1, count], found: tensor.shape)
        }
        guard tensor.type == ElementType.float32, tensor.bytes.count >= 4 * count else {
            throw .malformed(path: path, what: "\(name) is no float32 of shape \(tensor.shape)")
        }
        return (0..<count).map { float(at: tensor.bytes.lowerBound + 4 * $0) }
    }

    /// An int8 matrix, a row an output; its values are multiplied by `factor`.
    ///
    /// - Parameter shape: `[inputs, outputs]`, as the file declares what it stores the other way round; embeddings are
    ///   `[outputs, inputs]` in both.
    package func rows(
        _ name: String, shape: [Int], inputs: Int, factor: Float = 1
    ) throws(MarianError) -> RowSource {
        let tensor = try tensor(name)
        guard tensor.shape == shape else {
            throw .wrongShape(path: path, name: name, expected: shape, found: tensor.shape)
        }
        let scale = factor / (try quantMult(name, tensor))
        let (start, count) = (tensor.bytes.lowerBound, tensor.count)
        // Bytes of the mapping, which the source keeps alive as its owner.
        return unsafe RowSource(
            bytes: file.bytes(start..<start + count), element: .int8, columns: inputs,
            scales: [Float](repeating: scale, count: count / inputs), owner: file)
    }

    /// Lets the pages read so far go.
    package func release() { file.release() }

    /// The factor an intgemm8 item was quantised with: the float32 behind its elements.
    private func quantMult(_ name: String, _ tensor: Tensor) throws(MarianError) -> Float {
        guard tensor.type == ElementType.intgemm8, tensor.bytes.count >= tensor.count + 4 else {
            throw .malformed(path: path, what: "\(name) is no intgemm8 of shape \(tensor.shape)")
        }
        let value = float(at: tensor.bytes.lowerBound + tensor.count)
        guard value.isNormal, value > 0 else { throw .malformed(path: path, what: "\(name) has the factor \(value)") }
        return value
    }

    private func float(at offset: Int) -> Float {
        // `bytes` checks the range against the file.
        unsafe Float(
            bitPattern: UInt32(littleEndian: file.bytes(offset..<offset + 4).loadUnaligned(as: UInt32.self)))
    }

    private func tensor(_ name: String) throws(MarianError) -> Tensor {
        guard let tensor = tensors[name] else { throw .missingTensor(path: path, name: name) }
        return tensor
    }

    /// The fields before the data, each checked against the file's end.
    private struct HeaderReader {
        let file: MappedFile
        var fields: FieldReader

        init(file: MappedFile) {
            self.file = file
            fields = FieldReader(file)
        }

        mutating func integer() throws(MarianError) -> Int {
            let offset = fields.offset
            guard let field = fields.integer(UInt64.self), let value = Int(exactly: field) else {
                throw malformed("the number at byte \(offset) does not fit")
            }
            return value
        }

        mutating func skip(_ count: Int) throws(MarianError) -> Range<Int> {
            let offset = fields.offset
            guard let range = fields.skip(count) else {
                throw malformed("\(count) bytes from \(offset) are past its end")
            }
            return range
        }

        mutating func tensors() throws(MarianError) -> [String: Tensor] {
            let count = try integer()
            guard count <= MarianFile.tensorsMax else { throw malformed("it has \(count) tensors") }
            var headers: [(name: Int, type: Int, rank: Int, data: Int)] = []
            for _ in 0..<count {
                let header = (name: try integer(), type: try integer(), rank: try integer(), data: try integer())
                guard header.name <= MarianFile.nameBytesMax, header.rank <= MarianFile.rankMax else {
                    throw malformed("a name has \(header.name) bytes, or a tensor \(header.rank) dimensions")
                }
                headers.append(header)
            }
            var names: [String] = []
            for header in headers {
                let bytes = file.data(try skip(header.name))
                guard bytes.last == 0, let name = String(validating: bytes.dropLast(), as: UTF8.self) else {
                    throw malformed("a name is no text")
                }
                names.append(name)
            }
            var shapes: [[Int]] = []
            for (header, name) in zip(headers, names) { shapes.append(try shape(rank: header.rank, of: name)) }
            _ = try skip(try integer())
            var tensors: [String: Tensor] = [:]
            for (index, header) in headers.enumerated() {
                let tensor = Tensor(type: UInt64(header.type), shape: shapes[index], bytes: try skip(header.data))
                guard tensors.updateValue(tensor, forKey: names[index]) == nil else {
                    throw malformed("\(names[index]) is there twice")
                }
            }
            return tensors
        }

        private mutating func shape(rank: Int, of name: String) throws(MarianError) -> [Int] {
            var (shape, product) = ([Int](), 1)
            for _ in 0..<rank {
                guard let dimension = fields.integer(Int32.self), dimension > 0 else {
                    throw malformed("\(name) has no shape")
                }
                let (next, overflow) = product.multipliedReportingOverflow(by: Int(dimension))
                guard !overflow, next <= Int(Int32.max) else { throw malformed("\(name) is too large") }
                product = next
                shape.append(Int(dimension))
            }
            return shape
        }

        private func malformed(_ what: String) -> MarianError { .malformed(path: file.path, what: what) }
    }
}
