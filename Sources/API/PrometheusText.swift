/// What is measured, and the text format it is told in.
///
/// - Source: Prometheus, exposition formats, text-based format 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func text(_ all: [PrometheusMetrics.Series: PrometheusMetrics.Value]) -> String {
        let families = Dictionary(grouping: all) { $0.key.name }
        return families.sorted { $0.key < $1.key }.map { name, series in
            let name = legal(name)
            let written = series.map { lines(name, $0.key.labels, $0.value) }.sorted().joined()
            let kind =
                switch series[0].value {
                case .counter: "counter"
                case .gauge: "gauge"
                case .histogram: "histogram"
                }
            return "# HELP \(name) \(MetricTexts.help(name))\n# TYPE \(name) \(kind)\n" + written
        }.joined()
    }

    private static func lines(_ name: String, _ labels: [[String]], _ value: PrometheusMetrics.Value) -> String {
        switch value {
        case .counter(let number), .gauge(let number): return "\(name)\(braces(labels)) \(written(number))\n"
        case .histogram(let histogram):
            var text = ""
            var seen = 0
            for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
                seen += count
                text += "\(name)_bucket\(braces(labels + [["le", written(bound)]])) \(seen)\n"
            }
            return text
                + "\(name)_sum\(braces(labels)) \(written(histogram.sum))\n\(name)_count\(braces(labels)) \(seen)\n"
        }
    }

    private static func braces(_ labels: [[String]]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label in
            let value = label[1].replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
                "\n", with: "\\n")
            return "\(legal(label[0]))=\"\(value)\""
        }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    private static func written(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    /// Other characters become underscores, as in names that libraries chose.
    private static func legal(_ name: String) -> String {
        let text = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
        return text.first?.isNumber ?? true ? "_" + text : text
    }
}
