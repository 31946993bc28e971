import Audio
import Catalog
import Inference
import LanguagePackage
import Marian
import Store
import Text
import Transcript
import Whisper

/// What ends a stage, by whose error it is.
package enum StageFailure: Error {
    case audio(AudioError)
    case speechModel(ModelError)
    case weights(SafetensorsError)
    case translationModel(MarianError)
    case catalog(CatalogError)
    case transcription(TranscriptionError)
    case text(TextError)
    case accuracy(AccuracyError)
    case transcript(TranscriptError)
    case store(StoreError)
    case package(PackageError)
    case delivery(DeliveryError)
    case stage(StageError)
    /// Of the system or a library.
    case other(String)

    package init(_ error: any Error) {
        self =
            switch error {
            case let error as StageFailure: error
            case let error as AudioError: .audio(error)
            case let error as ModelError: .speechModel(error)
            case let error as SafetensorsError: .weights(error)
            case let error as MarianError: .translationModel(error)
            case let error as CatalogError: .catalog(error)
            case let error as TranscriptionError: .transcription(error)
            case let error as TextError: .text(error)
            case let error as AccuracyError: .accuracy(error)
            case let error as TranscriptError: .transcript(error)
            case let error as StoreError: .store(error)
            case let error as PackageError: .package(error)
            case let error as DeliveryError: .delivery(error)
            case let error as StageError: .stage(error)
            default: .other(String(describing: type(of: error)))
            }
    }
}

extension StageFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .audio(let error): error.description
        case .speechModel(let error): error.description
        case .weights(let error): error.description
        case .translationModel(let error): error.description
        case .catalog(let error): error.description
        case .transcription(let error): error.description
        case .text(let error): error.description
        case .accuracy(let error): error.description
        case .transcript(let error): error.description
        case .store(let error): error.description
        case .package(let error): error.description
        case .delivery(let error): error.description
        case .stage(let error): error.description
        case .other(let type): "an unexpected error (\(type)); the log of the service has its place"
        }
    }
}
