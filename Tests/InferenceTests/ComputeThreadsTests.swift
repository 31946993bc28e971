import Foundation
import Inference
import Synchronization
import Testing

struct ComputeThreadsTests {
    @Test(arguments: [1, 2, 3], [0, 1, 2, 7, 1_000])
    func `every item is computed exactly once`(_ count: Int, _ items: Int) {
        let threads = ComputeThreads(count)
        let seen = Mutex([Int](repeating: 0, count: items))
        threads.run(items) { item, thread in
            #expect((0..<count).contains(thread))
            seen.withLock { $0[item] += 1 }
        }
        #expect(seen.withLock { $0 } == [Int](repeating: 1, count: items))
    }

    @Test(arguments: [2, 3])
    func `many small loops in a row lose no item and never hang`(_ count: Int) {
        let threads = ComputeThreads(count)
        let sum = Atomic(0)
        for items in 0..<60_000 {
            threads.run(items % 5) { item, _ in sum.add(item + 1, ordering: .relaxed) }
        }
        // Five loops of 0, 1, 2, 3 and 4 items: 0 + 1 + 3 + 6 + 10.
        #expect(sum.load(ordering: .relaxed) == 12_000 * 20)
    }

    @Test func `no two items run as the same thread at once`() {
        let threads = ComputeThreads(3)
        let busy = Mutex(Set<Int>())
        for _ in 0..<200 {
            threads.run(20) { _, thread in
                busy.withLock {
                    let isNew = $0.insert(thread).inserted; #expect(isNew, "thread \(thread) twice at once")
                }
                _ = busy.withLock { $0.remove(thread) }
            }
        }
    }

    @Test func `what a loop wrote is there when it has returned`() {
        let threads = ComputeThreads(2)
        let numbers = Buffer<Int>(64)
        for round in 1...2_000 {
            threads.run(64) { item, _ in numbers[item] += 1 }
            #expect(numbers[round % 64] == round)
        }
    }

    /// In a process of its own, where few other threads come and go.
    @Test func `a team that is dropped stops its threads`() async {
        await #expect(processExitsWith: .success) {
            func wait(until enough: (Int) -> Bool) throws {
                let start = ContinuousClock.now
                while true {
                    let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
                    if enough(threads) { return }
                    try #require(start.duration(to: .now) < .seconds(60), "still \(threads) threads")
                    sched_yield()
                }
            }
            var teams = (0..<40).map { _ in ComputeThreads(3) }
            for team in teams { team.run(3) { _, _ in } }
            try wait { $0 >= 80 }
            teams.removeLast(20)
            try wait { (40..<70).contains($0) }
            teams.removeAll()
            try wait { $0 < 35 }
        }
    }
}
