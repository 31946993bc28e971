import Foundation
import Inference
import Marian
import TestSupport
import Testing

/// The two directions whose weights the tests pull, each loaded once.
enum Direction: String, CaseIterable, Sendable {
    case enPt = "en-pt"
    case ptEn = "pt-en"

    private static let models = Direction.allCases.map { direction in
        Result { try MarianModel(folder: TestModels.folder(direction.rawValue), threads: ComputeThreads(2)) }
    }

    func model() throws -> MarianModel { try Direction.models[self == .enPt ? 0 : 1].get() }

    /// Sentences of FLORES with what two engines make of them; nil where `shared` is not beside the repository.
    var oracle: [(source: String, engines: [String])]? {
        guard let path = Shared.path("oracle/mt/\(rawValue.replacing("-", with: "")).tsv"),
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { return nil }
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return (fields[0], Array(fields[1...3]))
        }
    }
}

/// Records what should not be, for the end of a `guard`.
func fail(_ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
    Issue.record("\(what)", sourceLocation: sourceLocation)
}
