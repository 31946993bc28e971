import Catalog
import Foundation
import Testing
import Transcript

struct TranslationRoutesTests {
    private func routes(_ installed: String...) -> TranslationRoutes {
        let all = ModelCatalog.current.models.compactMap { $0.translation?.direction }
        return TranslationRoutes(catalog: .current, installed: Set(all.filter { installed.contains($0.name) }))
    }

    private func names(_ route: TranslationRoute?) -> [String]? { route?.steps.map(\.model.name) }

    @Test func `every language reaches every other in one step or through English`() {
        for from in Language.allCases {
            for to in Language.allCases where from != to {
                let route = routes().route(from: from, to: to)
                let direct = from == .english || to == .english
                let scripts = [from, to].allSatisfy { [.chinese, .traditionalChinese].contains($0) }
                #expect(route?.steps.count == (scripts ? 0 : direct ? 1 : 2), "\(from) \(to)")
                #expect(route?.pivot == (direct || scripts ? nil : .english), "\(from) \(to)")
            }
            #expect(routes().route(from: from, to: from) == nil)
        }
    }

    @Test func `what is missing is counted, what is installed is not`() throws {
        let route = try #require(routes("fr-en").route(from: .french, to: .japanese))
        #expect(names(route) == ["fr-en", "en-ja"])
        #expect(route.missing.map(\.name) == ["en-ja"])
        #expect(route.missingBytes == (try ModelCatalog.current.model("en-ja").sizeBytes))
        #expect(!route.isInstalled)
    }

    @Test func `without models the error names the command that pulls them`() {
        #expect(
            throws: CatalogError.noRoute(from: .french, to: [.portuguese], models: ["fr-en", "en-pt"])
        ) { try routes("pt-en").installedRoute(from: .french, to: .portuguese) }
        #expect(
            "\(CatalogError.noRoute(from: .french, to: [.portuguese], models: ["fr-en", "en-pt"]))"
                == "no model translates French into Portuguese; get it with `voicelingua models pull fr-en en-pt`")
    }

    @Test func `with models there is no error`() throws {
        let route = try routes("pt-en", "en-fr").installedRoute(from: .portuguese, to: .french)
        #expect(names(route) == ["pt-en", "en-fr"])
        #expect(!route.convertsSource && !route.convertsTarget)
    }

    @Test(arguments: [
        ([], "en-zh-tw", false), (["en-zh"], "en-zh", true), (["en-zh", "en-zh-tw"], "en-zh-tw", false),
        (["en-zh-tw"], "en-zh-tw", false),
    ])
    func `traditional Chinese comes from its own model, else by a conversion where simplified is installed`(
        installed: [String], model: String, isConverted: Bool
    ) throws {
        let all = ModelCatalog.current.models.compactMap { $0.translation?.direction }
        let routes = TranslationRoutes(
            catalog: .current, installed: Set(all.filter { installed.contains($0.name) }))
        let route = try #require(routes.route(from: .english, to: .traditionalChinese))
        #expect(names(route) == [model])
        #expect(route.convertsTarget == isConverted)
        #expect(!route.convertsSource)
    }

    @Test func `traditional Chinese is read by the simplified model where that alone is installed`() throws {
        let route = try #require(routes("zh-en").route(from: .traditionalChinese, to: .english))
        #expect(names(route) == ["zh-en"])
        #expect(route.convertsSource && !route.convertsTarget)
    }

    @Test func `between the scripts of Chinese no model is needed`() throws {
        let route = try routes().installedRoute(from: .chinese, to: .traditionalChinese)
        #expect(route.steps.isEmpty && route.convertsSource)
        #expect(route.missingBytes == 0)
    }

    @Test func `languages need their models both ways through English`() {
        #expect(
            routes().models(for: [.traditionalChinese, .french]).map(\.name)
                == ["en-zh-tw", "zh-tw-en", "en-fr", "fr-en"])
        #expect(routes().models(for: Language.allCases).count == 20)
        #expect(routes().models(for: [.english]).isEmpty)
    }

    @Test func `a catalog without models has no way`() throws {
        let routes = TranslationRoutes(catalog: try ModelCatalog(json: Data(#"{"models": []}"#.utf8)), installed: [])
        #expect(routes.route(from: .english, to: .french) == nil)
        #expect(throws: CatalogError.noRoute(from: .english, to: [.french], models: [])) {
            try routes.installedRoute(from: .english, to: .french)
        }
    }
}
