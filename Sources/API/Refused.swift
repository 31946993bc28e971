import HTTPTypes
import Store

/// Why a request that is well formed is not served, or not now.
package enum Refused: Error, Equatable {
    case keyMissing
    case keyUnknown
    case scope(APIKeys.Scope)
    /// A page of another place has its reader's browser ask, while no key is needed.
    case foreign
    case rate(retryAfterSeconds: Int)
    case quota(tasksPerDay: Int, retryAfterSeconds: Int)
    case admission(Refusal, retryAfterSeconds: Int)
    /// The server is asked to stop and waits for nothing any more.
    case stopping
    /// The body was not there in time.
    case slow(secondsMax: Int)
    /// An awaited task took longer than anybody waits.
    case tooLong(secondsMax: Int)
    /// A task that was awaited did not succeed.
    case failed(TaskFailure)
}

extension Problem {
    init(_ error: Refused) {
        switch error {
        case .keyMissing:
            self.init(.unauthorized, "key_missing", "An API key is needed: `Authorization: Bearer KEY`.")
            headers[.wwwAuthenticate] = "Bearer"
        case .keyUnknown:
            self.init(.unauthorized, "key_invalid", "This API key is not known, or was revoked.")
            headers[.wwwAuthenticate] = "Bearer error=\"invalid_token\""
        case .scope(let scope):
            self.init(.forbidden, "scope_missing", "This API key lacks the scope \(scope.rawValue).")
        case .foreign:
            self.init(
                .forbidden, "foreign_origin",
                "Without keys only this machine's own names and pages are answered; make a key, or ask 127.0.0.1.")
        case .rate(let seconds):
            self.init(.tooManyRequests, "rate_limited", "Too many requests; try again in \(seconds) s.")
            headers[.retryAfter] = String(seconds)
        case .quota(let tasks, let seconds):
            self.init(.tooManyRequests, "quota_exceeded", "The \(tasks) tasks a day of this key are spent.")
            headers[.retryAfter] = String(seconds)
        case .admission(let refusal, let seconds):
            self.init(refusal)
            headers[.retryAfter] = String(seconds)
        case .stopping:
            self.init(.serviceUnavailable, "stopping", "The server stops; try again.")
            headers[.retryAfter] = "5"
        case .slow(let seconds):
            self.init(.requestTimeout, "body_slow", "The body was not there after \(seconds) s; send it faster.")
        case .tooLong(let seconds):
            self.init(
                .gatewayTimeout, "awaited_too_long",
                "It takes more than \(seconds) s; submit it to /api/v1/tasks and ask for the result later.")
        case .failed(let failure):
            self.init(
                failure.isOfRequest ? .unprocessableContent : .internalServerError, failure.code, failure.message)
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .tasks(let tasksMax):
            self.init(.tooManyRequests, "too_many_tasks", "\(tasksMax) tasks are unfinished, which is the limit.")
        case .queue(let queueMax):
            self.init(.tooManyRequests, "queue_full", "\(queueMax) jobs wait, which is the limit.")
        case .memory(let share):
            self.init(.serviceUnavailable, "memory_short", "\(Int(share * 100)) % of the memory is in use.")
        case .processor(let share):
            self.init(.serviceUnavailable, "processor_busy", "The processors are \(Int(share * 100)) % busy.")
        }
    }
}

extension TaskFailure {
    /// Whether the request was at fault, and not the service.
    var isOfRequest: Bool { code.hasPrefix("bad_") || code.hasPrefix("language_") || code.hasPrefix("text_") }
}
