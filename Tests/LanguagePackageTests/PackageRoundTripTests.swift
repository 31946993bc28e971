import Foundation
import LanguagePackage
import TestSupport
import Testing
import Transcript

struct PackageRoundTripTests {
    @Test(arguments: [1, 2, 4, 10])
    func `a task comes back as it was, to the last bit`(sentences: Int) throws {
        for contents in [TypicalTask.heard(sentences: sentences), TypicalTask.written(sentences: sentences)] {
            let packed = try PackageWriter.bytes(of: contents)
            let back = try PackageReader(bytes: packed).contents()
            #expect(back == contents)
            #expect(try back.compactJSON == contents.compactJSON)
        }
    }

    @Test(arguments: [1, 2, 4, 10])
    func `a package is a fifth of its JSON, and less than that JSON by zstd`(sentences: Int) throws {
        for contents in [TypicalTask.heard(sentences: sentences), TypicalTask.written(sentences: sentences)] {
            let savings = try PackageSavings(contents)
            print(sentences, contents.kind, savings)
            #expect(savings.saved >= 0.8)
            #expect(savings.package < savings.compactJSONCompressed)
            #expect(savings.package < savings.indentedJSONCompressed)
        }
    }
}
