import Catalog
import Foundation

/// What the environment says, read once.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `VOICELINGUA_MODELS` | folder of the models | `$XDG_CACHE_HOME/voicelingua/models`, `~/.cache/voicelingua/models` |
/// | `VOICELINGUA_HUB` | address of a mirror of the public hub | the public hub |
struct Settings: Sendable {
    let models: ModelCache
    let hub: HubAddress

    static let version = "0.1.0"

    /// - Throws: `CatalogError.badHub`.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(CatalogError) {
        models = ModelCache(environment: environment)
        hub = try HubAddress(environment["VOICELINGUA_HUB"].flatMap { $0.isEmpty ? nil : $0 } ?? PullOptions.publicHub)
    }
}
