import TestSupport
import Testing
import Whisper

struct StretchTests {
    @Test func `a stream gives the windows of the whole recording, whatever the pieces it comes in`() {
        var random = SeededRandom()
        for _ in 0..<8 {
            let whole = (0..<Int.random(in: 400_000...2_500_000, using: &random)).map { Float($0) }
            var stretch = Stretch(streaming: [])
            var (given, seek, most) = (0, 0, 0)
            while true {
                if stretch.hasWindow {
                    let window = stretch.window
                    let own = seek..<min(whole.count, seek + 480_000)
                    #expect(stretch.seek == seek)
                    #expect(window.own == whole[own])
                    #expect(window.before == whole[max(0, seek - 200)..<seek])
                    #expect(window.after == whole[own.upperBound..<min(whole.count, own.upperBound + 200)])
                    let frames = Int.random(in: 1...3_000, using: &random)
                    stretch.advance(seconds: Double(frames) / 100)
                    seek = min(seek + frames * 160, whole.count)
                } else if stretch.isComplete {
                    break
                } else if given < whole.count {
                    let more = whole[given..<min(whole.count, given + Int.random(in: 1...60_000, using: &random))]
                    stretch.append(Array(more))
                    given += more.count
                } else {
                    stretch.complete()
                }
                most = max(most, stretch.samples.count)
            }
            #expect(stretch.isFinished && whole.count - seek < 160)
            // A window, the half one that may be kept behind it, and what came last.
            #expect(most < 480_000 + 240_000 + 60_000 + 400)
        }
    }

    @Test func `a window whose text ends where it began is not decoded for ever`() {
        var stretch = Stretch(
            timeline: Timeline(pieces: [0..<32_000]), samples: [Float](repeating: 0, count: 32_000),
            speechEnd: 32_000, past: [])
        stretch.advance(seconds: 0)
        #expect(stretch.seek == 160)
        stretch.advance(seconds: -3)
        #expect(stretch.seek == 320)
    }

    @Test func `a short rest behind speech is no window, a short recording is`() {
        func stretch(_ count: Int, speechEnd: Int) -> Stretch {
            Stretch(
                timeline: Timeline(pieces: [0..<count]), samples: [Float](repeating: 0, count: count),
                speechEnd: speechEnd, past: [])
        }
        var rest = stretch(48_000, speechEnd: 40_000)
        rest.advance(seconds: 2.25)
        #expect(rest.isFinished)
        var more = stretch(48_000, speechEnd: 40_000)
        more.advance(seconds: 2)
        #expect(more.hasWindow)
        #expect(stretch(200, speechEnd: 200).hasWindow)
        #expect(stretch(159, speechEnd: 159).isFinished)
    }

    @Test func `a stream of less than a frame is finished when it ends`() {
        var stretch = Stretch(streaming: [])
        stretch.append([Float](repeating: 0, count: 159))
        #expect(!stretch.hasWindow && !stretch.isFinished)
        stretch.complete()
        #expect(stretch.isFinished && !stretch.hasWindow)
    }
}
