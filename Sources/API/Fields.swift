import Foundation
import Hummingbird
import NIOCore

/// The named values of a request: of a JSON object, where types count, or of a form, where all is text.
struct Fields {
    enum Value: Equatable {
        case null
        case text(String)
        case number(Double)
        case flag(Bool)
        case list([Value])
        case object([String: Value])

        /// What a parser of JSON made.
        init(json: Any) {
            switch json {
            case let text as String: self = .text(text)
            case let number as NSNumber:
                self = Value.isFlag(number) ? .flag(number.boolValue) : .number(number.doubleValue)
            case let list as [Any]: self = .list(list.map(Value.init(json:)))
            case let object as [String: Any]: self = .object(object.mapValues(Value.init(json:)))
            default: self = .null
            }
        }

        /// Flags alone are of the type of one byte: whole numbers are parsed as larger ones.
        private static func isFlag(_ number: NSNumber) -> Bool {
            // The type is a string that ends with a zero and is never empty.
            unsafe number.objCType.pointee == CChar(UInt8(ascii: "c"))
        }
    }

    /// Up to here every whole number that JSON writes is read as it was written.
    ///
    /// - Source: RFC 8259, §6.
    static let wholeNumberMax = 9_007_199_254_740_991

    /// Bytes of a body that are read where they are asked for; more are read on a thread of their own.
    static let hereBytesMax = 64 << 10

    private let values: [String: Value]
    private let isForm: Bool

    private init(object: [String: Value]) {
        values = object
        isForm = false
    }

    /// A JSON object.
    ///
    /// - Throws: `Malformed.json`.
    init(json: ByteBuffer) throws {
        // Why it cannot be parsed is of no help to whoever wrote it.
        let object = try? JSONSerialization.jsonObject(with: Data(json.readableBytesView))
        guard let object = object as? [String: Any] else { throw Malformed.json(why: "it is no object") }
        self.init(object: object.mapValues(Value.init(json:)))
    }

    /// Fields of a form; more values than one are a list, and so is `name[]`.
    init(form: [String: [String]]) {
        var values: [String: Value] = [:]
        for (field, texts) in form {
            let isList = field.hasSuffix("[]")
            let name = isList ? String(field.dropLast(2)) : field
            let filled = texts.filter { !$0.isEmpty }
            guard !filled.isEmpty else { continue }
            if isList || filled.count > 1 {
                values[name] = .list(filled.map(Value.text))
            } else {
                values[name] = .text(filled[0])
            }
        }
        self.values = values
        isForm = true
    }

    /// A body of either kind, as its type says; one without a type is JSON.
    ///
    /// - Throws: `Malformed.json`, `Malformed.contentType`.
    static func read(_ body: ByteBuffer, type: String?) async throws -> Fields {
        try await computed(body) { try Fields(body, type: type) }
    }

    /// Work on a body, on a thread of its own where the body is large.
    static func computed<Value: Sendable>(
        _ body: ByteBuffer, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        guard body.readableBytes > hereBytesMax else { return try work() }
        return try await BlockingWork.run(work)
    }

    /// The type of a body without its parameters.
    static func kind(_ type: String?) -> String? {
        type?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
    }

    private init(_ body: ByteBuffer, type: String?) throws {
        let kind = Fields.kind(type)
        switch kind {
        case nil, "application/json": try self.init(json: body)
        case "application/x-www-form-urlencoded": self.init(form: Fields.urlEncoded(String(buffer: body)))
        default: throw Malformed.contentType(found: kind, wanted: "application/json")
        }
    }

    private static func urlEncoded(_ text: String) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        eachPair(of: text) { name, value in fields[decoded(name), default: []].append(decoded(value)) }
        return fields
    }

    /// Names and values as they stand in a form, one after the other.
    ///
    /// - Source: WHATWG URL, application/x-www-form-urlencoded parsing.
    static func eachPair(of text: String, _ take: (_ name: Substring, _ value: Substring) -> Void) {
        var rest = text[...]
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
            let pair = rest[..<end]
            rest = end == rest.endIndex ? "" : rest[rest.utf8.index(after: end)...]
            guard !pair.isEmpty else { continue }
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            take(parts[0], parts.count == 2 ? parts[1] : "")
        }
    }

    /// A name or value of a form.
    static func decoded(_ part: Substring) -> String {
        let spaced = part.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }

    func has(_ name: String) -> Bool { values[name].map { $0 != .null } ?? false }

    func text(_ name: String) throws -> String? {
        switch values[name] {
        case nil, .null: return nil
        case .text(let text):
            // It ends texts in some places, and means nothing in any.
            guard !text.utf8.contains(0) else { throw Malformed.field(name: name, why: "it has a NUL in it") }
            return text
        case .list(let list) where isForm:
            guard case .text(let text) = list.first else { return nil }
            return text
        default: throw Malformed.field(name: name, why: "it has to be a string")
        }
    }

    /// A string, or a whole number by its digits.
    func label(_ name: String) throws -> String? {
        guard case .number(let number) = values[name] else { return try text(name) }
        guard number == number.rounded(), number >= 0, number <= Double(Fields.wholeNumberMax) else {
            throw Malformed.field(
                name: name, why: "a number here is whole, from 0 to \(Fields.wholeNumberMax); write others as strings")
        }
        return String(Int(number))
    }

    /// A list of objects, each with its own fields; nil in the place of what is no object.
    func objects(_ name: String) throws -> [Fields?]? {
        guard case .list(let list) = values[name] else {
            guard has(name) else { return nil }
            throw Malformed.field(name: name, why: "it has to be a list of objects")
        }
        return list.map { value in
            guard case .object(let object) = value else { return nil }
            return Fields(object: object)
        }
    }

    func number(_ name: String) throws -> Double? {
        switch values[name] {
        case nil, .null: return nil
        case .number(let number): return number
        case .text(let text) where isForm:
            guard let number = Double(text), number.isFinite else { break }
            return number
        default: break
        }
        throw Malformed.field(name: name, why: "it has to be a number")
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let number = try number(name) else { return nil }
        guard number == number.rounded(), number >= Double(range.lowerBound), number <= Double(range.upperBound) else {
            throw Malformed.field(
                name: name, why: "it has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func flag(_ name: String) throws -> Bool? {
        switch values[name] {
        case nil, .null: return nil
        case .flag(let flag): return flag
        case .text(let text) where isForm:
            switch text.lowercased() {
            case "true", "1": return true
            case "false", "0": return false
            default: break
            }
        default: break
        }
        throw Malformed.field(name: name, why: "it has to be true or false")
    }

    /// A list of strings; one string is a list of one.
    func texts(_ name: String) throws -> (texts: [String], isList: Bool)? {
        switch values[name] {
        case nil, .null: return nil
        case .text: return (try text(name).map { [$0] } ?? [], false)
        case .list(let list):
            let texts = list.compactMap { value -> String? in
                guard case .text(let text) = value else { return nil }
                return text
            }
            guard texts.count == list.count else { break }
            guard !texts.contains(where: { $0.utf8.contains(0) }) else {
                throw Malformed.field(name: name, why: "it has a NUL in it")
            }
            return (texts, true)
        default: break
        }
        throw Malformed.field(name: name, why: "it has to be a string or a list of strings")
    }

    /// Names of strings in lists, written as a list, as `["a","b"]` in one string, or with commas between them.
    func names(_ name: String) throws -> [String]? {
        guard let (texts, _) = try texts(name) else { return nil }
        return texts.flatMap { text -> [String] in
            // What begins like a list and is none is taken for a name, and then found to be none.
            if text.hasPrefix("["), let list = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) {
                return list
            }
            return text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
