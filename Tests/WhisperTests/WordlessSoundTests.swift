import TestSupport
import Testing
import Whisper

extension WithWeights {
    struct WordlessSoundTests {
        @Test(arguments: Sound.allCases)
        func `ten minutes of a sound without words have no words`(_ sound: Sound) throws {
            let recording = try Engine.base.transcriber().transcribe(reader(sound.samples(seconds: 600)))
            if !recording.segments.isEmpty {
                print("\(sound): \(recording.speechSeconds) s taken for speech, read “\(recording.text.prefix(200))”")
            }
            #expect(recording.segments.isEmpty)
            #expect(recording.durationSeconds == 600)
        }
    }
}
