import Foundation
import SwiftProtobuf

/// A message that knows its columns of numbers, in the order of its fields.
protocol ColumnMessage: SwiftProtobuf.Message {
    static var numbers: [WritableKeyPath<Self, PackageNumbers>] { get }
}

/// A message as it lies in the file: its size, the size of its frame, the frame, and bytes that no frame makes smaller.
struct PackedPart {
    /// Of the message: more than any task of a day's recording comes to.
    static let plainBytesMax = 64 << 20

    /// As it lies in the file.
    let stored: [UInt8]
    /// Before it was compressed: what other parts may build on.
    let plain: [UInt8]

    /// The smaller of two forms: noise among the other bytes, where it may repeat what is known, or behind the frame.
    ///
    /// - Parameter tail: more bytes that no frame makes smaller.
    /// - Throws: `PackageError.tooLarge`.
    init<Message: ColumnMessage>(
        _ message: Message, tail: [UInt8] = [], dictionary: [UInt8], part: PackagePart
    ) throws(PackageError) {
        var outside = message
        var noise: [UInt8] = []
        for column in Message.numbers where !message[keyPath: column].noise.isEmpty {
            noise += message[keyPath: column].noise
            outside[keyPath: column].noise = Data()
        }
        let forms = try [(message, []), (outside, noise)].prefix(noise.isEmpty ? 1 : 2).map {
            form throws(PackageError) in
            try PackedPart(
                plain: PackedPart.bytes(of: form.0), noise: form.1 + tail, dictionary: dictionary, part: part)
        }
        self = forms.min { $0.stored.count < $1.stored.count }!
    }

    private init(plain: [UInt8], noise: [UInt8], dictionary: [UInt8], part: PackagePart) throws(PackageError) {
        guard plain.count <= PackedPart.plainBytesMax else {
            throw .tooLarge(part: part, sizeBytes: plain.count, sizeBytesMax: PackedPart.plainBytesMax)
        }
        let frame = Zstandard.compressed(plain, dictionary: dictionary)
        let isSmaller = frame.count < plain.count
        self.plain = plain
        stored =
            varint(plain.count) + varint(isSmaller ? frame.count : 0) + (isSmaller ? frame : plain) + noise
    }

    /// Deterministic: the messages have no maps.
    private static func bytes(of message: some SwiftProtobuf.Message) -> [UInt8] {
        // No required field, nothing of type Any: it cannot fail.
        try! message.serializedBytes()
    }
}

/// The opposite of `PackedPart`.
struct UnpackedPart {
    let plain: [UInt8]
    private(set) var noise: ArraySlice<UInt8>
    private let part: PackagePart

    /// - Throws: `PackageError.malformed`, `.tooLarge`.
    init(_ stored: [UInt8], dictionary: [UInt8], part: PackagePart) throws(PackageError) {
        var rest = stored[...]
        guard let plainBytes = readVarint(&rest), let frameBytes = readVarint(&rest) else {
            throw .malformed(part: part)
        }
        guard plainBytes <= PackedPart.plainBytesMax else {
            throw .tooLarge(part: part, sizeBytes: plainBytes, sizeBytesMax: PackedPart.plainBytesMax)
        }
        let length = frameBytes == 0 ? plainBytes : frameBytes
        guard length <= rest.count else { throw .malformed(part: part) }
        let body = rest.prefix(length)
        if frameBytes == 0 {
            plain = Array(body)
        } else {
            guard let bytes = Zstandard.decompressed(body, sizeBytes: plainBytes, dictionary: dictionary) else {
                throw .malformed(part: part)
            }
            plain = bytes
        }
        noise = rest.dropFirst(length)
        self.part = part
    }

    /// - Throws: `PackageError.malformed`.
    func message<Message: SwiftProtobuf.Message>(_ type: Message.Type) throws(PackageError) -> Message {
        do { return try Message(serializedBytes: plain) } catch { throw .malformed(part: part) }
    }

    /// The next numbers; columns are asked for in the order of their fields.
    ///
    /// - Throws: `PackageError.malformed`.
    mutating func numbers(_ column: PackageNumbers, _ count: Int) throws(PackageError) -> [Double] {
        guard let numbers = NumberColumn.decoded(column, count: count, noise: &noise) else {
            throw .malformed(part: part)
        }
        return numbers
    }
}

/// Seven bits a byte, the lowest first; all bytes but the last have the eighth.
func varint(_ number: Int) -> [UInt8] {
    var rest = number
    var bytes: [UInt8] = []
    while rest > 0x7f {
        bytes.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
    }
    return bytes + [UInt8(rest)]
}

/// Takes a number of at most 35 bits from the front; nil where there is none.
func readVarint(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    var number = 0
    for shift in stride(from: 0, to: 35, by: 7) {
        guard let byte = bytes.popFirst() else { return nil }
        number |= Int(byte & 0x7f) << shift
        if byte < 0x80 { return number }
    }
    return nil
}
