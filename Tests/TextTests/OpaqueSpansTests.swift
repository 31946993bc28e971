import Foundation
import TestSupport
import Testing
import Text

struct OpaqueSpansTests {
    @Test(arguments: [
        ("See https://example.org/a_(b)?c=d#e, or not.", OpaqueSpans.Kind.url, ["https://example.org/a_(b)?c=d#e"]),
        ("(www.example.org)", .url, ["www.example.org"]),
        ("请看http://example.org/x查看。", .url, ["http://example.org/x"]),
        ("ftp://example.org:21/. Then", .url, ["ftp://example.org:21/"]),
        ("http://:// and :// and http://", .url, ["http://://"]),
        ("Write to j.doe+x@mail.example.org.", .email, ["j.doe+x@mail.example.org"]),
        ("联系test@example.org吧", .email, ["test@example.org"]),
        ("4you2@example.org, a@b, @c, d@", .email, ["4you2@example.org"]),
        ("Call `f(x)` or ``a`b``, not `this", .code, ["`f(x)`", "``a`b``"]),
        ("1,234.5 and 10 000, 3,5 %, 2020 100", .number, ["1,234.5", "10 000", "3,5", "2020", "100"]),
        ("１２月٣٫٥", .number, ["１２", "٣٫٥"]),
        ("Go 👍🏽👩‍👩‍👧🇵🇹 1️⃣ ❤️ © ™ 12", .emoji, ["👍🏽", "👩‍👩‍👧", "🇵🇹", "1️⃣", "❤️"]),
        ("2 ©\u{fe0f} ©", .emoji, ["©\u{fe0f}"]),
    ])
    func `spans of a kind are found`(text: String, kind: OpaqueSpans.Kind, expected: [String]) {
        #expect(OpaqueSpans(of: text).spans.filter { $0.kind == kind }.map(\.text) == expected)
    }

    @Test func `spans are in order, apart, and where they say`() {
        var random = SeededRandom()
        for round in 0..<500 {
            let text = AnyText.random(parts: round % 80, using: &random)
            let bytes = Array(text.utf8)
            var done = 0
            for span in OpaqueSpans(of: text).spans {
                #expect(span.bytes.lowerBound >= done && Array(bytes[span.bytes]) == Array(span.text.utf8))
                done = span.bytes.upperBound
            }
            let pieces = OpaqueSpans.pieces(of: text).map { piece in
                switch piece {
                case .language(let text), .verbatim(let text): text
                }
            }
            #expect(pieces.joined().utf8.elementsEqual(text.utf8))
            #expect(!OpaqueSpans(of: text).isKept(in: text).contains(false))
        }
    }

    @Test func `no hostile text takes long`() {
        for (name, text) in AnyText.hostile(size: 1 << 18) {
            let time = ContinuousClock().measure { _ = OpaqueSpans(of: text).isKept(in: text) }
            #expect(time < .seconds(15), "\(name) took \(time)")
            if ProcessInfo.processInfo.environment["TEXT_TIMES"] != nil { print("spans \(name): \(time)") }
        }
    }

    @Test(arguments: [
        ("It cost 1,234.50 euros.", "Custou 1.234,50 euros.", true), ("About 20,000 people", "约2万人", true),
        ("2万人", "20,000 people", true), ("In 2020", "Em 2021", false), ("100 men", "10 homens", false),
        ("5 and 5", "5 e cinco", false), ("１２月", "month 12", true),
        ("See https://example.org/a.", "Veja https://example.org/a", true),
        ("See https://example.org/a.", "Veja https://example.org/b", false), ("Hi 👍🏽", "Oi 👍", false),
        ("Hi 👍🏽", "👍🏽 Oi", true), ("Run `make`", "Execute `make`", true), ("Run `make`", "Execute `fazer`", false),
        ("Write a@example.org", "Escreva para a@example.org.", true), ("Write a@example.org", "Escreva", false),
        ("from the 9th to the 12th century", "do século IX ao século XII", true),
        ("from the 9th to the 12th century", "do século IX ao século XIII", false),
    ])
    func `a span that is harmed is not kept`(source: String, translation: String, kept: Bool) {
        #expect(!OpaqueSpans(of: source).isKept(in: translation).contains(false) == kept)
    }

    @Test func `pieces leave the language between verbatim spans, and numbers in it`() {
        #expect(
            OpaqueSpans.pieces(of: "Ask a@example.org for 5 of `x` 😀!") == [
                .language("Ask "), .verbatim("a@example.org"), .language(" for 5 of "), .verbatim("`x`"),
                .language(" "),
                .verbatim("😀"), .language("!"),
            ])
    }

    @Test func `a local part of the limit is an address, one past it none`() {
        let local = String(repeating: "a", count: 64)
        #expect(OpaqueSpans(of: local + "@example.org").spans.map(\.kind) == [.email])
        #expect(OpaqueSpans(of: local + "a@example.org").spans.isEmpty)
    }

    @Test func `a domain of the limit is an address, one past it none`() {
        let domain = String(repeating: "a", count: 250) + ".bc"
        #expect(OpaqueSpans(of: "x@" + domain).spans.map(\.kind) == [.email])
        #expect(OpaqueSpans(of: "x@" + domain + "d").spans.isEmpty)
    }

    @Test func `a scheme of the limit is whole, one past it loses its start`() {
        let scheme = String(repeating: "a", count: 16)
        #expect(OpaqueSpans(of: scheme + "://b").spans.map(\.text) == [scheme + "://b"])
        #expect(OpaqueSpans(of: "c" + scheme + "://b").spans.map(\.text) == [scheme + "://b"])
    }
}
