import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// A form that has arrived: its fields, and its file.
struct Form {
    /// What becomes of the file of a form.
    enum FileUse { case recording(Blobs), text }

    /// Values by field, in the order they came.
    var fields: [String: [String]] = [:]
    /// The name the caller gave the file.
    var fileName: String?
    /// A recording, on the disk.
    var recording: ReceivedFile?
    /// A text file.
    var text: ByteBuffer?

    func first(_ name: String) -> String? { fields[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }

    /// Values of a field that may also be written as `name[]`.
    func all(_ name: String) -> [String] { ((fields[name] ?? []) + (fields[name + "[]"] ?? [])).filter { !$0.isEmpty } }

    /// Gives up what lies on the disk.
    func abandon() async { await recording?.abandon() }
}

/// Reads a form while it arrives.
struct FormReader {
    private let settings: APISettings
    /// The one field that may be a file.
    private let fileField: String
    private let use: Form.FileUse
    /// Fields that hold texts to work on.
    private let longFields: Set<String>

    private var parser: MultipartParser
    private var form = Form()
    private var field: (name: String, value: ByteBuffer)?
    private var isInFile = false

    /// Looks at the head of a request, before any of its body is asked for.
    ///
    /// - Throws: `Malformed`.
    init(
        _ head: HTTPRequest, _ settings: APISettings, fileField: String, use: Form.FileUse,
        longFields: Set<String> = []
    ) throws {
        let type = head.headerFields[.contentType]
        guard let type, type.lowercased().hasPrefix("multipart/form-data") else {
            throw Malformed.contentType(found: type, wanted: "multipart/form-data")
        }
        do { parser = try MultipartParser(contentType: type) } catch { throw Malformed.multipart(error) }
        self.settings = settings
        self.fileField = fileField
        self.use = use
        self.longFields = longFields
        if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > bytesMax {
            throw Malformed.tooLarge(bytesMax: fileBytesMax)
        }
    }

    private var fileBytesMax: Int {
        switch use {
        case .recording: settings.uploadBytesMax
        case .text: settings.textBytesMax
        }
    }

    private var bytesMax: Int {
        fileBytesMax + longFields.count * settings.textBytesMax + RequestLimits.formOverheadBytesMax
    }

    /// - Throws: `Malformed`, `Refused.slow`, `StoreError`; nothing of a file is left behind then.
    mutating func read(_ body: RequestBody) async throws -> Form {
        do {
            try await take(body)
            return form
        } catch {
            await form.abandon()
            guard let error = error as? MultipartError else { throw error }
            throw Malformed.multipart(error)
        }
    }

    private mutating func take(_ body: RequestBody) async throws {
        let deadline = BodyDeadline(secondsMax: settings.formSecondsMax)
        var sizeBytes = 0
        for try await chunk in body {
            try deadline.check()
            sizeBytes += chunk.readableBytes
            guard sizeBytes <= bytesMax else { throw Malformed.tooLarge(bytesMax: fileBytesMax) }
            parser.append(chunk)
            while let event = try parser.next() { try await take(event) }
        }
        try parser.finish()
    }

    private mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .part(let header): try begin(header)
        case .bytes(let bytes): try await append(bytes)
        case .partEnd:
            if let field {
                form.fields[field.name, default: []].append(String(buffer: field.value))
            }
            field = nil
            isInFile = false
        }
    }

    private mutating func begin(_ header: MultipartParser.PartHeader) throws {
        guard header.name == fileField else {
            guard header.fileName == nil else {
                throw Malformed.field(name: header.name, why: "only \(fileField) may be a file")
            }
            guard form.fields.values.reduce(0, { $0 + $1.count }) < RequestLimits.fieldCountMax else {
                throw Malformed.field(
                    name: header.name, why: "a form has at most \(RequestLimits.fieldCountMax) fields")
            }
            field = (header.name, ByteBuffer())
            return
        }
        guard form.recording == nil, form.text == nil else {
            throw Malformed.field(name: fileField, why: "only one file comes with a form")
        }
        form.fileName = header.fileName
        isInFile = true
        switch use {
        case .recording(let blobs): form.recording = try ReceivedFile(blobs: blobs, field: fileField)
        case .text: form.text = ByteBuffer()
        }
    }

    private mutating func append(_ bytes: ByteBuffer) async throws {
        if isInFile {
            if let recording = form.recording {
                guard recording.sizeBytes + bytes.readableBytes <= settings.uploadBytesMax else {
                    throw Malformed.tooLarge(bytesMax: settings.uploadBytesMax)
                }
                return try await recording.append(bytes)
            }
            guard (form.text?.readableBytes ?? 0) + bytes.readableBytes <= settings.textBytesMax else {
                throw Malformed.tooLarge(bytesMax: settings.textBytesMax)
            }
            form.text?.writeImmutableBuffer(bytes)
            return
        }
        guard let name = field?.name else { return }
        let bytesMax = longFields.contains(name) ? settings.textBytesMax : RequestLimits.fieldBytesMax
        guard (field?.value.readableBytes ?? 0) + bytes.readableBytes <= bytesMax else {
            throw Malformed.field(name: name, why: "it has more than \(bytesMax) bytes")
        }
        field?.value.writeImmutableBuffer(bytes)
    }
}
