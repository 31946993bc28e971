import Metrics
import Synchronization

/// Counts for swift-metrics, and writes what was counted as Prometheus reads it.
///
/// Names and labels are used as they come; `MetricTexts` says what they mean and which buckets a histogram has.
package final class PrometheusMetrics: MetricsFactory {
    /// Series of one process: what comes past them is dropped, so that no mistake in a label fills the memory.
    package static let seriesMax = 10_000

    /// A name with its labels, in order of the labels' names.
    struct Series: Hashable, Sendable {
        let name: String
        let labels: [[String]]

        init(_ name: String, _ labels: [(String, String)]) {
            self.name = name
            self.labels = labels.sorted { $0.0 < $1.0 }.map { [$0.0, $0.1] }
        }
    }

    enum Value: Sendable {
        case counter(Double)
        case gauge(Double)
        case histogram(Histogram)
    }

    struct Histogram: Sendable {
        let bounds: [Double]
        /// Of each bound, and of what is past all of them.
        var counts: [Int]
        var sum = 0.0

        init(bounds: [Double]) {
            self.bounds = bounds
            counts = Array(repeating: 0, count: bounds.count + 1)
        }

        mutating func observe(_ value: Double) {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            sum += value
        }
    }

    private let values = Mutex<[Series: Value]>([:])

    package init() {}

    /// Adds to a counter.
    package func add(_ name: String, _ labels: [(String, String)], _ amount: Double) {
        update(Series(name, labels)) { value in
            guard case .counter(let count) = value ?? .counter(0) else { return value }
            return .counter(count + amount)
        }
    }

    /// Sets a gauge.
    package func set(_ name: String, _ labels: [(String, String)], _ amount: Double) {
        update(Series(name, labels)) { _ in .gauge(amount) }
    }

    /// Adds to a gauge.
    package func change(_ name: String, _ labels: [(String, String)], _ amount: Double) {
        update(Series(name, labels)) { value in
            guard case .gauge(let level) = value ?? .gauge(0) else { return value }
            return .gauge(level + amount)
        }
    }

    /// Puts a value into a histogram.
    package func observe(_ name: String, _ labels: [(String, String)], _ amount: Double) {
        update(Series(name, labels)) { value in
            guard case .histogram(var histogram) = value ?? .histogram(Histogram(bounds: MetricTexts.buckets(name)))
            else { return value }
            histogram.observe(amount)
            return .histogram(histogram)
        }
    }

    private func update(_ series: Series, _ change: (Value?) -> Value?) {
        values.withLock { values in
            guard values[series] != nil || values.count < PrometheusMetrics.seriesMax else { return }
            values[series] = change(values[series])
        }
    }

    fileprivate func forget(_ series: Series) { values.withLock { $0[series] = nil } }

    /// Everything that was counted, and gauges that are read when asked for; where both have a name, what was counted
    /// stands.
    package func text(with gauges: [(name: String, labels: [(String, String)], value: Double)] = []) -> String {
        var all = values.withLock { $0 }
        let counted = Set(all.keys.map(\.name))
        for gauge in gauges where !counted.contains(gauge.name) {
            all[Series(gauge.name, gauge.labels)] = .gauge(gauge.value)
        }
        return PrometheusText.text(all)
    }
}

// The interface of swift-metrics: every handler is a series that writes into the factory.
extension PrometheusMetrics {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        SeriesHandler(self, label, dimensions)
    }
    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        SeriesHandler(self, label, dimensions)
    }
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        SeriesHandler(self, label, dimensions)
    }
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? SeriesHandler(self, label, dimensions) : GaugeHandler(SeriesHandler(self, label, dimensions))
    }
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        SeriesHandler(self, label, dimensions)
    }

    // Counters go on counting when the object they were made with is gone; gauges go with it.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) { (handler as? SeriesHandler)?.forget() }
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

private final class SeriesHandler: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler,
    TimerHandler
{
    private let metrics: PrometheusMetrics
    private let name: String
    private let labels: [(String, String)]

    init(_ metrics: PrometheusMetrics, _ name: String, _ labels: [(String, String)]) {
        self.metrics = metrics
        self.name = name
        self.labels = labels
    }

    func increment(by amount: Int64) { metrics.add(name, labels, Double(amount)) }
    /// Counters with fractions and meters share this name; which of them a series is, its end tells.
    func increment(by amount: Double) {
        if name.hasSuffix("_total") { metrics.add(name, labels, amount) } else { metrics.change(name, labels, amount) }
    }
    func decrement(by amount: Double) { metrics.change(name, labels, -amount) }
    func reset() { metrics.forget(PrometheusMetrics.Series(name, labels)) }
    func set(_ value: Int64) { metrics.set(name, labels, Double(value)) }
    func set(_ value: Double) { metrics.set(name, labels, value) }
    func record(_ value: Int64) { metrics.observe(name, labels, Double(value)) }
    func record(_ value: Double) { metrics.observe(name, labels, value) }
    func recordNanoseconds(_ duration: Int64) { metrics.observe(name, labels, Double(duration) / 1e9) }
    func forget() { reset() }
}

/// A recorder that keeps its last value alone.
private final class GaugeHandler: RecorderHandler {
    private let series: SeriesHandler

    init(_ series: SeriesHandler) { self.series = series }

    func record(_ value: Int64) { series.set(value) }
    func record(_ value: Double) { series.set(value) }
}
