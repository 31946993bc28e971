import CZstd

/// One frame of Zstandard, without the four bytes that every frame begins with, and without sizes and checksums: the
/// package has its own.
enum Zstandard {
    /// The slowest; a package is written once.
    private static let level: Int32 = 22
    /// The slowest takes minutes, and a gigabyte of memory, for what is larger than a megabyte.
    private static let levelOfLarge: Int32 = 12
    private static let largeBytes = 1 << 20
    private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

    /// - Parameter dictionary: in Zstandard's own form; both sides need the same.
    static func compressed(_ plain: [UInt8], dictionary: [UInt8]) -> [UInt8] {
        // Made here, freed here, used by nobody else.
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("out of memory") }
        defer { unsafe ZSTD_freeCCtx(context) }
        let isLarge = plain.count + dictionary.count > largeBytes
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, isLarge ? levelOfLarge : level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0)
        // The arrays live during the calls, which get their own counts.
        unsafe ZSTD_CCtx_loadDictionary(context, dictionary, dictionary.count)
        var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(plain.count))
        let count = unsafe ZSTD_compress2(context, &packed, packed.count, plain, plain.count)
        precondition(ZSTD_isError(count) == 0, "zstd refused \(plain.count) bytes")
        return Array(packed[magic.count..<count])
    }

    /// The bytes that were compressed; nil where they are not `sizeBytes`, or the frame is none.
    static func decompressed(_ packed: ArraySlice<UInt8>, sizeBytes: Int, dictionary: [UInt8]) -> [UInt8]? {
        guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        defer { unsafe ZSTD_freeDCtx(context) }
        let frame = magic + packed
        var plain = [UInt8](repeating: 0, count: sizeBytes)
        // The arrays live during the call, which gets their own counts.
        let count = unsafe ZSTD_decompress_usingDict(
            context, &plain, sizeBytes, frame, frame.count, dictionary, dictionary.count)
        return ZSTD_isError(count) == 0 && count == sizeBytes ? plain : nil
    }
}
