import Catalog
import Foundation

/// What the environment says, read once.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `VOICELINGUA_MODELS` | folder of the models | `$XDG_CACHE_HOME/voicelingua/models`, `~/.cache/voicelingua/models` |
/// | `VOICELINGUA_HUB` | address of a mirror of the public hub | the public hub |
/// | `VOICELINGUA_MT_BUCKET` | address of a mirror of the bucket of translation models | the public bucket |
struct Settings: Sendable {
    let models: ModelCache
    let hub: ServerAddress
    let bucket: ServerAddress

    static let version = "0.1.0"

    /// - Throws: `CatalogError.badAddress`.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CatalogError) {
        models = ModelCache(environment: environment)
        func address(_ setting: String) throws(CatalogError) -> ServerAddress? {
            guard let value = environment[setting], !value.isEmpty else { return nil }
            return try ServerAddress(value, setting: setting)
        }
        hub = try address("VOICELINGUA_HUB") ?? .publicHub
        bucket = try address("VOICELINGUA_MT_BUCKET") ?? .publicBucket
    }
}
