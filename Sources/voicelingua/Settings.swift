import Catalog
import Foundation

/// What the environment says, read once.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `VOICELINGUA_MODELS` | folder of the models | `$XDG_CACHE_HOME/voicelingua/models`, `~/.cache/voicelingua/models` |
/// | `VOICELINGUA_CATALOG` | a file in the form of catalog.json that takes the place of the built-in catalog | the built-in one |
/// | `VOICELINGUA_HUB` | address of a mirror of the public hub | the public hub |
/// | `VOICELINGUA_MT_BUCKET` | address of a mirror of the bucket of translation models | the public bucket |
struct Settings: Sendable {
    let models: ModelCache
    let catalog: ModelCatalog
    let hub: ServerAddress
    let bucket: ServerAddress

    static let version = "0.1.0"

    /// - Throws: `CatalogError.badAddress`, `.malformedCatalog`.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CatalogError) {
        models = ModelCache(environment: environment)
        if let path = environment["VOICELINGUA_CATALOG"], !path.isEmpty {
            guard let json = FileManager.default.contents(atPath: path) else {
                throw .malformedCatalog(what: "\(path), which VOICELINGUA_CATALOG names, cannot be read")
            }
            catalog = try ModelCatalog(json: json)
        } else {
            catalog = .current
        }
        func address(_ setting: String) throws(CatalogError) -> ServerAddress? {
            guard let value = environment[setting], !value.isEmpty else { return nil }
            return try ServerAddress(value, setting: setting)
        }
        hub = try address("VOICELINGUA_HUB") ?? .publicHub
        bucket = try address("VOICELINGUA_MT_BUCKET") ?? .publicBucket
    }
}
