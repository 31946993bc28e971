import Foundation

/// A recording as 16 kHz mono samples in -1…1, decoded as they are asked for; memory does not grow with its length.
///
/// WAV files that need no resampling are read in process, everything else by ffmpeg in a subprocess that ends with
/// the reader. Blocks its thread: not for cooperative ones.
package final class AudioReader {
    package static let sampleRateHz = 16_000

    /// Length as far as it is known before reading: exact for WAV, otherwise what the headers say.
    package let durationSeconds: Double?
    /// What was amiss and did not stop the reading; complete at the end.
    package private(set) var findings: [AudioFinding] = []

    private enum Decoder {
        case wav(WAVSamples)
        case ffmpeg(Subprocess)
        case ended
    }

    private let file: AudioFile
    private let ffmpeg: FFmpeg
    /// Length that the header of a stream for ffmpeg promises.
    private let promisedSeconds: Double?
    private var decoder: Decoder
    /// Samples given out.
    private var count = 0

    /// Samples decoded at a time, whatever is asked for: 4 s.
    private static let blockSamples = 1 << 16
    /// A stream may end as much before its promised end, in seconds and in parts of it: codecs pad and headers round.
    private static let shortfall = (seconds: 0.5, part: 0.01)

    /// Opens a file, or the end of a named pipe, whose content is kept in the temporary folder meanwhile.
    ///
    /// - Parameter searchPath: folders of ffmpeg, ffprobe and prlimit.
    /// - Throws: `AudioError`; `tooLong` as far as the header tells.
    package convenience init(
        path: String, limits: AudioLimits = AudioLimits(), searchPath: String = AudioReader.programs
    ) throws(AudioError) {
        try self.init(AudioFile(path: path, limits: limits), limits, searchPath)
    }

    /// Opens standard input; a pipe is read to its end first and kept in the temporary folder meanwhile.
    package convenience init(
        standardInput limits: AudioLimits, searchPath: String = AudioReader.programs
    ) throws(AudioError) {
        try self.init(AudioFile(standardInput: limits), limits, searchPath)
    }

    private init(_ file: AudioFile, _ limits: AudioLimits, _ searchPath: String) throws(AudioError) {
        self.file = file
        ffmpeg = FFmpeg(limits: limits, searchPath: searchPath)
        let header = try file.wavHeader()
        if let finding = header?.finding { findings = [finding] }
        if let header, let samples = WAVSamples(file, header) {
            durationSeconds = Double(samples.frames) / Double(AudioReader.sampleRateHz)
            promisedSeconds = nil
            decoder = .wav(samples)
        } else {
            let probe = try ffmpeg.probe(file)
            durationSeconds = probe.durationSeconds
            promisedSeconds = findings.isEmpty ? probe.promisedSeconds : nil
            decoder = .ended
        }
        if let durationSeconds, durationSeconds > Double(limits.durationSecondsMax) {
            throw .tooLong(file: file.name, secondsMax: limits.durationSecondsMax)
        }
        if case .ended = decoder { decoder = .ffmpeg(try ffmpeg.decode(file)) }
    }

    /// Where programs are looked for: PATH.
    package static var programs: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin" }

    /// The next samples.
    ///
    /// - Returns: `count` samples, fewer only before the end, none at it.
    /// - Throws: `AudioError`; the reader is at its end then.
    package func read(upTo count: Int) throws(AudioError) -> [Float] {
        var samples: [Float] = []
        do {
            while samples.count < count {
                let block = try next(min(count - samples.count, AudioReader.blockSamples))
                guard !block.isEmpty else { break }
                samples += block
            }
        } catch {
            decoder = .ended
            throw error
        }
        return samples
    }

    private func next(_ wanted: Int) throws(AudioError) -> [Float] {
        let samples: [Float]
        switch decoder {
        case .ended: return []
        case .wav(var wav):
            samples = try wav.next(wanted)
            decoder = .wav(wav)
        case .ffmpeg(let process):
            samples = try decoded(by: process, wanted)
        }
        count += samples.count
        guard count <= ffmpeg.limits.durationSecondsMax * AudioReader.sampleRateHz else {
            throw .tooLong(file: file.name, secondsMax: ffmpeg.limits.durationSecondsMax)
        }
        guard !samples.isEmpty else {
            try end()
            return []
        }
        return samples
    }

    private func decoded(by process: Subprocess, _ wanted: Int) throws(AudioError) -> [Float] {
        var samples = [Int16](repeating: 0, count: wanted)
        // Unsafe: every pattern of bits is an integer, little-endian like the machine; the array outlives the call.
        let bytes = unsafe samples.withUnsafeMutableBytes {
            unsafe process.read($0, stallSecondsMax: ffmpeg.limits.stallSecondsMax)
        }
        guard let bytes else { throw ffmpeg.stall(file) }
        return samples.prefix(bytes / MemoryLayout<Int16>.size).map { Float($0) / 0x8000 }
    }

    /// Judges the end of the samples.
    private func end() throws(AudioError) {
        if case .ffmpeg(let process) = decoder {
            guard let exit = process.finish(seconds: ffmpeg.limits.stallSecondsMax) else { throw ffmpeg.stall(file) }
            let failure = ffmpeg.failure(exit, process, file)
            switch failure {
            // A damaged packet may ask for any memory; ffmpeg goes on without it.
            case .decoderMemory where exit != .code(0), .decoderKilled: throw failure
            default: guard count > 0 else { throw failure }
            }
            if let reason = ffmpeg.reason(process) { findings.append(.damaged(reason: reason)) }
        }
        guard count > 0 else { throw .noSamples(file: file.name) }
        let seconds = Double(count) / Double(AudioReader.sampleRateHz)
        if let promisedSeconds,
            promisedSeconds - seconds > max(AudioReader.shortfall.seconds, AudioReader.shortfall.part * promisedSeconds)
        {
            findings.append(.truncated(seconds: seconds, promisedSeconds: promisedSeconds))
        }
        decoder = .ended
    }
}
