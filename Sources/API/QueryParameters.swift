import Hummingbird

/// The parameters behind the question mark.
struct QueryParameters {
    private let request: Request

    init(_ request: Request) { self.request = request }

    /// Nil where it is missing or empty.
    func text(_ name: String) throws -> String? {
        let values = request.uri.queryParameters[values: name[...]]
        guard values.count <= 1 else { throw Malformed.parameter(name: name, why: "it is there more than once") }
        guard let value = values.first, !value.isEmpty else { return nil }
        guard !value.unicodeScalars.contains(where: { $0.value == 0 }) else {
            throw Malformed.parameter(name: name, why: "it has a NUL in it")
        }
        return String(value)
    }

    /// One of the names of an enumeration.
    func value<Value: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws -> Value? where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed.parameter(name: name, why: "it has to be one of \(names)")
        }
        return value
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Malformed.parameter(
                name: name, why: "it has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool? {
        guard let text = try text(name) else { return nil }
        guard let flag = Bool(text) else { throw Malformed.parameter(name: name, why: "it has to be true or false") }
        return flag
    }
}
