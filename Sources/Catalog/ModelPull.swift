import Foundation

extension ModelCache {
    /// Installs a model; one that is there and unaltered is left alone and needs no network.
    ///
    /// Files come into `partial/NAME`, each written beside and renamed; the manifest is written last and the folder
    /// gets its place by one rename. So whatever breaks off leaves no model, and the next pull takes up what is whole.
    /// Blocks the thread until it is done.
    ///
    /// - Returns: the folder of the model.
    /// - Throws: `CatalogError`, the one of the source, or `noSource` when several failed.
    @discardableResult
    package func pull(_ model: ModelEntry, options: PullOptions) throws(CatalogError) -> ModelFolder {
        if let installed = folder(of: model), installed.verify().isEmpty { return installed }
        let partial = root + "/" + ModelCache.partialFolder
        do { try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true) } catch {
            throw .disk(path: partial, reason: error.localizedDescription)
        }
        let lock = try FileLock(path: "\(partial)/\(model.name).lock") { options.progress(.waiting(model: model.name)) }
        defer { withExtendedLifetime(lock) {} }
        let staging = "\(partial)/\(model.name)"
        let pull = ModelPull(model: model, staging: staging, final: path(of: model.name), options: options)
        if let installed = folder(of: model) {
            // Another process may have finished it meanwhile.
            let findings = installed.verify()
            if findings.isEmpty { return installed }
            try pull.removeAltered(findings)
        }
        return try pull.run()
    }
}

/// One pull, with the lock of its model held.
private struct ModelPull {
    let model: ModelEntry
    let staging: String
    let final: String
    let options: PullOptions

    func run() throws(CatalogError) -> ModelFolder {
        try demote()
        try keepWholeFiles()
        let fetch = ModelFetch(model: model, staging: staging, options: options)
        try fetch.run()
        try writeManifest()
        try options.beforeDiskStep(final)
        try rename(staging, to: final)
        try fetch.clean()
        guard let folder = ModelFolder(path: final, model: model) else {
            throw .disk(path: final, reason: "the folder changed while it was installed")
        }
        return folder
    }

    /// Removes altered files where they lie, for one without a published hash could not be told from a good one later.
    func removeAltered(_ findings: [FileFinding]) throws(CatalogError) {
        for finding in findings {
            switch finding {
            case .altered(let file, _, _), .unreadable(let file, _), .extra(let file):
                try options.beforeDiskStep(final + "/" + file)
                try remove(final + "/" + file)
            case .missing: continue
            }
        }
    }

    /// Takes an altered model, or one of an older catalog, out of sight; its good files serve the new one.
    private func demote() throws(CatalogError) {
        guard FileManager.default.fileExists(atPath: final) else { return }
        try options.beforeDiskStep(staging)
        try remove(staging)
        try options.beforeDiskStep(final)
        try rename(final, to: staging)
    }

    /// Removes from the staging folder what is no finished file of the model, or part of one.
    private func keepWholeFiles() throws(CatalogError) {
        // That of a model that was altered, or belongs to an older catalog.
        let manifest = ModelManifest(folder: staging)
        for name in plainFiles(below: staging) {
            let isPart = model.files.contains { name == $0.name + ".part" || name == $0.name + ".part.etag" }
            guard !isPart, try !isWhole(name, recorded: manifest?.files.first { $0.name == name }) else { continue }
            try options.beforeDiskStep(staging + "/" + name)
            try remove(staging + "/" + name)
        }
    }

    private func isWhole(_ name: String, recorded: ModelManifest.File?) throws(CatalogError) -> Bool {
        guard let file = model.files.first(where: { $0.name == name }), let size = fileSize(staging + "/" + name)
        else { return false }
        guard case .compressed = file.pin else {
            guard size == file.sizeBytes else { return false }
            return file.allows(FileDigest(sizeBytes: size, sha256: try hash(of: name)))
        }
        // What its compressed form was, the manifest alone remembers.
        guard let recorded, recorded.isThat(of: file) else { return false }
        return try hash(of: name) == recorded.sha256
    }

    private func hash(of name: String) throws(CatalogError) -> String {
        do { return try sha256(ofFile: staging + "/" + name) } catch {
            throw .disk(path: staging + "/" + name, reason: error.localizedDescription)
        }
    }

    private func writeManifest() throws(CatalogError) {
        var files: [ModelManifest.File] = []
        for file in model.files {
            try files.append(record(file))
        }
        for name in plainFiles(below: staging) where !model.files.contains(where: { $0.name == name }) {
            try options.beforeDiskStep(staging + "/" + name)
            try remove(staging + "/" + name)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let path = staging + "/" + ModelManifest.fileName
        do {
            let json = try encoder.encode(ModelManifest(model: model.name, files: files))
            let part = try PartFile(
                ExpectedFile(ModelManifest.fileName, sizeBytes: json.count), path: path, options: options)
            try part.startOver()
            try part.append(json)
            try part.finish()
        } catch let error as CatalogError { throw error } catch {
            throw .disk(path: path, reason: error.localizedDescription)
        }
    }

    private func record(_ file: ModelFile) throws(CatalogError) -> ModelManifest.File {
        // What is pinned was checked when it was written, or taken up.
        if let sizeBytes = file.sizeBytes, let sha256 = file.sha256 {
            return .init(name: file.name, sizeBytes: sizeBytes, sha256: sha256, isPinned: true, compressedSha256: nil)
        }
        let found = try hash(of: file.name)
        let compressed = file.compressed?.sha256
        if compressed == nil { options.progress(.recorded(file: file.name, sha256: found)) }
        return .init(
            name: file.name, sizeBytes: fileSize(staging + "/" + file.name) ?? 0, sha256: found,
            isPinned: compressed != nil, compressedSha256: compressed)
    }
}
