/// The samples of a WAV file that needs no decoder, read from disk as they are asked for.
package struct WAVSamples {
    package let format: WAVHeader.Format
    package let frames: Int
    private let offset: Int
    private let file: AudioFile
    private var frame = 0

    /// - Returns: nil when the file is for ffmpeg to read.
    package init?(_ file: AudioFile, _ header: WAVHeader) {
        guard let format = header.format else { return nil }
        self.format = format
        self.file = file
        frames = header.heldBytes / format.frameBytes
        offset = header.offset
    }

    /// - Returns: the next `count` samples, the channels averaged; fewer only at the end.
    /// - Throws: `AudioError.unreadable`.
    package mutating func next(_ count: Int) throws(AudioError) -> [Float] {
        let size = format.frameBytes
        let wanted = min(count, frames - frame)
        let bytes = try file.bytes(at: offset + frame * size, count: wanted * size)
        let got = bytes.count / size
        // A file that shrinks while it is read ends there.
        frame = got < wanted ? frames : frame + got
        return format.mono(bytes, frames: got)
    }
}

extension WAVHeader.Format {
    fileprivate func mono(_ bytes: [UInt8], frames: Int) -> [Float] {
        switch encoding {
        case .unsigned8: mix(bytes, frames, 1) { (Float($0) - 128) / 128 }
        case .signed16: mix(bytes, frames, 2) { Float(Int16(truncatingIfNeeded: $0)) / 0x8000 }
        case .signed24: mix(bytes, frames, 3) { Float(Int32(truncatingIfNeeded: $0 << 8)) / 0x8000_0000 }
        case .signed32: mix(bytes, frames, 4) { Float(Int32(truncatingIfNeeded: $0)) / 0x8000_0000 }
        case .float32: mix(bytes, frames, 4) { clipped(Float(bitPattern: UInt32($0))) }
        case .float64: mix(bytes, frames, 8) { clipped(Float(Double(bitPattern: $0))) }
        }
    }

    /// Mean over the channels of samples of `size` little-endian bytes.
    @inline(__always)
    private func mix(_ bytes: [UInt8], _ frames: Int, _ size: Int, _ sample: (UInt64) -> Float) -> [Float] {
        (0..<frames).map { frame in
            var sum: Float = 0
            for channel in 0..<channels {
                let start = frame * frameBytes + channel * size
                var bits: UInt64 = 0
                for byte in 0..<size { bits |= UInt64(bytes[start + byte]) << UInt64(8 * byte) }
                sum += sample(bits)
            }
            return sum / Float(channels)
        }
    }
}

/// Floats in a file may be anything; NaN fails all comparisons.
private func clipped(_ sample: Float) -> Float {
    sample >= -1 && sample <= 1 ? sample : sample > 1 ? 1 : sample < -1 ? -1 : 0
}
