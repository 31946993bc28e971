import Foundation
import Transcript

/// After-checks of what the decoder wrote: text that nobody can have said.
package enum HallucinationGuards {
    /// Words a second nobody reaches over a whole segment.
    package static let wordsPerSecondMax = 8.0
    /// Letters a second nobody reaches, in scripts with spaces and without.
    package static let charactersPerSecondMax = 30.0
    package static let denseCharactersPerSecondMax = 12.0
    /// Shorter segments have no speaking rate: their times are too coarse.
    package static let rateWordsMin = 4
    /// A run of words this often in a row is a loop.
    package static let loopRepeatsMin = 5
    /// Longest run of words looked for.
    static let loopWordsMax = 12
    /// Below this mean log probability, or above this no-speech probability, a suspicion is believed.
    package static let doubtLogProbabilityMax = -0.7
    package static let doubtNoSpeechProbabilityMin = 0.4
    /// Silence on both sides that makes an odd segment incredible, seconds.
    static let silenceSecondsMin = 2.0

    /// What is suspicious about a segment's text; `dropped` where the decoder doubted it too.
    package static func judge(
        _ text: String, seconds: Double, language: String, decoded: DecodedWindow
    ) -> (kind: GuardFinding.Kind, action: GuardFinding.Action)? {
        let doubted =
            decoded.averageLogProbability < doubtLogProbabilityMax
            || decoded.noSpeechProbability > doubtNoSpeechProbabilityMin
        let plain = plain(text)
        if inventedPhrases.contains(where: { plain == $0 || ($0.count > 12 && plain.hasPrefix($0)) }) {
            return (.inventedPhrase, doubted ? .dropped : .kept)
        }
        let hasSpaces = WhisperLanguage.hasSpaces(language)
        let words = hasSpaces ? plain.split(separator: " ").map(String.init) : plain.map(String.init)
        if isLoop(words) { return (.loop, doubted ? .dropped : .kept) }
        guard words.count >= rateWordsMin, seconds > 0 else { return nil }
        let characters = Double(plain.filter { $0 != " " }.count) / seconds
        let tooFast =
            hasSpaces
            ? Double(words.count) / seconds > wordsPerSecondMax || characters > charactersPerSecondMax
            : characters > denseCharactersPerSecondMax
        return tooFast ? (.speakingRate, doubted ? .dropped : .kept) : nil
    }

    /// Whether a run of words stands `loopRepeatsMin` times in a row.
    package static func isLoop(_ words: [String]) -> Bool {
        guard words.count >= loopRepeatsMin else { return false }
        for length in 1...min(loopWordsMax, words.count / loopRepeatsMin) {
            var same = 0
            for index in length..<words.count {
                same = words[index] == words[index - length] ? same + 1 : 0
                // One word may well be said a few times: "no, no, no, no, no".
                if same >= length * (loopRepeatsMin - 1), same + length >= 8 { return true }
            }
        }
        return false
    }

    /// How unlikely a word's probability and length are.
    ///
    /// - Source: openai/whisper `transcribe.py`, word anomaly score.
    package static func oddness(_ word: Word) -> Double {
        let seconds = word.end - word.start
        var score = word.probability < 0.15 ? 1.0 : 0
        if seconds < 0.133 { score += (0.133 - seconds) * 15 }
        if seconds > 2 { score += seconds - 2 }
        return score
    }

    /// Whether the first words of a segment are so unlikely that silence around it speaks against it.
    package static func isOdd(_ words: [Word]) -> Bool {
        let spoken = words.filter { $0.text.contains { $0.isLetter || $0.isNumber } }.prefix(8)
        guard !spoken.isEmpty else { return false }
        let score = spoken.reduce(0) { $0 + oddness($1) }
        return score >= 3 || score + 0.01 >= Double(spoken.count)
    }

    /// Lower case, white space folded, punctuation at the ends gone.
    private static func plain(_ text: String) -> String {
        let kept = text.lowercased().unicodeScalars.map { scalar -> Character in
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "'"
            return isWord || scalar.properties.generalCategory == .nonspacingMark ? Character(scalar) : " "
        }
        return String(kept).split(separator: " ").joined(separator: " ")
    }

    /// Credits and farewells of the subtitles Whisper learned from, which it writes where nobody speaks; as `plain`.
    private static let inventedPhrases: Set<String> = [
        "thank you", "thank you for watching", "thanks for watching", "thank you very much for watching",
        "thanks for watching and i'll see you in the next video", "please subscribe", "like and subscribe",
        "subtitles by the amara org community", "transcription by castingwords", "music", "applause",
        "untertitel der amara org community", "untertitel im auftrag des zdf für funk", "untertitelung des zdf",
        "untertitel von stephanie geiges", "vielen dank fürs zuschauen", "vielen dank",
        "sous titres réalisés par la communauté d'amara org", "sous titres réalisés para la communauté d'amara org",
        "sous titrage st' 501", "merci d'avoir regardé cette vidéo", "sous titrage société radio canada",
        "subtítulos realizados por la comunidad de amara org", "subtítulos por la comunidad de amara org",
        "gracias por ver el video", "suscríbete al canal",
        "sottotitoli creati dalla comunità amara org", "sottotitoli e revisione a cura di qtss",
        "grazie per la visione", "legendas pela comunidade amara org", "obrigado por assistir",
        "продолжение следует", "субтитры сделал dimatorzok", "редактор субтитров а семкин корректор а егорова",
        "субтитры создавал dimatorzok", "спасибо за просмотр", "字幕by索兰娅", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "中文字幕志愿者 杨茜茜", "谢谢观看", "謝謝觀看", "字幕由 amara org 社区提供", "字幕由amara org社區提供",
        "ご視聴ありがとうございました", "最後までご視聴いただきありがとうございます", "チャンネル登録をお願いいたします",
        "시청해주셔서 감사합니다", "mbc 뉴스 이덕영입니다", "구독과 좋아요 부탁드립니다",
    ]
}
