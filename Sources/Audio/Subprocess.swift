import Foundation

/// A program that reads a file as its standard input and writes to a pipe; killed and reaped with this object.
final class Subprocess {
    enum Exit: Equatable { case code(Int), signal(Int32) }

    /// The end of what it wrote to standard error.
    private(set) var complaints: [UInt8] = []
    private let process: pid_t
    private let output: Int32
    private let errors: Int32
    private var exit: Exit?

    /// Complaints kept in memory; ffmpeg may repeat one for every packet of a damaged file.
    private static let complaintBytesMax = 4_096

    /// Starts a program with an empty environment but for the search paths.
    ///
    /// - Parameter input: an open file; it stays the caller's.
    /// - Throws: `POSIXError`.
    init(_ program: String, _ arguments: [String], input: Int32) throws(POSIXError) {
        let (output, outputEnd) = try pipe()
        let (errors, errorsEnd): (Int32, Int32)
        do { (errors, errorsEnd) = try pipe() } catch {
            close(output)
            close(outputEnd)
            throw error
        }
        let (process, status) = unsafe spawn(program, arguments, [input, outputEnd, errorsEnd])
        close(outputEnd)
        close(errorsEnd)
        guard status == 0 else {
            close(output)
            close(errors)
            throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO)
        }
        (self.process, self.output, self.errors) = (process, output, errors)
    }

    deinit {
        if exit == nil { kill(process, SIGKILL) }
        _ = reap()
        close(output)
        close(errors)
    }

    /// Reads until `buffer` is full or the output ends.
    ///
    /// - Returns: bytes read; nil when nothing came for `stallSecondsMax`.
    @unsafe func read(_ buffer: UnsafeMutableRawBufferPointer, stallSecondsMax: Double) -> Int? {
        var filled = 0
        while filled < buffer.count {
            guard wait(forOutput: true, seconds: stallSecondsMax) else { return nil }
            // Unsafe: the kernel writes into the part of the buffer that is not filled yet.
            let got = unsafe Foundation.read(output, buffer.baseAddress! + filled, buffer.count - filled)
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { break }
            filled += got
        }
        return filled
    }

    /// Waits for the end of a program whose output has ended.
    ///
    /// - Returns: nil when it lingers past `seconds`.
    func finish(seconds: Double) -> Exit? { wait(forOutput: false, seconds: seconds) ? reap() : nil }

    /// Waits for the pipe of the output, or for the end of the complaints; keeps the complaints that come meanwhile.
    private func wait(forOutput: Bool, seconds: Double) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        var listening = true
        while true {
            // A negative descriptor is passed over.
            var pipes = [
                pollfd(fd: forOutput ? output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listening ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            let left = (deadline - clock.now) / .milliseconds(1)
            guard left > 0 else { return false }
            _ = unsafe poll(&pipes, 2, Int32(min(left.rounded(.up), 1e9)))
            if pipes[1].revents != 0 { listening = listen() }
            if forOutput ? pipes[0].revents != 0 : !listening { return true }
        }
    }

    /// - Returns: false at the end of the complaints.
    private func listen() -> Bool {
        var block = [UInt8](repeating: 0, count: Subprocess.complaintBytesMax)
        let got = unsafe Foundation.read(errors, &block, block.count)
        if got < 0 { return errno == EINTR }
        complaints = Array((complaints + block.prefix(got)).suffix(Subprocess.complaintBytesMax))
        return got > 0
    }

    private func reap() -> Exit {
        if let exit { return exit }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        let ended = signal == 0 ? Exit.code(Int(status >> 8 & 0xFF)) : .signal(signal)
        exit = ended
        return ended
    }
}

/// A pair of sockets for a pipe: a pipe cannot be opened here so that no other new process inherits its ends, which
/// would keep it from ending.
private func pipe() throws(POSIXError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE)
    }
    return (ends[0], ends[1])
}

/// Starts `program` with `descriptors` as its first ones; all others of this program close themselves.
///
/// Unsafe: the C structures live until the end of the function, the strings until `free`.
@unsafe private func spawn(_ program: String, _ arguments: [String], _ descriptors: [Int32]) -> (pid_t, Int32) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in descriptors.enumerated() {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // It ends when nobody reads any more, also where this program blocks or ignores the signal that says so.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    // Settings of ffmpeg in the environment write files; the search paths are what a build of one's own needs.
    let kept = ["PATH", "LD_LIBRARY_PATH"].compactMap { key in
        ProcessInfo.processInfo.environment[key].map { "\(key)=\($0)" }
    }
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var environment = unsafe (kept + ["LC_ALL=C"]).map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + environment).forEach { unsafe free($0) } }
    var process: pid_t = 0
    let status = unsafe posix_spawn(&process, program, &actions, &attributes, &words, &environment)
    return (process, status)
}
