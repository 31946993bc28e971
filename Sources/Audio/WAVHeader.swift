/// Where the samples of a RIFF WAVE file lie and how they are written.
package struct WAVHeader: Sendable, Equatable {
    /// What is read in process: 16 kHz, one or two channels, PCM of 8 to 32 bits or IEEE floats.
    package struct Format: Sendable, Equatable {
        package enum Encoding: Sendable { case unsigned8, signed16, signed24, signed32, float32, float64 }
        package let encoding: Encoding
        package let channels: Int
        /// Size of one sample of every channel.
        package let frameBytes: Int
    }

    /// How samples are written; nil where ffmpeg must read them.
    package let format: Format?
    /// Place of the first sample.
    package let offset: Int
    /// Size of the samples the file really holds.
    package let heldBytes: Int
    /// Size of the samples the header promises; nil where it was written before the size was known.
    package let promisedBytes: Int?
    /// As the header has it; 0 is possible.
    package let bytesPerSecond: Int

    /// The data must begin within as many bytes; tags before it are far shorter.
    package static let sizeBytesMax = 1 << 16
    /// What writers to a pipe leave as length: 0, or one from here on (0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF).
    private static let placeholderMin = 0x7FFF_0000

    /// - Parameter bytes: the first `sizeBytesMax` bytes of the file, or all of a shorter one.
    /// - Returns: nil when the file is no RIFF WAVE file, or its data do not begin there.
    package init?(_ bytes: [UInt8], fileBytes: Int) {
        func integer(_ offset: Int, _ size: Int) -> Int? {
            guard offset + size <= bytes.count else { return nil }
            return bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func tag(_ offset: Int, _ name: String) -> Bool { bytes.dropFirst(offset).starts(with: name.utf8) }
        guard tag(0, "RIFF"), tag(8, "WAVE") else { return nil }
        var format: (body: Int, length: Int)?
        var chunk = 12
        while let length = integer(chunk + 4, 4) {
            let body = chunk + 8
            if tag(chunk, "fmt ") {
                format = format ?? (body, length)
            } else if tag(chunk, "data") {
                guard let format, let rate = integer(format.body + 8, 4) else { return nil }
                let held = fileBytes - body
                let isKnown = length != 0 && (length < WAVHeader.placeholderMin || length <= held)
                self.format = Format(length: format.length) { integer(format.body + $0, $1) }
                offset = body
                heldBytes = isKnown ? min(length, held) : held
                promisedBytes = isKnown ? length : nil
                bytesPerSecond = rate
                return
            }
            // Chunks are padded to even lengths.
            chunk = body + length + length & 1
        }
        return nil
    }

    /// What is told of a file that holds less than it promises.
    var finding: AudioFinding? {
        guard let promisedBytes, promisedBytes > heldBytes, bytesPerSecond > 0 else { return nil }
        let rate = Double(bytesPerSecond)
        return .truncated(seconds: Double(heldBytes) / rate, promisedSeconds: Double(promisedBytes) / rate)
    }
}

extension WAVHeader.Format {
    /// Reads a `fmt ` chunk, `WAVEFORMATEX` or `WAVEFORMATEXTENSIBLE`.
    fileprivate init?(length: Int, _ field: (_ offset: Int, _ size: Int) -> Int?) {
        guard length >= 16, var code = field(0, 2), let channels = field(2, 2), let rateHz = field(4, 4),
            let bytesPerSecond = field(8, 4),
            let frameBytes = field(12, 2), let bits = field(14, 2)
        else { return nil }
        if code == 0xFFFE {
            guard length >= 40, let mask = field(20, 4), let subformat = field(24, 2) else { return nil }
            // Other speakers than the front ones are mixed by rules that ffmpeg knows.
            guard mask == 0 || mask == (channels == 1 ? 4 : 3) else { return nil }
            code = subformat
        }
        let encoding: Encoding? =
            switch (code, bits) {
            case (1, 8): .unsigned8
            case (1, 16): .signed16
            case (1, 24): .signed24
            case (1, 32): .signed32
            case (3, 32): .float32
            case (3, 64): .float64
            default: nil
            }
        guard let encoding, 1...2 ~= channels, rateHz == AudioReader.sampleRateHz, frameBytes == channels * bits / 8,
            bytesPerSecond == frameBytes * rateHz
        else { return nil }
        self.init(encoding: encoding, channels: channels, frameBytes: frameBytes)
    }
}
