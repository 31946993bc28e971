import CZlib

/// Length of a text over the length of the same deflated at zlib's default level: above 2.4 it repeats itself.
package func compressionRatio(_ text: [UInt8]) -> Double {
    guard !text.isEmpty else { return 0 }
    var length = compressBound(uLong(text.count))
    var out = [UInt8](repeating: 0, count: Int(length))
    // Both buffers are as long as said; the bound makes the call succeed.
    let status = unsafe compress2(&out, &length, text, uLong(text.count), Z_DEFAULT_COMPRESSION)
    precondition(status == Z_OK, "deflate of \(text.count) bytes failed with \(status)")
    return Double(text.count) / Double(length)
}
