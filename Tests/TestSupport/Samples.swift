import Foundation

/// Recordings pulled like models.
package enum Samples {
    /// A clip with what is said in it.
    package struct Clip: Sendable {
        package let path: String
        /// ISO 639-1.
        package let language: String
        package let reference: String
    }

    /// 44 s of a reader of Dickens, 48 kHz.
    package static func twoCities() throws -> String { try voice("two_cities.wav") }
    package static func beckett() throws -> String { try voice("beckett.wav") }
    package static func endgame() throws -> String { try voice("endgame_nagg_nell.wav") }

    /// 27 short clips in nine languages, ordered by path.
    package static func clips() throws -> [Clip] {
        let folder = try TestModels.folder("samples-audioeval")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return try names.filter { $0.hasSuffix(".wav") }.sorted().map { name in
            Clip(
                path: folder + "/" + name, language: String(name.prefix { $0 != "/" }),
                reference: try String(contentsOfFile: folder + "/" + name.dropLast(3) + "txt", encoding: .utf8))
        }
    }

    private static func voice(_ name: String) throws -> String { try TestModels.folder("samples-voice") + "/" + name }
}
