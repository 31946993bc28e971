import HTTPTypes
import Hummingbird
import LanguagePackage
import Store
import Transcript

/// What the package format saves: on the largest package of the newest tasks that were completed, or on an example where
/// there is none.
struct EncodingRoutes {
    /// Tasks that are looked at: the newest alone may be a single word.
    static let newestMax = 20

    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("encoding/demo", use: demo)
    }

    private struct Demo: Encodable {
        /// `task` or `example`.
        let example: String
        let taskID: String?
        let sizes: PackageSavings
        /// The share of the indented JSON that is saved.
        let saved: Double

        enum CodingKeys: String, CodingKey {
            case example, sizes, saved
            case taskID = "task_id"
        }
    }

    @Sendable private func demo(_ request: Request, _ visit: Visit) async throws -> Response {
        let path = try await largestPackage(visit)
        let demo = try await BlockingWork.run {
            let contents = try path.map { try PackageReader(path: $0).contents() } ?? EncodingExample.contents
            let sizes = try PackageSavings(contents)
            return Demo(
                example: path == nil ? "example" : "task", taskID: path == nil ? nil : contents.taskID, sizes: sizes,
                saved: (sizes.saved * 1_000).rounded() / 1_000)
        }
        return .json(demo)
    }

    private func largestPackage(_ visit: Visit) async throws -> String? {
        var filter = Tasks.Filter()
        filter.status = .completed
        if !visit.caller.seesAll { filter.keyID = visit.caller.key?.id }
        let newest = try await desk.storage.tasks.list(filter, before: nil, limit: EncodingRoutes.newestMax)
        let largest = newest.compactMap(\.package).max { $0.sizeBytes < $1.sizeBytes }
        return largest.map { desk.storage.blobs.path($0.blob) }
    }
}

/// A text of two sentences in ten languages.
enum EncodingExample {
    private static let texts: [(Language, [String])] = [
        (.english, ["The boat leaves at seven in the morning.", "Please bring your own bread."]),
        (.chinese, ["船早上七点出发。", "请自带面包。"]),
        (.traditionalChinese, ["船早上七點出發。", "請自帶麵包。"]),
        (.japanese, ["船は朝七時に出ます。", "パンは各自お持ちください。"]),
        (.korean, ["배는 아침 일곱 시에 떠납니다.", "빵은 직접 가져오세요."]),
        (.french, ["Le bateau part à sept heures du matin.", "Merci d'apporter votre pain."]),
        (.german, ["Das Boot fährt um sieben Uhr morgens ab.", "Bringen Sie bitte Ihr eigenes Brot mit."]),
        (.spanish, ["El barco sale a las siete de la mañana.", "Traiga su propio pan, por favor."]),
        (.italian, ["La barca parte alle sette del mattino.", "Portate il vostro pane, per favore."]),
        (.russian, ["Лодка отходит в семь утра.", "Пожалуйста, возьмите с собой хлеб."]),
    ]

    static let contents: PackageContents = {
        let spoken = texts[0].1
        let translations = texts.map { language, sentences in
            TranslatedText(
                language: language, source: .text, text: sentences.joined(separator: language.hasNoSpaces ? "" : " "),
                sentences: zip(spoken, sentences).map {
                    TranslatedText.Sentence(source: $0, text: $1, score: 1, faults: [])
                })
        }
        return PackageContents(
            taskID: "01910000-0000-7000-8000-000000000000", kind: .text, textNumber: "1",
            createdMs: 1_700_000_000_000, finishedMs: 1_700_000_001_500, sourceLanguage: "en",
            languages: texts.map(\.0), text: spoken.joined(separator: " "), translations: translations)
    }()
}
