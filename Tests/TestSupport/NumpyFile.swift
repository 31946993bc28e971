import Foundation

/// An array of a `.npy` file, float32, little-endian.
///
/// - Source: NumPy enhancement proposal 1.
package struct NumpyFile: Sendable {
    package let shape: [Int]
    /// Row-major, whatever the order of the file.
    package let values: [Float]

    package enum Problem: Error {
        case notRead(path: String, header: String)
    }

    package init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard data.count > 10, data.starts(with: [0x93] + Array("NUMPY".utf8)), data[6] == 1 else {
            throw Problem.notRead(path: path, header: "")
        }
        let start = 10 + Int(data[8]) + Int(data[9]) << 8
        let header = String(decoding: data[10..<min(start, data.count)], as: UTF8.self)
        let dimensions = header.firstMatch(of: /'shape': \(([0-9, ]*)\)/)?.1.split(separator: ",") ?? []
        let shape = dimensions.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        let count = shape.reduce(1, *)
        guard header.contains("'descr': '<f4'"), data.count == start + 4 * count else {
            throw Problem.notRead(path: path, header: header)
        }
        let stored = (0..<count).map { index in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + 4 * index + $1]) << (8 * $1) })
        }
        self.shape = shape
        guard header.contains("'fortran_order': True"), shape.count == 2 else {
            values = stored
            return
        }
        values = (0..<count).map { stored[$0 % shape[1] * shape[0] + $0 / shape[1]] }
    }

    /// A row of a two-dimensional array.
    package func row(_ index: Int) -> ArraySlice<Float> { values[index * shape[1]..<(index + 1) * shape[1]] }
}
