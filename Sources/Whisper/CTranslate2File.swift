import Foundation
import Inference

/// The variables of a CTranslate2 `model.bin`, version 6, mapped.
///
/// - Source: OpenNMT CTranslate2, `model_spec.py` and `model.cc`.
package final class CTranslate2File: Sendable {
    struct Variable: Sendable {
        var shape: [Int]
        var element: Int
        var bytes: Range<Int>
    }
    /// Largest counts a header may name; published models have some 1,300 variables of at most 3 dimensions.
    package static let variablesMax = 100_000
    package static let rankMax = 8

    package let path: String
    /// Name of the converter's specification, `WhisperSpec` for ours.
    package let specification: String
    private let file: MappedFile
    private let variables: [String: Variable]

    /// - Throws: `ModelError` when the file is missing, truncated, of another version, or its sizes disagree.
    package init(path: String) throws(ModelError) {
        self.path = path
        do { file = try MappedFile(path: path) } catch let error as POSIXError where error.code == .ENOENT {
            throw ModelError.missingFile(path: path)
        } catch { throw ModelError.unreadable(path: path, reason: "\(error.localizedDescription)") }
        var header = HeaderReader(file: file)
        let version = Int(try header.integer(UInt32.self))
        guard version == 6 else { throw .unsupportedVersion(path: path, version: version) }
        specification = try header.string()
        _ = try header.integer(UInt32.self)
        let count = Int(try header.integer(UInt32.self))
        guard count <= CTranslate2File.variablesMax else { throw .malformed(path: path, what: "\(count) variables") }
        var variables: [String: Variable] = [:]
        for _ in 0..<count {
            let name = try header.string()
            variables[name] = try header.variable(name)
        }
        let aliases = Int(try header.integer(UInt32.self))
        guard aliases <= CTranslate2File.variablesMax else { throw .malformed(path: path, what: "\(aliases) aliases") }
        for _ in 0..<aliases {
            let alias = try header.string()
            let target = try header.string()
            guard let variable = variables[target] else { throw .missingVariable(path: path, name: target) }
            variables[alias] = variable
        }
        self.variables = variables
    }

    package func has(_ name: String) -> Bool { variables[name] != nil }

    package func shape(_ name: String) throws(ModelError) -> [Int] { try variable(name).shape }

    /// A small whole number stored as i8, i16 or i32.
    package func scalar(_ name: String) throws(ModelError) -> Int {
        let variable = try variable(name)
        let bytes = file.data(variable.bytes)
        guard [1, 2, 3].contains(variable.element), (1...4).contains(bytes.count) else {
            throw .unsupportedType(path: path, name: name, code: variable.element)
        }
        let value = bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let bits = Int64(8 * bytes.count)
        return Int((value << (64 - bits)) >> (64 - bits))
    }

    /// A vector of floats in any floating type.
    package func vector(_ name: String, count: Int, kernels: Kernels) throws(ModelError) -> [Float] {
        try expect(name, [count])
        return try rows(name).first(kernels)
    }

    /// Rows of a variable flattened to `[first dimension, rest]` (vectors become one row), with the scales of int8 ones.
    package func rows(_ name: String) throws(ModelError) -> RowSource {
        let variable = try variable(name)
        let rows = variable.shape.count > 1 ? variable.shape[0] : 1
        let columns = max(1, variable.shape.dropFirst(variable.shape.count > 1 ? 1 : 0).reduce(1, *))
        let element: WeightElement
        switch variable.element {
        case 0: element = .float32
        case 1: element = .int8
        case 4: element = .float16
        case 5: element = .bfloat16
        default: throw .unsupportedType(path: path, name: name, code: variable.element)
        }
        var scales: [Float] = []
        if element == .int8 {
            let scaleName = name + "_scale"
            let scale = try self.variable(scaleName)
            guard scale.element == 0, scale.bytes.count == 4 * rows else {
                throw .wrongShape(path: path, name: scaleName, expected: [rows], found: scale.shape)
            }
            scales = try self.rows(scaleName).first(.best).map { $0 == 0 ? 0 : 1 / $0 }
            guard scales.count == rows else {
                throw .wrongShape(path: path, name: scaleName, expected: [rows], found: scale.shape)
            }
        }
        guard variable.bytes.count == rows * columns * element.sizeBytes, rows > 0 else {
            throw .malformed(path: path, what: "\(name) has \(variable.bytes.count) bytes for shape \(variable.shape)")
        }
        // Bytes of the mapping, which the source keeps alive as its owner.
        return unsafe RowSource(
            bytes: file.bytes(variable.bytes), element: element, columns: columns, scales: scales, owner: file)
    }

    package func expect(_ name: String, _ shape: [Int]) throws(ModelError) {
        let found = try variable(name).shape
        guard found == shape else { throw .wrongShape(path: path, name: name, expected: shape, found: found) }
    }

    /// Lets the pages read so far go.
    package func release() { file.release() }

    private func variable(_ name: String) throws(ModelError) -> Variable {
        guard let variable = variables[name] else { throw .missingVariable(path: path, name: name) }
        return variable
    }
}

extension RowSource {
    /// The first row.
    func first(_ kernels: Kernels) -> [Float] {
        let out = Matrix<Float>(rows: 1, columns: columns)
        widen(0, out, kernels)
        return out.array
    }
}

/// The fields before and between the data, each checked against the file's end.
private struct HeaderReader {
    let file: MappedFile
    var fields: FieldReader

    init(file: MappedFile) {
        self.file = file
        fields = FieldReader(file)
    }

    mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ModelError) -> T {
        let offset = fields.offset
        guard let value = fields.integer(type) else { throw .truncated(path: file.path, offset: offset) }
        return value
    }

    /// u16 length with the closing NUL, then the bytes.
    mutating func string() throws(ModelError) -> String {
        let offset = fields.offset
        let count = Int(try integer(UInt16.self))
        guard let range = fields.skip(count) else { throw .truncated(path: file.path, offset: offset) }
        let bytes = file.data(range)
        guard bytes.last == 0, let string = String(validating: bytes.dropLast(), as: UTF8.self) else {
            throw .malformed(path: file.path, what: "the name at byte \(offset) is no text")
        }
        return string
    }

    mutating func variable(_ name: String) throws(ModelError) -> CTranslate2File.Variable {
        let rank = Int(try integer(UInt8.self))
        guard rank <= CTranslate2File.rankMax else {
            throw .malformed(path: file.path, what: "\(name) has \(rank) dimensions")
        }
        var shape: [Int] = []
        for _ in 0..<rank {
            let dimension = Int(try integer(UInt32.self))
            guard dimension > 0 else { throw .malformed(path: file.path, what: "\(name) has an empty dimension") }
            shape.append(dimension)
        }
        let element = Int(try integer(UInt8.self))
        let count = Int(try integer(UInt32.self))
        let offset = fields.offset
        guard let range = fields.skip(count) else { throw .truncated(path: file.path, offset: offset) }
        let sizes = [0: 4, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2]
        guard let size = sizes[element] else {
            throw .unsupportedType(path: file.path, name: name, code: element)
        }
        var expected = size
        for dimension in shape {
            let (product, overflow) = expected.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw .malformed(path: file.path, what: "\(name) has shape \(shape)") }
            expected = product
        }
        guard expected == count else {
            throw .malformed(path: file.path, what: "\(name) has \(count) bytes for shape \(shape)")
        }
        return CTranslate2File.Variable(shape: shape, element: element, bytes: range)
    }
}
