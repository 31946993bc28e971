import NIOCore

/// Why a body is no form.
package enum MultipartError: Error, Equatable {
    case noBoundary
    case partHeader(why: String)
    case partHeaderTooLarge(bytesMax: Int)
    /// The body ended inside a part.
    case truncated
}

extension MultipartError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noBoundary: "The Content-Type names no boundary of 1 to 70 characters."
        case .partHeader(let why): "A part of the form has a wrong header: \(why)."
        case .partHeaderTooLarge(let bytesMax): "The header of a part has more than \(bytesMax) bytes."
        case .truncated: "The form ends before its last delimiter."
        }
    }
}

/// Takes a form apart while it arrives, and holds back no more than a delimiter and a header.
///
/// - Source: RFC 7578 and RFC 2046 §5.1.
package struct MultipartParser: Sendable {
    package struct PartHeader: Sendable, Equatable {
        package var name: String
        /// Nil where the part is no file.
        package var fileName: String?
    }

    package enum Event: Sendable, Equatable {
        case part(PartHeader)
        case bytes(ByteBuffer)
        case partEnd
    }

    private enum State { case preamble, afterDelimiter, header, body, epilogue }

    /// Line end, two dashes, the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    // A delimiter at the very start has no line end before it; so one is put there.
    private var buffer = ByteBuffer(string: "\r\n")
    private var endsPart = false

    /// - Parameter contentType: of the request.
    package init(contentType: String) throws(MultipartError) {
        guard let boundary = MultipartParser.parameters(contentType)["boundary"], (1...70).contains(boundary.utf8.count)
        else { throw .noBoundary }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    package mutating func append(_ bytes: ByteBuffer) {
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(bytes)
    }

    /// What comes next; nil where more bytes are needed first.
    package mutating func next() throws(MultipartError) -> Event? {
        while true {
            if endsPart {
                endsPart = false
                state = .afterDelimiter
                return .partEnd
            }
            switch state {
            case .preamble:
                guard skipPreamble() else { return nil }
            case .afterDelimiter:
                guard try skipDelimiterLine() else { return nil }
            case .header:
                return try header().map(Event.part)
            case .body:
                if let bytes = body() { return .bytes(bytes) }
                guard endsPart else { return nil }
            case .epilogue:
                buffer.clear()
                return nil
            }
        }
    }

    /// - Throws: `MultipartError.truncated` where the last delimiter has not come.
    package func finish() throws(MultipartError) {
        guard case .epilogue = state else { throw .truncated }
    }

    private mutating func skipPreamble() -> Bool {
        guard let offset = offset(of: delimiter) else {
            buffer.moveReaderIndex(forwardBy: max(0, buffer.readableBytes - delimiter.count + 1))
            return false
        }
        buffer.moveReaderIndex(forwardBy: offset + delimiter.count)
        state = .afterDelimiter
        return true
    }

    /// The rest of a delimiter's line: dashes end the form. What else stands there is as short as a header.
    private mutating func skipDelimiterLine() throws(MultipartError) -> Bool {
        let view = buffer.readableBytesView
        guard view.count >= 2 else { return false }
        if view.starts(with: Array("--".utf8)) {
            state = .epilogue
            return true
        }
        let end = offset(of: Array("\r\n".utf8))
        // Without a line end, the last byte may be the first half of one.
        guard end ?? view.count - 1 <= RequestLimits.partHeaderBytesMax else {
            throw .partHeaderTooLarge(bytesMax: RequestLimits.partHeaderBytesMax)
        }
        guard let end else { return false }
        buffer.moveReaderIndex(forwardBy: end)
        state = .header
        return true
    }

    /// The header starts with the end of the delimiter's line, so that one without fields ends like any other.
    private mutating func header() throws(MultipartError) -> PartHeader? {
        let end = Array("\r\n\r\n".utf8)
        guard let offset = offset(of: end), offset <= RequestLimits.partHeaderBytesMax else {
            guard buffer.readableBytes <= RequestLimits.partHeaderBytesMax + end.count else {
                throw .partHeaderTooLarge(bytesMax: RequestLimits.partHeaderBytesMax)
            }
            return nil
        }
        let bytes = buffer.readSlice(length: offset) ?? ByteBuffer()
        buffer.moveReaderIndex(forwardBy: end.count)
        state = .body
        return try MultipartParser.partHeader(String(buffer: bytes))
    }

    /// Bytes of the part that are certain to be its own; `endsPart` where its delimiter follows.
    private mutating func body() -> ByteBuffer? {
        guard let offset = offset(of: delimiter) else {
            let certain = buffer.readableBytes - delimiter.count + 1
            return certain > 0 ? buffer.readSlice(length: certain) : nil
        }
        if offset > 0 { return buffer.readSlice(length: offset) }
        buffer.moveReaderIndex(forwardBy: delimiter.count)
        endsPart = true
        return nil
    }

    /// Where a pattern that starts with a carriage return is among the bytes that lie here.
    private func offset(of pattern: [UInt8]) -> Int? {
        let view = buffer.readableBytesView
        var start = view.startIndex
        while let place = view[start...].firstIndex(of: UInt8(ascii: "\r")), place + pattern.count <= view.endIndex {
            if view[place + 1] == pattern[1], view[place..<place + pattern.count].elementsEqual(pattern) {
                return place - view.startIndex
            }
            start = place + 1
        }
        return nil
    }
}

extension MultipartParser {
    private static func partHeader(_ text: String) throws(MultipartError) -> PartHeader {
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .partHeader(why: "a line without a colon") }
            guard line[..<colon].lowercased() == "content-disposition" else { continue }
            let parameters = parameters(String(line[line.index(after: colon)...]))
            guard let name = parameters["name"], !name.isEmpty else { throw .partHeader(why: "a part without a name") }
            return PartHeader(name: name, fileName: parameters["filename"])
        }
        throw .partHeader(why: "no Content-Disposition")
    }

    /// `kind; name=value; name="value"`: the values by their names in small letters.
    static func parameters(_ text: String) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = Substring(text)
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { break }
            let name = rest[..<equals].lowercased()
            rest = rest[rest.index(after: equals)...]
            parameters[name] = value(&rest)
        }
        return parameters
    }

    private static func value(_ rest: inout Substring) -> String {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != ";" }
            rest = rest[value.endIndex...]
            return value.trimmingSuffix { $0 == " " || $0 == "\t" }
        }
        var value = ""
        rest.removeFirst()
        while let character = rest.popFirst(), character != "\"" {
            let escaped = character == "\\" && (rest.first == "\"" || rest.first == "\\")
            value.append(escaped ? rest.removeFirst() : character)
        }
        return value
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return String(text)
    }
}
