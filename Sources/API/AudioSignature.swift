/// Tells recordings by their first bytes; names are not asked.
package enum AudioSignature {
    /// Bytes that are enough to tell.
    package static let bytesMax = 64

    /// The container a file begins like; nil where it is none that holds sound.
    package static func container(_ head: [UInt8]) -> String? {
        func has(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: Array(text.utf8)) }
        func has(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
        if has("RIFF") || has("RF64") || has("RIFX") {
            return has("WAVE", at: 8) ? "wav" : has("AVI ", at: 8) ? "avi" : nil
        }
        if has("riff") { return "w64" }
        if has("ID3") { return "mp3" }
        if has("fLaC") { return "flac" }
        if has("OggS") { return "ogg" }
        if ["ftyp", "moov", "mdat", "wide"].contains(where: { has($0, at: 4) }) { return "mp4" }
        if has([0x1a, 0x45, 0xdf, 0xa3]) { return "matroska" }
        if has("#!AMR") { return "amr" }
        if has("FORM"), has("AIFF", at: 8) || has("AIFC", at: 8) { return "aiff" }
        if has("caff") { return "caf" }
        if has([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]) { return "asf" }
        if has(".snd") { return "au" }
        if has("MAC ") { return "ape" }
        if has("wvpk") { return "wavpack" }
        if has("FLV\u{1}") { return "flv" }
        if has([0x0b, 0x77]) { return "ac3" }
        if has([0x00, 0x00, 0x01, 0xba]) { return "mpeg" }
        return frames(head)
    }

    /// A frame of MPEG audio or of AAC, which have no name before them: eleven ones, and no field out of its range.
    private static func frames(_ head: [UInt8]) -> String? {
        guard head.count >= 4, head[0] == 0xff, head[1] & 0xe0 == 0xe0 else { return nil }
        let layer = head[1] >> 1 & 3
        if head[1] & 0xf6 == 0xf0 { return head[2] >> 2 & 15 < 13 ? "aac" : nil }
        let isVersion = head[1] >> 3 & 3 != 1
        let isRate = head[2] >> 4 != 15 && head[2] >> 2 & 3 != 3
        // Layer I, which nobody writes, begins like UTF-16.
        return (layer == 1 || layer == 2) && isVersion && isRate ? "mp3" : nil
    }
}
