import Foundation
import Inference
import Whisper

func timed<T>(_ name: String, _ body: () throws -> T) rethrows -> T {
    let start = ContinuousClock.now
    defer { print(name, ContinuousClock.now - start) }
    return try body()
}
let arguments = CommandLine.arguments
let threads = ComputeThreads(Int(arguments[2])!)
let precision = Precision(rawValue: arguments[3])!
let model = try timed("load") { try WhisperModel(folder: arguments[1], precision: precision, threads: threads) }
_ = try timed("load") { try WhisperModel(folder: arguments[1], precision: precision, threads: threads) }
let data = try Data(contentsOf: URL(fileURLWithPath: arguments[4]))
let pcm = stride(from: 44, to: data.count - 1, by: 2).map { Float(Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)) / 32768 }
let mel = LogMel(melCount: 80)
let w = EncoderWorkspace(model.dimensions, precision: precision, threads: threads.count)
let dw = DecoderWorkspace(model.dimensions, threads: threads.count)
var m = mel.spectrogram(pcm[...], kernels: model.kernels, threads: threads)
func dump(_ name: String, _ x: Matrix<Float>) {
    if arguments.count > 5 { try! unsafe x.array.withUnsafeBytes { unsafe Data($0) }.write(to: URL(fileURLWithPath: arguments[5] + name)) }
}
dump("mel", m)
for _ in 0..<5 {
    m = timed("mel") { mel.spectrogram(pcm[...], kernels: model.kernels, threads: threads) }
    let e = timed("encode") { model.encoder.encode(m, workspace: w, kernels: model.kernels, threads: threads) }
    let win = timed("cross") { model.decoder.window(of: e, frames: m.rows, precision: precision, workspace: dw, kernels: model.kernels, threads: threads) }
    _ = win
}
let e = model.encoder.encode(m, workspace: w, kernels: model.kernels, threads: threads) { dump("layer\($0)", $1) }
_ = e
