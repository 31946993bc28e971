import Store
import Transcript

/// The answer to a task that was handed in.
struct AcceptedView: Encodable {
    let id: String
    let status: TaskStatus
    let createdAt: String
    let languages: [Language]
    let links: TaskView.Links
    let estimateSeconds: Double?

    enum CodingKeys: String, CodingKey {
        case status, languages, links
        case id = "task_id"
        case createdAt = "created_at"
        case estimateSeconds = "estimate_seconds"
    }

    init(_ task: TaskRecord, estimateSeconds: Double?) {
        id = task.id.rawValue
        status = task.status
        createdAt = rfc3339(task.createdMs)
        languages = task.request.languages
        links = TaskView.Links(task)
        self.estimateSeconds = estimateSeconds.map { ($0 * 10).rounded() / 10 }
    }

    /// The estimate is null where nothing is known.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(status, forKey: .status)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(languages, forKey: .languages)
        try container.encode(links, forKey: .links)
        try container.encode(estimateSeconds, forKey: .estimateSeconds)
    }
}
