import CICU
import Transcript

/// An encoding of text files. Windows's supersets stand for the standards they extend.
package enum TextEncoding: Sendable, Equatable, CaseIterable {
    case utf8, utf16LittleEndian, utf16BigEndian
    case gb18030, big5, shiftJIS, eucJP, eucKR, windows1251, koi8R
    /// Latin-1 and what Windows put into its gaps.
    case windows1252

    package var name: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .gb18030: "GB18030"
        case .big5: "Big5"
        case .shiftJIS: "Shift_JIS"
        case .eucJP: "EUC-JP"
        case .eucKR: "EUC-KR"
        case .windows1251: "windows-1251"
        case .koi8R: "KOI8-R"
        case .windows1252: "windows-1252"
        }
    }

    /// Whether texts of a language were usually written in it.
    func writes(_ language: Language) -> Bool {
        switch self {
        case .utf8, .utf16LittleEndian, .utf16BigEndian: true
        case .gb18030: language == .chinese
        case .big5: language == .traditionalChinese
        case .shiftJIS, .eucJP: language == .japanese
        case .eucKR: language == .korean
        case .windows1251, .koi8R: language == .russian
        case .windows1252: language.scripts == [.latin]
        }
    }

    /// Those without a mark of their own, which bytes are tried in.
    static let legacy: [TextEncoding] = [
        .gb18030, .big5, .shiftJIS, .eucJP, .eucKR, .windows1251, .koi8R, .windows1252,
    ]

    /// ICU's number of it; UTF-8 needs no ICU.
    private var number: icu_encoding {
        switch self {
        case .utf8: preconditionFailure("UTF-8 is decoded by Swift")
        case .utf16LittleEndian: ICU_UTF_16LE
        case .utf16BigEndian: ICU_UTF_16BE
        case .gb18030: ICU_GB18030
        case .big5: ICU_BIG5
        case .shiftJIS: ICU_SHIFT_JIS
        case .eucJP: ICU_EUC_JP
        case .eucKR: ICU_EUC_KR
        case .windows1251: ICU_WINDOWS_1251
        case .koi8R: ICU_KOI8_R
        case .windows1252: ICU_WINDOWS_1252
        }
    }

    /// What bytes say in it.
    struct Decoded {
        let text: String
        /// Places that mean nothing; each is U+FFFD in the text.
        let badCount: Int
        /// The first one's offset.
        let firstBad: Int?
    }

    func decode(_ bytes: ArraySlice<UInt8>) -> Decoded {
        guard self != .utf8 else { return TextEncoding.decodeUTF8(bytes) }
        var (badCount, firstBad): (Int64, Int64) = (0, 0)
        let units = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe [UInt16](unsafeUninitializedCapacity: bytes.count) { units, count in
                // No encoding makes more units than bytes, and the buffer has as many.
                let made = unsafe icu_decode(
                    Int32(number.rawValue), bytes.baseAddress, Int64(bytes.count), units.baseAddress, &badCount,
                    &firstBad)
                precondition(made >= 0, "ICU lacks a converter that its data holds: \(name)")
                count = Int(made)
            }
        }
        return Decoded(
            text: String(decoding: units, as: UTF16.self), badCount: Int(badCount),
            firstBad: badCount > 0 ? Int(firstBad) : nil)
    }

    private static func decodeUTF8(_ bytes: ArraySlice<UInt8>) -> Decoded {
        if let text = String(validating: bytes, as: UTF8.self) {
            return Decoded(text: text, badCount: 0, firstBad: nil)
        }
        var text = String.UnicodeScalarView()
        var decoder = UTF8.ForwardParser()
        var (badCount, firstBad, offset): (Int, Int?, Int) = (0, nil, 0)
        var rest = bytes.makeIterator()
        while true {
            switch decoder.parseScalar(from: &rest) {
            case .valid(let encoded):
                text.append(UTF8.decode(encoded))
                offset += encoded.count
            case .error(let length):
                firstBad = firstBad ?? offset
                badCount += 1
                text.append("\u{fffd}")
                offset += length
            case .emptyInput: return Decoded(text: String(text), badCount: badCount, firstBad: firstBad)
            }
        }
    }

    /// How sure ICU is of each legacy encoding, 0…1, from the letters' frequencies.
    static func confidences(of bytes: ArraySlice<UInt8>) -> [TextEncoding: Double] {
        var found = [Int32](repeating: 0, count: Int(ICU_ENCODING_COUNT.rawValue))
        let worked = unsafe bytes.withUnsafeBufferPointer { bytes in
            // The array has a place for each encoding.
            unsafe icu_detect(bytes.baseAddress, Int32(bytes.count), &found)
        }
        guard worked != 0 else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: legacy.map { ($0, Double(found[Int($0.number.rawValue)]) / 100) })
    }
}
