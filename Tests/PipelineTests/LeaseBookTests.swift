import Pipeline
import Store
import Testing

struct LeaseBookTests {
    private func job(_ name: String, token: Int64 = 1, task: String? = nil) -> LeaseBook.Held {
        LeaseBook.Held(
            lease: Lease(job: JobID(rawValue: name), token: token), task: TaskID(rawValue: task ?? "task-\(name)"),
            queue: .transcription)
    }

    @Test func `no more is asked for than slots are free`() {
        var book = LeaseBook(slots: [.transcription: 2])
        #expect(book.beginClaim(.transcription) == 2)
        #expect(book.endClaim([job("a")]).work.count == 1)
        #expect(book.beginClaim(.transcription) == 1)
        #expect(book.endClaim([job("b")]).work.count == 1)
        #expect(book.beginClaim(.transcription) == 0)
        #expect(book.leave(job("a").lease) == nil)
        #expect(book.beginClaim(.transcription) == 1)
    }

    @Test func `a queue without slots is never asked`() {
        var book = LeaseBook(slots: [.transcription: 2])
        #expect(book.beginClaim(.packaging) == 0)
    }

    @Test func `all jobs of a stopped task end, and no others`() {
        var book = LeaseBook(slots: [.transcription: 3])
        _ = book.beginClaim(.transcription)
        _ = book.endClaim([job("a", task: "x"), job("b", task: "x"), job("c")])
        #expect(Set(book.stop(TaskID(rawValue: "x"))) == [job("a").lease, job("b").lease])
        #expect(book.leases == [job("c").lease])
        #expect(book.leave(job("a").lease) == .stopped)
        #expect(book.leave(job("c").lease) == nil)
    }

    @Test func `a task stopped while its job is on the way is not begun`() {
        var book = LeaseBook(slots: [.transcription: 3])
        _ = book.beginClaim(.transcription)
        #expect(book.stop(TaskID(rawValue: "task-a")).isEmpty)
        #expect(book.endClaim([job("a"), job("b")]).work == [job("b").lease])
        // Offered again by command, it is a job like any other.
        _ = book.beginClaim(.transcription)
        #expect(book.endClaim([job("a", token: 2)]).work.count == 1)
    }

    @Test func `a job taken again under a higher token is another one`() {
        var book = LeaseBook(slots: [.transcription: 2])
        _ = book.beginClaim(.transcription)
        _ = book.endClaim([job("a")])
        #expect(book.lose([job("a").lease]) == [job("a").lease])
        _ = book.beginClaim(.transcription)
        _ = book.endClaim([job("a", token: 2)])
        #expect(book.leave(job("a").lease) == .lost)
        #expect(book.leave(job("a", token: 2).lease) == nil)
    }

    @Test func `what a claim brings after the stop is given back`() {
        var book = LeaseBook(slots: [.transcription: 3])
        _ = book.beginClaim(.transcription)
        _ = book.endClaim([job("a")])
        _ = book.beginClaim(.transcription)
        #expect(book.drain() == [job("a").lease])
        let (work, late) = book.endClaim([job("b")])
        #expect(work.isEmpty && late == [job("b").lease])
        #expect(book.beginClaim(.transcription) == 0)
        #expect(book.leave(job("a").lease) == .drained)
        #expect(book.isEmpty)
    }

    @Test func `the first reason to end a job stays`() {
        var book = LeaseBook(slots: [.transcription: 1])
        _ = book.beginClaim(.transcription)
        _ = book.endClaim([job("a")])
        _ = book.stop(TaskID(rawValue: "task-a"))
        #expect(book.drain().isEmpty)
        #expect(book.leave(job("a").lease) == .stopped)
    }
}
