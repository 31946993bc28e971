import Foundation

/// The samples of a recording, decoded into a temporary file without a name; reading them never waits for a decoder.
///
/// Owned by one thread at a time.
package final class SpooledSamples {
    package let count: Int
    /// What was amiss with the recording.
    package let findings: [AudioFinding]
    private let descriptor: Int32
    private var position = 0

    /// Samples that are decoded and written at a time: 4 s.
    private static let blockSamples = 1 << 16

    /// Reads a recording to its end. What it takes of the disk is bounded by `AudioLimits.durationSecondsMax`, 230 MB
    /// an hour.
    ///
    /// - Parameter isStopped: asked between blocks; the rest is left then.
    /// - Throws: what the reader does; `AudioError.spoolFailed`.
    package init(_ reader: AudioReader, isStopped: () -> Bool) throws(AudioError) {
        let descriptor = try unnamedFile()
        var count = 0
        do throws(AudioError) {
            while !isStopped() {
                let samples = try reader.read(upTo: SpooledSamples.blockSamples)
                guard !samples.isEmpty else { break }
                try SpooledSamples.write(samples, to: descriptor)
                count += samples.count
            }
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.count = count
        findings = reader.findings
    }

    deinit { close(descriptor) }

    /// The next samples.
    ///
    /// - Returns: `countMax` samples, fewer only before the end, none at it.
    /// - Throws: `AudioError.spoolFailed`.
    package func read(upTo countMax: Int) throws(AudioError) -> [Float] {
        let size = MemoryLayout<Float>.size
        var samples = [Float](repeating: 0, count: min(countMax, count - position))
        var filled = 0
        while filled < samples.count * size {
            let got = unsafe samples.withUnsafeMutableBytes {
                // Unsafe: the kernel writes into the part of the array that is not filled yet.
                unsafe pread(
                    descriptor, $0.baseAddress! + filled, $0.count - filled, off_t(position * size + filled))
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw spoolFailed(got == 0 ? EIO : errno) }
            filled += got
        }
        position += samples.count
        return samples
    }

    private static func write(_ samples: [Float], to descriptor: Int32) throws(AudioError) {
        let size = samples.count * MemoryLayout<Float>.size
        var written = 0
        while written < size {
            let put = unsafe samples.withUnsafeBytes {
                // Unsafe: the kernel reads the part of the array that is not written yet.
                unsafe Foundation.write(descriptor, $0.baseAddress! + written, size - written)
            }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw spoolFailed(put == 0 ? ENOSPC : errno) }
            written += put
        }
    }
}

/// An empty file in the temporary folder that goes with its descriptor.
///
/// - Throws: `AudioError.spoolFailed`.
func unnamedFile() throws(AudioError) -> Int32 {
    let path = FileManager.default.temporaryDirectory.path + "/voicelingua-" + UUID().uuidString
    let file = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw spoolFailed(errno) }
    unsafe unlink(path)
    return file
}

func spoolFailed(_ number: Int32) -> AudioError {
    .spoolFailed(folder: FileManager.default.temporaryDirectory.path, reason: systemReason(number))
}
