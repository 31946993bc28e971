import Foundation

/// Texts in other encodings, written by the C library.
enum ForeignBytes {
    /// - Returns: nil when the encoding cannot write the text.
    static func bytes(of text: String, in encoding: String) -> [UInt8]? {
        // A fresh descriptor, used here and closed; all buffers outlive the call and are as long as said.
        let converter = unsafe iconv_open(encoding, "UTF-8")
        guard Int(bitPattern: converter) != -1 else { return nil }
        defer { unsafe _ = iconv_close(converter) }
        var source = Array(text.utf8).map { CChar(bitPattern: $0) }
        var target = [CChar](repeating: 0, count: source.count * 4 + 16)
        let room = target.count
        let left: Int? = unsafe source.withUnsafeMutableBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                var (from, to) = (source.baseAddress, target.baseAddress)
                var (fromLeft, toLeft) = (source.count, target.count)
                let result = unsafe iconv(converter, &from, &fromLeft, &to, &toLeft)
                return result == 0 ? toLeft : nil
            }
        }
        return left.map { target[..<(room - $0)].map { UInt8(bitPattern: $0) } }
    }
}
