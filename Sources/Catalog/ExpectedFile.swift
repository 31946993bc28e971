/// What bytes on their way have to be.
struct ExpectedFile {
    let name: String
    /// How many there may be; one number where that is known.
    let sizes: ClosedRange<Int>
    /// The first digits of their hash, as many as are known.
    let sha256Begins: String

    /// - Parameter sizeBytes: nil where nobody knows; then there may be `sizeBytesMax`.
    init(_ name: String, sizeBytes: Int?, sizeBytesMax: Int = .max, sha256Begins: String = "") {
        self.name = name
        sizes = sizeBytes.map { $0...$0 } ?? 0...sizeBytesMax
        self.sha256Begins = sha256Begins
    }

    /// - Parameter announced: what the index of a source says of the file.
    init(_ file: ModelFile, announced: FileDigest? = nil) {
        let begins = if case .partial(_, let begins) = file.pin { begins } else { "" }
        self.init(
            file.name, sizeBytes: file.sizeBytes ?? announced?.sizeBytes, sizeBytesMax: ModelFile.unpackedBytesMax,
            sha256Begins: file.sha256 ?? announced?.sha256 ?? begins)
    }

    var isExact: Bool { sizes.lowerBound == sizes.upperBound }

    /// - Throws: `CatalogError.wrongSize`, or `tooLarge` where not one size is expected.
    func check(sizeBytes: Int) throws(CatalogError) {
        guard !sizes.contains(sizeBytes) else { return }
        if isExact { throw .wrongSize(file: name, expected: sizes.upperBound, found: sizeBytes) }
        throw .tooLarge(file: name, limitBytes: sizes.upperBound)
    }
}
