import CZstd

/// What the form of packages saves, in bytes.
package struct PackageSavings: Sendable, Equatable, Codable {
    package let indentedJSON: Int
    package let compactJSON: Int
    /// The same by zstd at its level 19.
    package let indentedJSONCompressed: Int
    package let compactJSONCompressed: Int
    package let package: Int

    /// The share of the indented JSON that is saved, 0…1.
    package var saved: Double { 1 - Double(package) / Double(max(1, indentedJSON)) }

    enum CodingKeys: String, CodingKey {
        case indentedJSON = "indented_json_bytes"
        case compactJSON = "compact_json_bytes"
        case indentedJSONCompressed = "indented_json_zstd_bytes"
        case compactJSONCompressed = "compact_json_zstd_bytes"
        case package = "package_bytes"
    }

    /// - Throws: `PackageError`.
    package init(_ contents: PackageContents) throws(PackageError) {
        let (indented, compact) = (Array(try contents.indentedJSON.utf8), Array(try contents.compactJSON.utf8))
        indentedJSON = indented.count
        compactJSON = compact.count
        indentedJSONCompressed = PackageSavings.compressedBytes(indented)
        compactJSONCompressed = PackageSavings.compressedBytes(compact)
        package = try PackageWriter.bytes(of: contents).count
    }

    /// What `zstd -19` makes of some bytes.
    private static func compressedBytes(_ bytes: [UInt8]) -> Int {
        var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        // The arrays live during the call, which gets their own counts.
        let count = unsafe ZSTD_compress(&packed, packed.count, bytes, bytes.count, 19)
        precondition(ZSTD_isError(count) == 0, "zstd refused \(bytes.count) bytes")
        return count
    }
}
