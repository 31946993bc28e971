import Foundation
import Inference
import Testing

struct MappedFileTests {
    @Test func `a mapped file gives its bytes, after a release too`() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try withMappedFile(bytes) { file in
            #expect(file.count == bytes.count)
            #expect(file.data(17..<9_999) == Array(bytes[17..<9_999]))
            file.release()
            #expect(file.data(0..<10_000) == bytes)
        }
    }

    @Test func `an empty file has no bytes`() throws {
        try withMappedFile([]) { file in
            #expect(file.count == 0)
            #expect(file.data(0..<0) == [])
            file.release()
        }
    }

    @Test(arguments: [
        ("/tmp/there/is/nothing/here", POSIXErrorCode.ENOENT), ("/proc/self/exe/inside", .ENOTDIR), ("/tmp", .EINVAL),
        ("/dev/null", .EINVAL),
    ])
    func `what is no plain file is an error with its code`(_ path: String, _ code: POSIXErrorCode) {
        #expect(throws: POSIXError(code)) { try MappedFile(path: path) }
    }

    @Test func `reading past the end of a mapped file traps`() async {
        await #expect(processExitsWith: .trap) { try withMappedFile([1, 2, 3]) { print($0.data(1..<4)) } }
        await #expect(processExitsWith: .trap) { try withMappedFile([1, 2, 3]) { print($0.data(-1..<2)) } }
        await #expect(processExitsWith: .trap) { try withMappedFile([]) { print($0.data(0..<1)) } }
    }

    @Test func `fields are little-endian and end with the file`() throws {
        try withMappedFile([0xff, 0x01, 0x02, 0x03, 0x04, 0x80, 0x09]) { file in
            var fields = FieldReader(file)
            #expect(fields.integer(UInt8.self) == 0xff)
            #expect(fields.integer(UInt32.self) == 0x0403_0201)
            #expect(fields.remaining == 2)
            #expect(fields.integer(UInt32.self) == nil)
            #expect(fields.integer(Int16.self) == 0x0980)
            #expect(fields.integer(UInt8.self) == nil)
            #expect(fields.offset == 7)
        }
    }

    @Test func `skipping stays inside the file`() throws {
        try withMappedFile([UInt8](repeating: 0, count: 10)) { file in
            var fields = FieldReader(file)
            #expect(fields.skip(4) == 0..<4)
            #expect(fields.skip(7) == nil)
            #expect(fields.skip(-1) == nil)
            #expect(fields.skip(.max) == nil)
            #expect(fields.skip(6) == 4..<10)
            #expect(fields.skip(0) == 10..<10)
        }
    }
}
