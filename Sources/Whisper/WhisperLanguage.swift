/// The languages Whisper tells apart, in the order of their tokens.
package enum WhisperLanguage {
    /// ISO 639 codes; models before large-v3 lack the last one.
    package static let codes: [String] = [
        "en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar", "sv", "it", "id", "hi",
        "fi",
        "vi", "he", "uk", "el", "ms", "cs", "ro", "da", "hu", "ta", "no", "th", "ur", "hr", "bg", "lt", "la", "mi",
        "ml",
        "cy", "sk", "te", "fa", "lv", "bn", "sr", "az", "sl", "kn", "et", "mk", "br", "eu", "is", "hy", "ne", "mn",
        "bs",
        "kk", "sq", "sw", "gl", "mr", "pa", "si", "km", "sn", "yo", "so", "af", "oc", "ka", "be", "tg", "sd", "gu",
        "am",
        "yi", "lo", "uz", "fo", "ht", "ps", "tk", "nn", "mt", "sa", "lb", "my", "bo", "tl", "mg", "as", "tt", "haw",
        "ln",
        "ha", "ba", "jw", "su", "yue",
    ]

    /// Written where nobody heard a language: silence has none.
    static let unheard = "en"

    /// Languages written without spaces, where a word's time is a character's.
    package static func hasSpaces(_ code: String) -> Bool { !["zh", "ja", "th", "lo", "my", "yue"].contains(code) }
}
