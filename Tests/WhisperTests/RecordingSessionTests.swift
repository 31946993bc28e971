import Testing
import Transcript
import Whisper

struct RecordingSessionTests {
    private func session(_ samples: [Float], past: [Int] = []) -> RecordingSession {
        var options = TranscriptionOptions()
        options.usesVoiceActivity = false
        return RecordingSession(read: reader(samples), options: options, promptTokens: past, detector: nil)
    }

    private func nextWindow(of session: RecordingSession) throws -> Int? {
        var reads = Int.max
        guard case .window(let number) = try session.next(reads: &reads) else { return nil }
        return number
    }

    @Test func `a session reads no more than it may before it says so`() throws {
        let session = session(silence(70))
        var reads = 14
        #expect(try session.next(reads: &reads) == .reading && reads == 0)
        reads = 1
        #expect(try session.next(reads: &reads) == .window(0))
        #expect(reads == 0 && session.window(of: 0).after.count == 200)
    }

    private func outcome(past: [Int]?, advance: Double) -> WindowOutcome {
        WindowOutcome(segments: [], findings: [], past: past, advance: advance)
    }

    @Test func `a window sees the prompt and all text before it`() throws {
        let session = session(silence(70), past: [1, 2])
        let number = try #require(try nextWindow(of: session))
        #expect(session.past(of: number) == [1, 2])
        session.accept(outcome(past: [3, 4], advance: 28), of: number)
        #expect(try nextWindow(of: session) == number)
        #expect(session.past(of: number) == [1, 2, 3, 4] && session.seek(of: number) == 28 * 16_000)
    }

    @Test func `behind a window that was too hot the past is forgotten, the prompt too`() throws {
        let session = session(silence(70), past: [1, 2])
        let number = try #require(try nextWindow(of: session))
        session.accept(outcome(past: nil, advance: 30), of: number)
        #expect(try nextWindow(of: session) == number)
        #expect(session.past(of: number).isEmpty)
    }

    @Test func `a stretch has one window at a time, and ends with its recording`() throws {
        let session = session(silence(40))
        let number = try #require(try nextWindow(of: session))
        #expect(try nextWindow(of: session) == nil)
        #expect(session.window(of: number).own.count == 480_000)
        session.accept(outcome(past: [], advance: 30), of: number)
        #expect(try nextWindow(of: session) == number)
        #expect(session.window(of: number).own.count == 160_000)
        session.accept(outcome(past: [], advance: 10), of: number)
        #expect(try nextWindow(of: session) == nil)
        #expect(session.isFinished && session.recording.durationSeconds == 40)
    }
}
