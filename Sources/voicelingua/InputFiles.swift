import Audio
import Foundation

/// What one call is to transcribe: files as they are named, the recordings below folders, standard input.
struct InputFiles {
    enum Input: Equatable {
        case file(path: String)
        case standardInput

        /// What people are told it is called.
        var name: String {
            switch self {
            case .file(let path): path
            case .standardInput: "-"
            }
        }

        /// The name of its result, without extension.
        var stem: String {
            switch self {
            case .file(let path): URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            case .standardInput: "stdin"
            }
        }

        func open() throws(AudioError) -> AudioReader {
            switch self {
            case .file(let path): try AudioReader(path: path)
            case .standardInput: try AudioReader(standardInput: AudioLimits())
            }
        }
    }

    private(set) var inputs: [Input] = []
    /// Folders that give nothing.
    private(set) var errors: [CommandError] = []

    /// Files of one call: more are a folder named by mistake.
    static let filesMax = 10_000
    /// Endings of the names taken from a folder, those of the containers that are read. `.ts` is left out: most files
    /// of that name are programs.
    private static let extensions = Set(
        """
        3g2 3gp aac ac3 aif aifc aiff amr ape asf au avi caf dsf dts eac3 f4v flac flv m2ts m4a m4b m4v mka mkv mlp \
        mov mp2 mp3 mp4 mpc mpeg mpg mts mxf nut oga ogg ogv opus ra rm snd sox spx tak thd tta voc w64 wav wave weba \
        webm wma wmv wv
        """.split(separator: " ").map(String.init))

    /// - Parameter names: of files and folders; `-` is standard input.
    /// - Throws: `CommandError.tooManyFiles`.
    init(_ names: [String]) throws(CommandError) {
        for name in names {
            if name == "-" {
                try add(.standardInput)
            } else if kind(name, following: true) == S_IFDIR {
                let before = inputs.count + errors.count
                try walk(name)
                if inputs.count + errors.count == before { errors.append(.noAudio(folder: name)) }
            } else {
                // One that is missing is the audio reader's to report.
                try add(.file(path: name))
            }
        }
    }

    private mutating func add(_ input: Input) throws(CommandError) {
        guard inputs.count < InputFiles.filesMax else { throw .tooManyFiles(filesMax: InputFiles.filesMax) }
        inputs.append(input)
    }

    /// Takes the recordings of a folder and of those below it, in the order of their names; links to folders are not
    /// followed, as they may lead in circles.
    private mutating func walk(_ folder: String) throws(CommandError) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
            errors.append(.unreadableFolder(folder: folder))
            return
        }
        for name in names where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            if kind(path, following: false) == S_IFDIR {
                try walk(path)
            } else if InputFiles.extensions.contains(URL(fileURLWithPath: path).pathExtension.lowercased()),
                kind(path, following: true) == S_IFREG
            {
                try add(.file(path: path))
            }
        }
    }
}

/// What stands under a name; nil when nothing does.
private func kind(_ path: String, following: Bool) -> mode_t? {
    var status = stat()
    return unsafe (following ? stat(path, &status) : lstat(path, &status)) == 0 ? status.st_mode & S_IFMT : nil
}
