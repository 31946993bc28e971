import Transcript

/// One call of the transcriber: which recordings are open, which of their windows are being decoded.
struct TranscriptionRun {
    private let transcriber: Transcriber
    private let options: TranscriptionOptions
    private let promptTokens: [Int]
    private let decoder: WindowDecoder
    private var open: [(number: Int, session: RecordingSession)] = []
    private var opened = 0
    private var flights: [Int: Flight] = [:]
    private var flightCount = 0
    /// Encoded windows the decoder has no room for yet.
    private var waiting: [Flight] = []

    private struct Flight {
        var number: Int
        var session: RecordingSession
        var stretch: Int
        var window: EncodedWindow
    }

    init(transcriber: Transcriber, options: TranscriptionOptions, promptTokens: [Int]) {
        self.transcriber = transcriber
        self.options = options
        self.promptTokens = promptTokens
        decoder = transcriber.decoder(options.decoding)
    }

    mutating func finish(
        next: () -> SampleReader?, progress: (Int, Double) -> Void, done: (Int, Result<Recording, any Error>) -> Void
    ) {
        var hasMore = true
        while true {
            while hasMore, open.count < Transcriber.openRecordingsMax, decoder.hasRoom {
                guard let read = next() else {
                    hasMore = false
                    break
                }
                open.append((opened, transcriber.session(read, options, promptTokens)))
                opened += 1
                fill(progress, done)
            }
            fill(progress, done)
            for (id, result) in decoder.step() {
                // Ids are given out by `submit` below, once each.
                guard let flight = flights.removeValue(forKey: id) else { continue }
                let outcome = transcriber.reading(flight.session, options).outcome(
                    of: result, window: flight.window, stretch: flight.stretch, session: flight.session)
                flight.session.accept(outcome, of: flight.stretch)
            }
            close(done)
            if !hasMore, open.isEmpty { return }
        }
    }

    /// Gives the decoder windows while it has room.
    private mutating func fill(_ progress: (Int, Double) -> Void, _ done: (Int, Result<Recording, any Error>) -> Void) {
        submitWaiting()
        for (number, session) in open {
            do {
                while decoder.hasRoom {
                    let windows = try windows(of: session, number)
                    progress(number, session.secondsDone)
                    guard !windows.isEmpty else { break }
                    waiting += windows
                    submitWaiting()
                }
            } catch {
                abandon(number)
                done(number, .failure(error))
            }
        }
        close(done)
    }

    /// The next window of a recording, encoded; the first few where its language is yet to be heard.
    private func windows(of session: RecordingSession, _ number: Int) throws -> [Flight] {
        var flights: [Flight] = []
        repeat {
            guard let stretch = try session.nextWindow() else { break }
            let audio = session.window(of: stretch)
            let window = transcriber.encode(before: audio.before, own: audio.own, after: audio.after)
            flights.append(Flight(number: number, session: session, stretch: stretch, window: window))
            if session.language == nil {
                session.hear(session.vote.add(transcriber.languageProbabilities(window)))
            }
        } while session.language == nil
        if session.language == nil, !flights.isEmpty { session.hear(session.vote.decide()) }
        return flights
    }

    /// A recording whose language is to be heard brings several windows at once.
    private mutating func submitWaiting() {
        while decoder.hasRoom, !waiting.isEmpty { submit(waiting.removeFirst()) }
    }

    private mutating func submit(_ flight: Flight) {
        let start = transcriber.startOfTranscript(language: flight.session.languageCode, task: options.task)
        let request = transcriber.request(
            flight.window, past: flight.session.past(of: flight.stretch), start: start,
            seed: UInt64(flight.stretch) &* 1_000_003 &+ UInt64(flight.session.seek(of: flight.stretch)))
        decoder.submit(request, id: flightCount)
        flights[flightCount] = flight
        flightCount += 1
    }

    private mutating func abandon(_ number: Int) {
        for (id, flight) in flights where flight.number == number {
            decoder.cancel(id: id)
            flights[id] = nil
        }
        waiting.removeAll { $0.number == number }
        open.removeAll { $0.number == number }
    }

    private mutating func close(_ done: (Int, Result<Recording, any Error>) -> Void) {
        for (number, session) in open where session.isFinished { done(number, .success(session.recording)) }
        open.removeAll { $0.session.isFinished }
    }
}
