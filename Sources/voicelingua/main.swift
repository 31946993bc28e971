import Foundation
import Inference
import Whisper

let arguments = CommandLine.arguments
let threads = ComputeThreads(Int(arguments[2])!)
let precision = Precision(rawValue: arguments[3])!
let beam = Int(arguments[4])!
let model = try WhisperModel(folder: arguments[1], precision: precision, threads: threads)
let mel = LogMel(melCount: 80)
let w = EncoderWorkspace(model.dimensions, precision: precision, threads: threads.count)
let dw = DecoderWorkspace(model.dimensions, threads: threads.count)
let special = SpecialTokens(vocabularyCount: model.dimensions.vocabularyCount, endOfText: 50257, isMultilingual: true)
var options = DecodingOptions()
options.beamSize = beam
let decoder = WindowDecoder(model: model, special: special, options: options, threads: threads, workspace: dw) { _ in 1 }
let codes = "en,zh,de,es,ru,ko,fr,ja,pt,tr,pl,ca,nl,ar,sv,it".split(separator: ",").map(String.init)
for line in try String(contentsOfFile: "/work/shared/audio/manifest.tsv", encoding: .utf8).split(separator: "\n").dropFirst() {
    let f = line.split(separator: "\t").map(String.init)
    if f[0].contains("long") { continue }
    let start = ContinuousClock.now
    let data = try Data(contentsOf: URL(fileURLWithPath: "/work/shared/audio/" + f[0]))
    let pcm = stride(from: 44, to: data.count - 1, by: 2).map { Float(Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)) / 32768 }
    let m = mel.spectrogram(pcm[...], kernels: model.kernels, threads: threads)
    let e = model.encoder.encode(m, workspace: w, kernels: model.kernels, threads: threads)
    let encoded = ContinuousClock.now
    let win = model.decoder.window(of: e, frames: m.rows, precision: precision, workspace: dw, kernels: model.kernels, threads: threads)
    decoder.submit(WindowRequest(window: win, prompt: [50258, 50259 + codes.firstIndex(of: f[1])!, 50359], startOfTranscript: 0, seed: 1), id: 0)
    var r: DecodedWindow?
    while r == nil { r = decoder.step().first?.result }
    FileHandle.standardError.write(Data("\(f[0]) encode \(encoded - start) decode \(ContinuousClock.now - encoded) tokens \(r!.tokens.count)\n".utf8))
    print("\(f[0])\t\(r!.tokens)\t\(r!.averageLogProbability)\t\(r!.noSpeechProbability)\t\(r!.temperature)")
}
