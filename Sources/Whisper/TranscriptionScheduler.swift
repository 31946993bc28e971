import Inference
import Transcript

/// Recordings on their way through one transcriber, step by step, their windows decoded together.
///
/// Recordings come and go between steps, each with its own options; whose window is encoded next is a matter of
/// `FairTurns`, so a short recording never waits for the end of long ones. A recording that waits holds no audio but
/// what it had read when its turn came. Owned by one computation at a time.
package final class TranscriptionScheduler {
    /// Two seconds each that a recording reads in one turn: about a window, so that silence takes no longer than speech.
    private static let readsMax = 16

    package enum Event {
        case progress(id: Int, secondsDone: Double)
        /// A window was decoded; given back to `add` it need not be again.
        case window(id: Int, WindowRecord)
        /// The recording is gone from here.
        case finished(id: Int, Result<Recording, any Error>)
    }

    private let transcriber: Transcriber
    private let decoder: WindowDecoder
    private var open: [Int: OpenRecording] = [:]
    private var turns = FairTurns<Int>()
    private var flights: [Int: Flight] = [:]
    private var flightCount = 0
    /// Encoded windows the decoder has no room for yet.
    private var waiting: [Flight] = []
    private var lastTurnWasTaken = false

    /// A window that is being decoded, or is about to be.
    private struct Flight {
        let recording: OpenRecording
        let stretch: Int
        let window: EncodedWindow
    }

    package init(_ transcriber: Transcriber) {
        self.transcriber = transcriber
        decoder = transcriber.decoder()
    }

    package var isIdle: Bool { open.isEmpty }
    package var openCount: Int { open.count }

    /// Whether the recordings here leave the decoder room for one more.
    package func wantsMore(_ options: DecodingOptions) -> Bool {
        !lastTurnWasTaken && waiting.isEmpty && decoder.hasRoom(for: options)
    }

    /// Takes a recording; nothing is read before its first turn.
    ///
    /// - Parameters:
    ///   - id: one that is not here.
    ///   - read: gives the audio; called by `step`, never for more than two seconds at once.
    ///   - priority: higher first.
    ///   - done: windows of an earlier run with the same audio and options, in any order; they are taken as they are.
    /// - Throws: `TranscriptionError` for options the model cannot meet; `ModelError` for an unusable prompt.
    package func add(
        id: Int, read: @escaping SampleReader, options: TranscriptionOptions, priority: Int = 0,
        done: [WindowRecord] = []
    ) throws {
        let promptTokens = try transcriber.checkedPrompt(of: options)
        open[id] = OpenRecording(id: id, read: read, options: options, promptTokens: promptTokens, done: done)
        turns.join(id, priority: priority, headStart: 1)
    }

    /// Drops a recording with all that was decoded of it; no more events come of it.
    package func cancel(_ id: Int) {
        for (number, flight) in flights where flight.recording.id == id {
            decoder.cancel(id: number)
            flights[number] = nil
        }
        waiting.removeAll { $0.recording.id == id }
        open[id] = nil
        turns.leave(id)
    }

    /// Encodes at most one window and runs one token of every window that is being decoded.
    package func step() -> [Event] {
        var events: [Event] = []
        submitWaiting()
        lastTurnWasTaken = takeTurn(&events)
        submitWaiting()
        for (number, decoded) in decoder.step() {
            // Numbers are given out by `submit`, once each.
            guard let flight = flights.removeValue(forKey: number) else { continue }
            accept(decoded, flight, &events)
        }
        close(&events)
        return events
    }

    /// - Returns: false where nobody has anything to encode, or there is no room for it.
    private func takeTurn(_ events: inout [Event]) -> Bool {
        guard waiting.isEmpty else { return false }
        while let id = turns.next(where: { isReady($0) }), let recording = open[id] {
            do {
                let next = try turn(of: recording)
                if let session = recording.session {
                    events.append(.progress(id: id, secondsDone: session.secondsDone))
                }
                recording.isBlocked = next == .nothing
                guard recording.isBlocked else {
                    turns.charge(id, 1)
                    return true
                }
            } catch {
                cancel(id)
                events.append(.finished(id: id, .failure(error)))
            }
        }
        return false
    }

    private func isReady(_ id: Int) -> Bool {
        guard let recording = open[id], !recording.isBlocked else { return false }
        return decoder.hasRoom(for: recording.options.decoding)
    }

    /// Encodes the next window of a recording that was not decoded in an earlier run.
    private func turn(of recording: OpenRecording) throws -> RecordingSession.Next {
        let session = recording.session(transcriber)
        var reads = TranscriptionScheduler.readsMax
        while true {
            let next = try session.next(reads: &reads)
            guard case .window(let stretch) = next else {
                if next == .nothing { settleLanguage(of: recording, session.vote.decide()) }
                return next
            }
            if let record = recording.done[OpenRecording.Place(stretch: stretch, seek: session.seek(of: stretch))] {
                session.accept(record.outcome, of: stretch)
                continue
            }
            let audio = session.window(of: stretch)
            let window = transcriber.encode(before: audio.before, own: audio.own, after: audio.after)
            recording.heard.append((stretch, window))
            if session.language != nil {
                release(recording)
            } else {
                settleLanguage(of: recording, session.vote.add(transcriber.languageProbabilities(window)))
            }
            return next
        }
    }

    /// Lets the windows go that the language was heard in.
    private func settleLanguage(of recording: OpenRecording, _ heard: (language: Int, probability: Double)?) {
        guard let session = recording.session, let heard, session.language == nil, !recording.heard.isEmpty else {
            return
        }
        session.hear(heard)
        release(recording)
    }

    private func release(_ recording: OpenRecording) {
        waiting += recording.heard.map { Flight(recording: recording, stretch: $0.stretch, window: $0.window) }
        recording.heard = []
    }

    /// A recording whose language is to be heard brings several windows at once.
    private func submitWaiting() {
        while let flight = waiting.first, decoder.hasRoom(for: flight.recording.options.decoding) {
            submit(waiting.removeFirst())
        }
    }

    private func submit(_ flight: Flight) {
        let session = flight.recording.session(transcriber)
        let options = flight.recording.options
        let start = transcriber.startOfTranscript(language: session.languageCode, task: options.task)
        let request = transcriber.request(
            flight.window, past: session.past(of: flight.stretch), start: start,
            seed: UInt64(flight.stretch) &* 1_000_003 &+ UInt64(session.seek(of: flight.stretch)),
            options: options.decoding)
        decoder.submit(request, id: flightCount)
        flights[flightCount] = flight
        flightCount += 1
    }

    private func accept(_ decoded: DecodedWindow, _ flight: Flight, _ events: inout [Event]) {
        let recording = flight.recording
        let session = recording.session(transcriber)
        let outcome = transcriber.reading(session, recording.options).outcome(
            of: decoded, window: flight.window, stretch: flight.stretch, session: session)
        let record = WindowRecord(
            stretch: flight.stretch, seek: session.seek(of: flight.stretch), outcome: outcome,
            language: session.languageCode, languageProbability: session.language?.probability ?? 0)
        session.accept(outcome, of: flight.stretch)
        recording.isBlocked = false
        events.append(.window(id: recording.id, record))
        events.append(.progress(id: recording.id, secondsDone: session.secondsDone))
    }

    private func close(_ events: inout [Event]) {
        for (id, recording) in open {
            guard let session = recording.session, session.isFinished else { continue }
            events.append(.finished(id: id, .success(session.recording)))
            open[id] = nil
            turns.leave(id)
        }
    }
}

