import Testing
import Whisper

struct WindowSegmentsTests {
    private let special = SpecialTokens(vocabularyCount: 51_865, endOfText: 50_257, isMultilingual: true)

    /// Text tokens as they are; seconds as timestamps.
    private enum Item {
        case text(Int)
        case time(Double)
    }

    private func tokens(_ items: [Item]) -> [Int] {
        items.map {
            switch $0 {
            case .text(let token): token
            case .time(let seconds): special.timestamps.lowerBound + Int((seconds * 50).rounded())
            }
        }
    }

    private func read(_ items: [Item], windowSeconds: Double = 30) -> WindowSegments {
        WindowSegments(tokens(items), windowSeconds: windowSeconds, special: special)
    }

    private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-9 }

    @Test func `text between two timestamps is one segment, and the window is done`() {
        let read = read([.time(0.5), .text(7), .text(8), .time(3)])
        #expect(read.pieces.count == 1 && read.endsWithSingleTime && read.advance == 30)
        // Without a pair the segment begins with the window.
        #expect(read.pieces[0].start == 0 && isNear(read.pieces[0].end, 3))
        #expect(read.pieces[0].tokens.count == 4)
    }

    @Test func `a pair of timestamps separates segments, a last single one ends the window`() {
        let read = read([.time(0.2), .text(7), .time(2), .time(2.4), .text(8), .time(5)])
        #expect(read.pieces.map(\.start).elementsEqual([0.2, 2.4], by: isNear))
        #expect(read.pieces.map(\.end).elementsEqual([2, 5], by: isNear))
        #expect(read.endsWithSingleTime && read.advance == 30)
    }

    @Test func `a window that ends with a pair goes on at it`() {
        let read = read([.time(0), .text(7), .time(2), .time(2), .text(8), .time(28.5), .time(28.5)])
        #expect(read.pieces.count == 2)
        #expect(!read.endsWithSingleTime && isNear(read.advance, 28.5))
    }

    @Test func `text begun behind the last pair is left for the next window`() {
        let read = read([.time(0), .text(7), .time(9), .time(9.4), .text(8), .text(9)])
        #expect(read.pieces.map(\.tokens) == [tokens([.time(0), .text(7), .time(9)])])
        #expect(isNear(read.advance, 9))
    }

    @Test func `text without a timestamp spans the window`() {
        let read = read([.text(7), .text(8)], windowSeconds: 12.5)
        #expect(read.pieces == [WindowSegments.Piece(start: 0, end: 12.5, tokens: [7, 8])])
        #expect(read.advance == 12.5)
    }

    @Test func `a lone timestamp at zero ends nothing`() {
        let read = read([.time(0), .text(7)], windowSeconds: 4)
        #expect(read.pieces[0].end == 4)
    }

    @Test func `times past the audio are its end`() {
        let read = read([.time(0), .text(7), .time(2), .time(2.4), .text(8), .time(6), .time(6.2)], windowSeconds: 4)
        #expect(read.pieces.map(\.end).elementsEqual([2, 4], by: isNear) && read.advance == 4)
    }

    @Test func `a window without tokens is one empty piece that advances`() {
        let read = read([], windowSeconds: 4)
        #expect(read.pieces.map(\.tokens) == [[]] && read.advance == 4)
    }

    @Test func `every token before the last pair is in one piece, in order`() {
        var random = SeededTokens()
        for _ in 0..<500 {
            let tokens = random.window(special)
            let read = WindowSegments(tokens, windowSeconds: 30, special: special)
            let joined = read.pieces.flatMap(\.tokens)
            #expect(tokens.starts(with: joined))
            #expect(read.advance >= 0 && read.advance <= 30)
            #expect(read.pieces.allSatisfy { $0.start >= 0 && $0.end <= 30 })
        }
    }
}
