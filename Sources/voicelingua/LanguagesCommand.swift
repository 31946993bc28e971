import ArgumentParser
import Catalog
import Foundation
import Transcript

struct LanguagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "languages", abstract: "Says which languages are translated into which, and what is missing.",
        discussion: "Example: voicelingua languages --json")

    @Flag(help: "Write an array of JSON objects, one a pair.") var json = false

    /// A pair as JSON has it.
    private struct Row: Encodable {
        let from: Language
        let to: Language
        let installed: Bool
        /// The language between; left out where there is none.
        let pivot: Language?
        let models: [String]
        let missing: [String]
        let missingBytes: Int
        let convertsSource: Bool
        let convertsTarget: Bool

        init(_ route: TranslationRoute) {
            from = route.from
            to = route.to
            installed = route.isInstalled
            pivot = route.pivot
            models = route.steps.map(\.model.name)
            missing = route.missing.map(\.name)
            missingBytes = route.missingBytes
            convertsSource = route.convertsSource
            convertsTarget = route.convertsTarget
        }
    }

    func run() throws {
        try reporting {
            let settings = try Settings()
            let routes = settings.models.translationRoutes(catalog: settings.catalog)
            if json {
                let all = Language.allCases.flatMap { from in
                    Language.allCases.compactMap { routes.route(from: from, to: $0) }
                }
                try printJSON(all.map(Row.init))
            } else {
                print(matrix(routes))
            }
        }
    }

    /// Columns of five characters, so that eleven languages fit a terminal.
    private func matrix(_ routes: TranslationRoutes) -> String {
        func line(_ cells: [String]) -> String {
            cells.map { $0.padding(toLength: 5, withPad: " ", startingAt: 0) }.joined(separator: " ")
                .trimmingCharacters(in: .whitespaces)
        }
        let languages = Language.allCases
        let rows = languages.map { from in
            line([from.rawValue] + languages.map { to in cell(routes.route(from: from, to: to), isSame: from == to) })
        }
        return ([line(["from"] + languages.map(\.rawValue))] + rows + [""] + legend(languages)).joined(separator: "\n")
    }

    private func cell(_ route: TranslationRoute?, isSame: Bool) -> String {
        guard !isSame else { return "." }
        guard let route else { return "none" }
        let state =
            route.isInstalled ? "yes" : String(Int((Double(route.missingBytes) / 1e6).rounded(.up)))
        return state + (route.pivot == nil ? "" : "*") + (route.convertsSource || route.convertsTarget ? "~" : "")
    }

    private func legend(_ languages: [Language]) -> [String] {
        [
            "yes: installed; a number: megabytes to pull; *: through English; ~: by a conversion of the script"
        ]
            + stride(from: 0, to: languages.count, by: 6).map { first in
                languages[first...].prefix(6).map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
            } + [
                "`voicelingua models pull --languages fr,de` pulls what two languages need; `--languages all` pulls all"
            ]
    }
}
