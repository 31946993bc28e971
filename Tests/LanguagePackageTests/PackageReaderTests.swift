import Foundation
import LanguagePackage
import TestSupport
import Testing
import Transcript

struct PackageReaderTests {
    private let contents = TypicalTask.heard(sentences: 4)

    @Test func `a text is read while every other part is in ruins`() throws {
        let packed = try PackageWriter.bytes(of: contents)
        let sections = try PackageReader(bytes: packed).sections
        #expect(sections.count == 2 + 20)
        for section in sections {
            guard case .text(let language, .audio) = section.part, !language.isChinese else { continue }
            var damaged = packed
            for other in sections where other.part != section.part {
                for index in other.offset..<other.offset + other.sizeBytes { damaged[index] ^= 0xff }
            }
            let text = try PackageReader(bytes: damaged).text(language, number: "17", source: .audio)
            #expect(text == contents.translation(language, .audio))
        }
    }

    @Test func `a text is read from a file with the bytes of the head and of what it builds on`() throws {
        let folder = try TemporaryFolder()
        try PackageWriter.write(contents, to: folder.path("17.vlpk"))
        let size = try Data(contentsOf: URL(fileURLWithPath: folder.path("17.vlpk"))).count
        for source in TextSource.allCases {
            let file = try PackageFile(path: folder.path("17.vlpk"))
            let reader = try PackageReader(file)
            #expect(file.bytesRead == reader.headBytes)
            #expect(try reader.text(.german, source: source) == contents.translation(.german, source))
            let own = reader.sections.filter { $0.part.isText(.german) }.map(\.sizeBytes)
            #expect(file.bytesRead <= reader.headBytes + own.reduce(0, +))
            #expect(file.bytesRead < size / 2)
        }
    }

    @Test func `what is not there is told`() throws {
        let reader = try PackageReader(bytes: PackageWriter.bytes(of: TypicalTask.written(sentences: 2)))
        #expect(throws: PackageError.noText(.french, .audio)) { try reader.text(.french, source: .audio) }
        #expect(throws: PackageError.noTextNumber("18")) { try reader.text(.french, number: "18", source: .text) }
        #expect(throws: PackageError.noTranscript) { try reader.transcript() }
        #expect(throws: PackageError.notPackage) { try PackageReader(bytes: Array("PK\u{3}\u{4}".utf8)) }
        #expect(throws: PackageError.cutOff) { try PackageReader(bytes: Array("VLPK".utf8)) }
    }

    @Test func `a newer version is told by its number`() throws {
        var packed = try PackageWriter.bytes(of: contents)
        packed[4] = 2
        #expect(throws: PackageError.newerVersion(found: 2, known: 1)) { try PackageReader(bytes: packed) }
    }

    @Test func `every altered byte is noticed`() throws {
        let packed = try PackageWriter.bytes(of: TypicalTask.heard(sentences: 1))
        for index in packed.indices {
            var damaged = packed
            damaged[index] ^= 0x10
            #expect(throws: PackageError.self, "byte \(index)") { try PackageReader(bytes: damaged).contents() }
        }
    }

    @Test func `every cut is noticed`() throws {
        let packed = try PackageWriter.bytes(of: TypicalTask.heard(sentences: 1))
        for count in packed.indices {
            #expect(throws: PackageError.self, "\(count) bytes") {
                try PackageReader(bytes: Array(packed[..<count])).contents()
            }
        }
    }

    @Test func `bytes of strangers give an error or contents, whatever their checksums say`() throws {
        var random = SeededRandom()
        let packed = try PackageWriter.bytes(of: TypicalTask.heard(sentences: 1))
        let sections = try PackageReader(bytes: packed).sections
        var readCount = 0
        for _ in 0..<5_000 {
            var bytes = packed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 13..<bytes.count, using: &random)
                bytes[index] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : bytes[index] ^ 1 << UInt8.random(in: 0..<8, using: &random)
            }
            guard let read = try contents(of: mended(bytes, sections)) else { continue }
            readCount += 1
            // What is read can be packed again.
            _ = try PackageWriter.bytes(of: read)
        }
        // Most flips in numbers and letters make other numbers and letters.
        #expect(readCount > 100)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try contents(of: bytes)
            let start = Array("VLPK\u{1}".utf8) + [UInt8(bytes.count), 0, 0, 0, 0, 0, 0, 0]
            _ = try contents(of: mended(start + bytes, []))
        }
    }

    /// Nil for a package error; other errors are none that a package may give.
    private func contents(of bytes: [UInt8]) throws -> PackageContents? {
        do throws(PackageError) { return try PackageReader(bytes: bytes).contents() } catch { return nil }
    }

    /// With checksums that hold, so that what is behind them is reached. Those of the sections end the head.
    private func mended(_ bytes: [UInt8], _ sections: [PackageSection]) -> [UInt8] {
        var bytes = bytes
        let headEnd = 13 + Int(bytes[5]) + Int(bytes[6]) << 8
        for (index, section) in sections.enumerated() {
            let checksum = crc32(bytes[section.offset..<section.offset + section.sizeBytes])
            put(checksum, in: &bytes, at: headEnd - 4 * (sections.count - index))
        }
        put(crc32(bytes[..<9] + bytes[13..<headEnd]), in: &bytes, at: 9)
        return bytes
    }

    private func put(_ number: UInt32, in bytes: inout [UInt8], at place: Int) {
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt32(index))) }
    }

    /// Bit by bit, as the standard says it.
    private func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in
            (0..<8).reduce(value ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xedb8_8320 : rest >> 1 }
        }
    }
}

extension PackagePart {
    fileprivate func isText(_ language: Language) -> Bool {
        if case .text(language, _) = self { true } else { false }
    }
}
