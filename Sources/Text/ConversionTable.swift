import COpenCC

/// One direction of OpenCC, loaded.
@safe final class ConversionTable: @unchecked Sendable {
    /// Only read between `init` and `deinit`, which OpenCC allows to several threads at once. Hence Sendable.
    private let table: opencc_t

    /// - Throws: `TextError.tableMissing`.
    init(path: String) throws(TextError) {
        // The path lives during the call; a failure is the address -1.
        guard let table = unsafe opencc_open(path), unsafe table != opencc_t(bitPattern: -1) else {
            throw .tableMissing(path: path)
        }
        unsafe self.table = table
    }

    deinit {
        // Opened once, and nobody converts any more.
        unsafe opencc_close(table)
    }

    /// - Parameter text: without NUL, where OpenCC ends.
    func converted(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        var text = text
        return text.withUTF8 { utf8 in
            // The bytes live during the call; the answer ends with NUL, is ours, and is given back.
            unsafe utf8.withMemoryRebound(to: CChar.self) { bytes in
                guard let converted = unsafe opencc_convert_utf8(table, bytes.baseAddress, bytes.count) else {
                    preconditionFailure("OpenCC refused \(bytes.count) bytes of valid UTF-8")
                }
                defer { unsafe opencc_convert_utf8_free(converted) }
                return unsafe String(cString: converted)
            }
        }
    }
}
