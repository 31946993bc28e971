/// Size and hash of bytes that somebody published.
package struct FileDigest: Decodable, Equatable, Sendable {
    package let sizeBytes: Int
    /// In lower-case hexadecimal, 64 digits.
    package let sha256: String
}

/// What the catalog knows of a file before anybody sends it; never nothing.
package enum FilePin: Equatable, Sendable {
    /// The file itself.
    case raw(FileDigest)
    /// Its compressed form: what these bytes unpack to is the file.
    case compressed(FileDigest)
    case both(raw: FileDigest, compressed: FileDigest)
    /// Its size, and as many of its hash's first digits as are published, often none. The index of the bucket has the
    /// whole hash; where no index is asked, the first pull records what it received.
    case partial(sizeBytes: Int, sha256Begins: String)
}

/// A file of a model folder.
package struct ModelFile: Equatable, Sendable {
    /// Largest file that is unpacked without its size being pinned; the largest published one has 7 MB.
    package static let unpackedBytesMax = 64 << 20

    /// Its path below the folder.
    package let name: String
    package let pin: FilePin

    /// Size of the file; nil where only its compressed form is pinned.
    package var sizeBytes: Int? {
        switch pin {
        case .raw(let raw), .both(let raw, _): raw.sizeBytes
        case .partial(let sizeBytes, _): sizeBytes
        case .compressed: nil
        }
    }

    /// Hash of the file, where the catalog has all of it.
    package var sha256: String? {
        switch pin {
        case .raw(let raw), .both(let raw, _): raw.sha256
        case .compressed, .partial: nil
        }
    }

    package var compressed: FileDigest? {
        switch pin {
        case .compressed(let compressed), .both(_, let compressed): compressed
        case .raw, .partial: nil
        }
    }

    /// What a pull receives, as far as the catalog tells: the compressed size where there is one.
    package var downloadBytes: Int { compressed?.sizeBytes ?? sizeBytes ?? 0 }

    /// Whether a file of that size and hash may be this one; says nothing where only the compressed form is pinned.
    func allows(_ found: FileDigest) -> Bool {
        switch pin {
        case .raw(let raw), .both(let raw, _): raw == found
        case .partial(let size, let begins): found.sizeBytes == size && found.sha256.hasPrefix(begins)
        case .compressed: found.sizeBytes <= ModelFile.unpackedBytesMax
        }
    }
}

extension ModelFile: Decodable {
    private enum Key: String, CodingKey { case name, sizeBytes, sha256, sha256Begins, compressed }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        name = try values.decode(String.self, forKey: .name)
        let size = try values.decodeIfPresent(Int.self, forKey: .sizeBytes)
        let hash = try values.decodeIfPresent(String.self, forKey: .sha256)
        let begins = try values.decodeIfPresent(String.self, forKey: .sha256Begins)
        let compressed = try values.decodeIfPresent(FileDigest.self, forKey: .compressed)
        switch (size, hash, begins, compressed) {
        case (let size?, let hash?, nil, nil): pin = .raw(FileDigest(sizeBytes: size, sha256: hash))
        case (let size?, let hash?, nil, let compressed?):
            pin = .both(raw: FileDigest(sizeBytes: size, sha256: hash), compressed: compressed)
        case (nil, nil, nil, let compressed?): pin = .compressed(compressed)
        case (let size?, nil, let begins, nil): pin = .partial(sizeBytes: size, sha256Begins: begins ?? "")
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .sizeBytes, in: values, debugDescription: "\(name) is not pinned in a way that is known")
        }
    }

    /// Whether sizes and hashes can be some.
    var isSound: Bool {
        let whole = [compressed?.sha256, sha256].compactMap { $0 }
        guard whole.allSatisfy({ $0.count == 64 && isHexadecimal($0) }), downloadBytes >= 0, sizeBytes ?? 0 >= 0
        else { return false }
        guard case .partial(_, let begins) = pin else { return true }
        return begins.count < 64 && isHexadecimal(begins)
    }

    private func isHexadecimal(_ text: String) -> Bool { text.allSatisfy("0123456789abcdef".contains) }
}
