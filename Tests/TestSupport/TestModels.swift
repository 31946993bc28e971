import Catalog
import Foundation

/// The models `make models` pulls.
package enum TestModels {
    package enum Missing: Error, CustomStringConvertible {
        case model(String)

        package var description: String {
            switch self {
            case .model(let name): "the model \(name) is not installed; run `make models`"
            }
        }
    }

    /// The folder of an installed model.
    ///
    /// - Throws: `Missing.model`, which fails the test: without models there is nothing to test.
    package static func folder(_ name: String) throws -> String {
        let cache = ModelCache(environment: ProcessInfo.processInfo.environment)
        guard cache.isInstalled(try ModelCatalog.current.model(name)) else { throw Missing.model(name) }
        return cache.path(of: name)
    }
}
