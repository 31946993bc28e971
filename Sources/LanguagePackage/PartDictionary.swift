import Transcript

/// What both sides of the compression know beforehand.
enum PartDictionary {
    /// - Parameters:
    ///   - language: of a text.
    ///   - content: of the part it builds on.
    static func bytes(_ language: Language?, content: [UInt8] = []) -> [UInt8] { content }
}
