import Foundation

/// ffmpeg and ffprobe on one file: without network, without other files, under limits of memory and time.
struct FFmpeg {
    let limits: AudioLimits
    /// Folders that hold the programs, separated by colons.
    let searchPath: String

    /// What ffprobe tells of the first audio stream.
    struct Probe: Equatable {
        /// Length for people, nil where no header gives one.
        var durationSeconds: Double?
        /// Length that the stream's own header promises; an estimate promises nothing.
        var promisedSeconds: Double?
    }

    /// Containers of sound and film that hold all they need. None that names other files or addresses (playlists,
    /// edit lists of files, session descriptions), none made of text or pictures.
    private static let containers = """
        aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,matroska,mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,mxf,\
        nut,ogg,rm,sox,tak,truehd,tta,voc,w64,wav,wv,xwma
        """
    /// ffprobe answers in some hundred bytes.
    private static let answerBytesMax = 1 << 16

    /// - Throws: what `failure` gives, `noAudio`, `toolMissing`, `toolNotStarted`.
    func probe(_ file: AudioFile) throws(AudioError) -> Probe {
        let process = try start(
            "ffprobe", file,
            [
                "-v", "level+warning", "-select_streams", "a:0", "-show_entries", "format=duration:stream=duration",
                "-of", "json",
            ], [])
        var bytes = [UInt8](repeating: 0, count: FFmpeg.answerBytesMax)
        // Unsafe: the array outlives the call.
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe process.read($0, stallSecondsMax: limits.stallSecondsMax)
        }
        guard let count else { throw stall(file) }
        guard let exit = process.finish(seconds: limits.stallSecondsMax) else { throw stall(file) }
        guard exit == .code(0) else { throw failure(exit, process, file) }
        struct Answer: Decodable {
            struct Length: Decodable { var duration: String? }
            var streams: [Length]?
            var format: Length?
        }
        let data = Data(bytes.prefix(count))
        // Losing the parser's words is right: ffprobe answers in JSON or has nothing to say of this file.
        guard let answer = try? JSONDecoder().decode(Answer.self, from: data), let stream = answer.streams?.first else {
            throw .noAudio(file: file.name)
        }
        func seconds(_ text: String?) -> Double? {
            text.flatMap(Double.init).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        }
        let promised = seconds(stream.duration)
        let estimated = complaint(process).contains("Estimating duration")
        return Probe(
            durationSeconds: promised ?? seconds(answer.format?.duration), promisedSeconds: estimated ? nil : promised)
    }

    /// Starts to decode: 16-bit integers, 16 kHz, mono. Whisper was trained on these; with floats ffmpeg would also mix
    /// stereo louder than full scale.
    ///
    /// - Throws: `toolMissing`, `toolNotStarted`.
    func decode(_ file: AudioFile) throws(AudioError) -> Subprocess {
        try start(
            "ffmpeg", file, ["-nostdin", "-v", "level+error", "-threads", "1"],
            [
                "-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "1", "-ar", "\(AudioReader.sampleRateHz)", "-f", "s16le",
                "pipe:1",
            ])
    }

    /// The error behind an end that gave no audio.
    func failure(_ exit: Subprocess.Exit, _ process: Subprocess, _ file: AudioFile) -> AudioError {
        let words = complaint(process)
        func says(_ parts: String...) -> Bool { parts.contains { words.localizedCaseInsensitiveContains($0) } }
        // The second is what the loader says when the program itself does not fit.
        if says("cannot allocate memory", "failed to map segment", "std::bad_alloc") {
            return .decoderMemory(file: file.name, bytesMax: limits.decoderMemoryBytesMax)
        }
        return switch exit {
        case .signal: .decoderKilled(file: file.name, cpuSecondsMax: limits.decoderCPUSecondsMax)
        case .code(let code):
            if let reason = reason(process) {
                .undecodable(file: file.name, reason: reason)
            } else {
                code == 0 ? .noSamples(file: file.name) : .noAudio(file: file.name)
            }
        }
    }

    func stall(_ file: AudioFile) -> AudioError {
        .decoderStalled(file: file.name, secondsMax: limits.stallSecondsMax)
    }

    /// The last complaint that tells more than that nothing was found; without what is in brackets.
    func reason(_ process: Subprocess) -> String? {
        complaint(process).split(whereSeparator: \.isNewline).last { line in
            !["[warning]", "file:/dev/fd/0: ", "whitelist", "matches no streams"].contains { line.contains($0) }
        }.map { printable($0.replacing(#/\[[^\]]*\] ?/#, with: ""), lengthMax: 120) }
    }

    private func complaint(_ process: Subprocess) -> String { String(decoding: process.complaints, as: UTF8.self) }

    /// Runs a program of ffmpeg through `prlimit`, the file as its standard input; the `file` protocol opens that
    /// again, so that it can jump in it.
    private func start(
        _ tool: String, _ file: AudioFile, _ options: [String], _ output: [String]
    ) throws(AudioError) -> Subprocess {
        let program = try locate(tool)
        let caps = [
            "--as=\(capped(limits.decoderMemoryBytesMax, RLIMIT_AS))",
            "--cpu=\(capped(limits.decoderCPUSecondsMax, RLIMIT_CPU))", "--fsize=0", "--core=0",
        ]
        let input = [
            "-hide_banner", "-protocol_whitelist", "file", "-format_whitelist", FFmpeg.containers, "-i",
            "file:/dev/fd/0",
        ]
        let limiter = try locate("prlimit")
        do throws(POSIXError) {
            return try Subprocess(limiter, caps + [program] + options + input + output, input: file.descriptor)
        } catch { throw .toolNotStarted(tool: tool, reason: systemReason(error.code.rawValue)) }
    }

    /// A limit no higher than the one this program already lives under: only root may raise that.
    private func capped(_ limit: Int, _ resource: __rlimit_resource) -> UInt64 {
        var own = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &own) == 0 else { return UInt64(limit) }
        return min(UInt64(limit), UInt64(own.rlim_max))
    }

    private func locate(_ tool: String) throws(AudioError) -> String {
        let found = searchPath.split(separator: ":").map { "\($0)/\(tool)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw .toolMissing(tool: tool) }
        return found
    }
}