/// A recording between its first turn and its last window.
private final class OpenRecording {
    struct Place: Hashable {
        let stretch: Int
        let seek: Int
    }

    let id: Int
    let options: TranscriptionOptions
    /// What an earlier run decoded.
    let done: [Place: WindowRecord]
    /// Windows encoded while the language is yet to be heard.
    var heard: [(stretch: Int, window: EncodedWindow)] = []
    /// It has nothing to decode until one of its windows is done.
    var isBlocked = false
    /// Nil until its first turn.
    private(set) var session: RecordingSession?
    private let read: SampleReader
    private let promptTokens: [Int]
    private let language: (code: String, probability: Double)?

    init(
        id: Int, read: @escaping SampleReader, options: TranscriptionOptions, promptTokens: [Int], done: [WindowRecord]
    ) {
        self.id = id
        self.read = read
        self.options = options
        self.promptTokens = promptTokens
        self.done = Dictionary(
            done.map { (Place(stretch: $0.stretch, seek: $0.seek), $0) }, uniquingKeysWith: { first, _ in first })
        language = done.first.map { ($0.language, $0.languageProbability) }
    }

    func session(_ transcriber: Transcriber) -> RecordingSession {
        if let session { return session }
        let session = transcriber.session(read, options, promptTokens)
        if let language { session.language = language }
        self.session = session
        return session
    }
}
