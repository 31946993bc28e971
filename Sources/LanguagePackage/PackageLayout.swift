import Transcript

/// What a package begins with: `VLPK`, the version, the length of the head, and its checksum.
enum PackageLayout {
    static let magic: [UInt8] = Array("VLPK".utf8)
    static let version: UInt8 = 1
    /// Magic, version, and two numbers of four bytes, the lowest byte first.
    static let preambleBytes = 13

    static func preamble(head: [UInt8]) -> [UInt8] {
        let start = magic + [version] + littleEndian(UInt32(head.count))
        return start + littleEndian(Checksum.crc32(start + head))
    }

    static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    static func number(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.prefix(4).enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
    }
}

/// A part as the head lists it.
package struct PackageSection: Sendable, Equatable {
    package let part: PackagePart
    /// From the start of the file.
    package let offset: Int
    package let sizeBytes: Int
    let checksum: UInt32
    /// Index of the section it builds on; nil for the texts of the head.
    let base: Int?
}

extension PackageHead: ColumnMessage {
    static var numbers: [WritableKeyPath<PackageHead, PackageNumbers>] {
        [\.heard.times.seconds, \.written.times.seconds]
    }
}
