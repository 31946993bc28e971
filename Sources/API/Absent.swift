import HTTPTypes
import Store
import Transcript

/// What a request asks for and there is not, or not yet.
package enum Absent: Error, Equatable {
    case route(path: String)
    case method(String, allowed: [String])
    case task(id: String)
    case translation(language: Language, textNumber: String, source: TextSource)
    case model(name: String, known: [String])
    /// The task has no such result, and will have none: no speech, no reference.
    case result(what: String)
    case finished(status: TaskStatus)
    /// The task ended without a result.
    case outcome(status: TaskStatus, failure: TaskFailure?)
    /// The file of a result is not there any more.
    case package
}

extension Problem {
    init(_ error: Absent) {
        switch error {
        case .route(let path): self.init(.notFound, "not_found", "Nothing is at \(path); /docs lists what is.")
        case .method(let method, let allowed):
            let others = allowed.joined(separator: ", ")
            self.init(.methodNotAllowed, "method_not_allowed", "\(method) does not go here; \(others) does.")
            headers[.allow] = others
        case .task(let id): self.init(.notFound, "task_not_found", "There is no task \(id).")
        case .translation(let language, let number, let source):
            self.init(
                .notFound, "translation_not_found",
                "No completed task has text \(number) from \(source.rawValue) in \(language.rawValue).")
        case .model(let name, let known):
            self.init(
                .notFound, "model_not_found",
                "There is no model \(name) here; there are: \(known.joined(separator: ", ")).", field: "model")
        case .result(let what): self.init(.notFound, "result_not_found", "This task has no \(what).")
        case .finished(let status):
            self.init(.conflict, "not_finished", "The task is \(status.rawValue); ask again when it is completed.")
            headers[.retryAfter] = "1"
        case .outcome(let status, let failure):
            let reason = failure.map { ": \($0.message)" } ?? ""
            self.init(.gone, "no_result", "The task is \(status.rawValue) and has no result\(reason).")
        case .package: self.init(.gone, "package_gone", "The file of this task is not there any more.")
        }
    }
}
