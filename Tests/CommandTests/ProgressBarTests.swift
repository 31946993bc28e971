import Testing
import voicelingua

struct ProgressBarTests {
    @Test func `half of one recording is half a bar, with its speed and as long to go`() {
        var bar = ProgressBar(count: 1)
        bar.open(0, duration: 60)
        bar.show(0, done: 30)
        #expect(bar.text(elapsed: 3) == "[############------------]  50 %  10.0 × real time  0:03 left")
    }

    @Test func `finished recordings count whole, those of unknown length not before their end`() {
        var bar = ProgressBar(count: 4)
        for number in 0..<2 { bar.open(number, duration: 100) }
        bar.close(0, seconds: 100)
        bar.close(1, seconds: 100)
        bar.open(2, duration: nil)
        bar.show(2, done: 50)
        #expect(
            bar.text(elapsed: 100)
                == "[############------------]  50 %  2 of 4 files  2.5 × real time  1:40 left")
    }

    @Test func `at the start neither speed nor time left is guessed`() {
        var bar = ProgressBar(count: 1)
        bar.open(0, duration: 100)
        bar.show(0, done: 4)
        #expect(bar.text(elapsed: 1) == "[------------------------]   4 %")
        bar.show(0, done: 5)
        #expect(bar.text(elapsed: 1).hasSuffix("  5.0 × real time  0:19 left"))
    }
}
