import Transcript

/// A part of a package that is read, and can be damaged, by itself.
package enum PackagePart: Sendable, Hashable {
    /// The task, its texts before they were translated, and where the other parts are.
    case head
    case transcript
    case accuracy
    case text(Language, TextSource)

    /// As the head numbers them; the language is told beside.
    var kindNumber: UInt32 {
        switch self {
        case .head: preconditionFailure("the head does not list itself")
        case .transcript: 0
        case .accuracy: 1
        case .text(_, .audio): 2
        case .text(_, .text): 3
        }
    }

    var language: Language? { if case .text(let language, _) = self { language } else { nil } }

    /// - Parameter language: of a text.
    init?(kindNumber: UInt32, language: Language?) {
        switch (kindNumber, language) {
        case (0, _): self = .transcript
        case (1, _): self = .accuracy
        case (2, let language?): self = .text(language, .audio)
        case (3, let language?): self = .text(language, .text)
        default: return nil
        }
    }
}

extension PackagePart: CustomStringConvertible {
    package var description: String {
        switch self {
        case .head: "the head"
        case .transcript: "the transcript"
        case .accuracy: "the accuracy report"
        case .text(let language, let source): "the text \(language.rawValue) \(source.rawValue)"
        }
    }
}
