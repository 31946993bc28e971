import Foundation
import Inference

extension Data {
    /// The bytes of a small file of a model folder.
    ///
    /// - Throws: `ModelError` when it is missing, unreadable, no plain file, or larger than `bytesMax`.
    init(modelFile path: String, bytesMax: Int) throws(ModelError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch let error as POSIXError where error.code == .ENOENT {
            throw .missingFile(path: path)
        } catch { throw .unreadable(path: path, reason: error.localizedDescription) }
        guard file.count <= bytesMax else { throw .malformed(path: path, what: "it is larger than \(bytesMax) bytes") }
        self.init(file.data(0..<file.count))
    }
}
