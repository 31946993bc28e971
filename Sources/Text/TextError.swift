/// Why a text cannot be had or changed.
package enum TextError: Error, Equatable {
    /// A table of OpenCC is not there, or is damaged.
    case tableMissing(path: String)
    case tooLarge(sizeBytes: Int, sizeBytesMax: Int)
    /// A NUL byte where none of the encodings of text has one.
    case binary(offset: Int)
    /// More than a few bytes mean nothing in the likeliest encoding; `offset` is the first one's.
    case undecodable(encoding: TextEncoding, offset: Int)
}

extension TextError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tableMissing(let path):
            "OpenCC cannot read \(path); run `make setup`, or `apt-get install libopencc-data`"
        case .tooLarge(_, let sizeBytesMax):
            "the text has more than \(sizeBytesMax) bytes; cut it into parts"
        case .binary(let offset): "no text: byte \(offset) is NUL; convert the file to text first"
        case .undecodable(let encoding, let offset):
            "no text in any known encoding: byte \(offset) is not \(encoding.name); convert it to UTF-8"
        }
    }
}
