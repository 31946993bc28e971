import Transcript

extension PackageContents {
    /// What the head tells.
    ///
    /// - Throws: `PackageError.malformed`.
    init(_ head: PackageHead) throws(PackageError) {
        let languages = head.languages.compactMap(Language.init)
        let isNumber = !head.hasSourceLanguageProbability || head.sourceLanguageProbability.isFinite
        guard languages.count == head.languages.count, isNumber else { throw .malformed(part: .head) }
        self.init(
            taskID: head.taskID, kind: head.isTextTask ? .text : .audio,
            textNumber: head.hasTextNumber ? head.textNumber : nil, createdMs: head.createdMs,
            finishedMs: head.createdMs &+ head.finishedAfterMs,
            sourceLanguage: head.hasSourceLanguage ? head.sourceLanguage : nil,
            sourceLanguageProbability: head.hasSourceLanguageProbability ? head.sourceLanguageProbability : nil,
            languages: languages, models: head.models.map { Model(name: $0.name, version: $0.version) },
            text: head.written.hasText ? head.written.text : nil)
    }
}

extension PackageHead {
    /// The sections, one behind the other.
    ///
    /// - Throws: `PackageError.malformed`, `.tooManyTexts`.
    func sections(checksums: ArraySlice<UInt8>, from first: Int) throws(PackageError) -> [PackageSection] {
        let count = sectionKinds.count
        guard count <= PackageWriter.sectionsMax else {
            throw .tooManyTexts(count: count, countMax: PackageWriter.sectionsMax)
        }
        guard sectionLanguages.count == count, sectionBytes.count == count, sectionBases.count == count,
            checksums.count == 4 * count
        else { throw .malformed(part: .head) }
        let codes = languages + moreLanguages
        var sections: [PackageSection] = []
        var offset = first
        for index in 0..<count {
            let (place, back) = (Int(sectionLanguages[index]), Int(sectionBases[index]))
            let language = codes.indices.contains(place) ? Language(rawValue: codes[place]) : nil
            guard let part = PackagePart(kindNumber: sectionKinds[index], language: language), back <= index,
                !sections.contains(where: { $0.part == part })
            else { throw .malformed(part: .head) }
            let checksum = PackageLayout.number(checksums.dropFirst(4 * index))
            sections.append(
                PackageSection(
                    part: part, offset: offset, sizeBytes: Int(sectionBytes[index]), checksum: checksum,
                    base: back == 0 ? nil : index - back))
            offset += Int(sectionBytes[index])
        }
        return sections
    }
}
