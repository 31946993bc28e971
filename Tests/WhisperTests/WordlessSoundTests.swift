import TestSupport
import Testing
import Whisper

extension WithWeights {
    struct WordlessSoundTests {
        @Test(arguments: Sound.allCases, [1, 0.05] as [Float])
        func `ten minutes of a sound without words have no words, loud or soft`(_ sound: Sound, _ level: Float) throws {
            let samples = sound.samples(seconds: 600).map { $0 * level }
            let recording = try Engine.base.transcriber().transcribe(reader(samples))
            if recording.speechSeconds > 0 {
                print(
                    "\(sound) × \(level): \(recording.speechSeconds) s taken for speech, read “\(recording.text.prefix(200))”"
                )
            }
            #expect(recording.segments.isEmpty)
            #expect(recording.durationSeconds == 600)
        }
    }
}
