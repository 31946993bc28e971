import Foundation

/// What can be wrong with a safetensors file.
package enum SafetensorsError: Error, Equatable {
    case missingFile(path: String)
    case unreadable(path: String, reason: String)
    case malformed(path: String, what: String)
    case missingTensor(path: String, name: String)
    case wrongShape(path: String, name: String, expected: [Int], found: [Int])
}

extension SafetensorsError: CustomStringConvertible {
    package var description: String {
        let again = "pull the model again with `voicelingua models pull NAME`"
        return switch self {
        case .missingFile(let path): "\(path) is missing; \(again)"
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)); check its permissions"
        case .malformed(let path, let what): "\(path) is malformed: \(what); \(again)"
        case .missingTensor(let path, let name): "\(path) lacks the tensor \(name); \(again)"
        case .wrongShape(let path, let name, let expected, let found):
            "\(path): \(name) has shape \(found), expected \(expected); \(again)"
        }
    }
}

/// The tensors of a safetensors file: u64 header length, JSON header, data.
///
/// - Source: huggingface/safetensors, format description.
package struct Safetensors: Sendable {
    /// Longest header read; the format's own limit is 100 MB, models here need a few kB.
    package static let headerBytesMax = 16 << 20

    private let file: MappedFile
    private let dataStart: Int
    private let tensors: [String: Entry]

    private struct Entry {
        var dtype: String
        var shape: [Int]
        /// First byte and the byte past the last, from the end of the header.
        var offsets: [Int]
    }

    package init(path: String) throws(SafetensorsError) {
        do { file = try MappedFile(path: path) } catch let error as POSIXError where error.code == .ENOENT {
            throw SafetensorsError.missingFile(path: path)
        } catch { throw SafetensorsError.unreadable(path: path, reason: error.localizedDescription) }
        var fields = FieldReader(file)
        guard let length = fields.integer(UInt64.self), length <= Safetensors.headerBytesMax,
            let header = fields.skip(Int(length))
        else { throw .malformed(path: path, what: "its header does not fit the file") }
        dataStart = fields.offset
        let object: [String: Any]?
        do {
            object = try JSONSerialization.jsonObject(with: Data(file.data(header))) as? [String: Any]
        } catch { throw .malformed(path: path, what: "its header is no JSON") }
        guard let object else { throw .malformed(path: path, what: "its header is no JSON object") }
        var tensors: [String: Entry] = [:]
        for (name, value) in object where name != "__metadata__" {
            guard let entry = value as? [String: Any], let dtype = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int],
                offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= fields.remaining
            else { throw .malformed(path: path, what: "the entry of \(name.prefix(60)) does not fit the file") }
            tensors[name] = Entry(dtype: dtype, shape: shape, offsets: offsets)
        }
        self.tensors = tensors
    }

    /// A float32 tensor of the given shape, row-major.
    package func floats(_ name: String, _ shape: [Int]) throws(SafetensorsError) -> [Float] {
        guard let entry = tensors[name] else { throw .missingTensor(path: file.path, name: name) }
        guard entry.shape == shape else {
            throw .wrongShape(path: file.path, name: name, expected: shape, found: entry.shape)
        }
        let count = shape.reduce(1, *)
        guard entry.dtype == "F32", entry.offsets[1] - entry.offsets[0] == 4 * count else {
            throw .malformed(path: file.path, what: "\(name) is no float32 tensor of shape \(shape)")
        }
        let start = dataStart + entry.offsets[0]
        return (0..<count).map { index in
            // Inside the file: offsets were checked against its end.
            unsafe Float(
                bitPattern: UInt32(
                    littleEndian: file.bytes(start + 4 * index..<start + 4 * index + 4).loadUnaligned(as: UInt32.self)))
        }
    }
}
