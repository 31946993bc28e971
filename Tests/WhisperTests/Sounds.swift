import Foundation
import TestSupport

/// Sounds without a word in them, made of arithmetic.
enum Sound: String, CaseIterable, Sendable {
    case silence, clicks
    case whiteNoiseFaint, whiteNoise, whiteNoiseLoud
    case pinkNoise, brownNoise, noiseInSyllables
    case hum50Hz, tone440Hz, tone3kHz, squareWave, clippedTone
    case siren, dialTones, telephoneRinging
    case drumMachine, chordsWithDrums, melodyWithVibrato, organChords
    case engine, crowdOfTones

    static let rate = 16_000.0

    func samples(seconds: Double) -> [Float] {
        var source = SeededRandom(seed: UInt64(rawValue.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        let count = Int(seconds * Sound.rate)
        switch self {
        case .silence: return [Float](repeating: 0, count: count)
        case .clicks: return (0..<count).map { $0 % 8_000 < 3 ? 0.8 : 0 }
        case .whiteNoiseFaint: return source.floats(count, limit: 0.002)
        case .whiteNoise: return source.floats(count, limit: 0.1)
        case .whiteNoiseLoud: return source.floats(count, limit: 0.9)
        case .pinkNoise: return pink(count, &source)
        case .brownNoise:
            var level: Float = 0
            return source.floats(count, limit: 0.02).map {
                level = level * 0.998 + $0
                return level
            }
        case .noiseInSyllables:
            return source.floats(count, limit: 0.3).enumerated().map { $1 * pow(abs(wave(2, $0)), 3) }
        case .hum50Hz: return tones(count, [(50, 0.2), (100, 0.1), (150, 0.08), (250, 0.04), (350, 0.02)])
        case .tone440Hz: return tones(count, [(440, 0.3)])
        case .tone3kHz: return tones(count, [(3_000, 0.3)])
        case .squareWave: return (0..<count).map { wave(220, $0) > 0 ? 0.3 : -0.3 }
        case .clippedTone: return (0..<count).map { max(-0.9, min(0.9, 4 * wave(180, $0) + wave(270, $0))) }
        case .siren:
            var phase: Float = 0
            return (0..<count).map {
                phase += (900 + 500 * wave(0.4, $0)) / 16_000
                phase -= phase.rounded(.down)
                return 0.4 * sin(2 * .pi * phase)
            }
        case .dialTones:
            let pairs: [(Float, Float)] = [(697, 1_209), (770, 1_336), (852, 1_477), (941, 1_336), (697, 1_477)]
            return (0..<count).map { index in
                let (low, high) = pairs[index / 4_000 % pairs.count]
                return index % 4_000 < 2_400 ? 0.2 * (wave(low, index) + wave(high, index)) : 0
            }
        case .telephoneRinging:
            return (0..<count).map { index in
                index % 96_000 < 32_000 ? 0.2 * (wave(440, index) + wave(480, index)) * (1 + wave(20, index)) / 2 : 0
            }
        case .drumMachine: return drums(count, &source)
        case .chordsWithDrums:
            return zip(chords(count, vibratoHz: 5), drums(count, &source)).map { 0.6 * $0 + 0.5 * $1 }
        case .melodyWithVibrato: return melody(count)
        case .organChords: return chords(count, vibratoHz: 0)
        case .engine:
            let noise = source.floats(count, limit: 0.1)
            return (0..<count).map { index in
                let throb = pow(abs(wave(13, index)), 4)
                return throb * (0.4 * wave(61, index) + 0.3 * wave(92, index) + noise[index])
            }
        case .crowdOfTones:
            let voices = (0..<24).map { _ in
                (Float.random(in: 100...1_200, using: &source), Float.random(in: 0.5...4, using: &source))
            }
            return (0..<count).map { index in
                voices.reduce(0) { $0 + 0.03 * wave($1.0, index) * (1 + wave($1.1, index)) }
            }
        }
    }

    /// sin of a frequency at a sample; the phase is folded first, so that ten minutes stay exact.
    private func wave(_ hz: Float, _ index: Int) -> Float {
        let turns = Double(hz) * Double(index) / Sound.rate
        return sin(2 * .pi * Float(turns - turns.rounded(.down)))
    }

    private func tones(_ count: Int, _ parts: [(hz: Float, level: Float)]) -> [Float] {
        (0..<count).map { index in parts.reduce(0) { $0 + $1.level * wave($1.hz, index) } }
    }

    /// White noise through poles an octave or two apart.
    private func pink(_ count: Int, _ source: inout SeededRandom) -> [Float] {
        let poles: [(keep: Float, take: Float)] = [(0.997, 0.03), (0.985, 0.06), (0.95, 0.11), (0.85, 0.2), (0.55, 0.35)]
        var levels = [Float](repeating: 0, count: poles.count)
        return source.floats(count, limit: 0.4).map { white in
            for (index, pole) in poles.enumerated() { levels[index] = levels[index] * pole.keep + white * pole.take }
            return levels.reduce(0, +) * 0.4
        }
    }

    /// Kick, snare and hi-hat at 120 beats a minute.
    private func drums(_ count: Int, _ source: inout SeededRandom) -> [Float] {
        let noise = source.floats(count)
        return (0..<count).map { index in
            let (beat, sinceBeat, sinceHat) = (index / 8_000 % 4, index % 8_000, index % 4_000)
            let t = Float(sinceBeat) / 16_000
            let kick = beat % 2 == 0 ? exp(-9 * t) * sin(2 * .pi * (55 * t + 4 * (1 - exp(-30 * t)))) : 0
            let snare = beat % 2 == 1 ? exp(-18 * t) * (0.6 * noise[index] + 0.4 * sin(2 * .pi * 190 * t)) : 0
            let hat = exp(-80 * Float(sinceHat) / 16_000) * noise[index] * 0.3
            return 0.6 * kick + 0.5 * snare + hat
        }
    }

    /// Four triads, two seconds each, five partials a note.
    private func chords(_ count: Int, vibratoHz: Float) -> [Float] {
        let roots: [[Float]] = [[261.6, 329.6, 392], [220, 261.6, 329.6], [174.6, 220, 261.6], [196, 246.9, 293.7]]
        return (0..<count).map { index in
            let bend = vibratoHz > 0 ? 0.9 * sin(2 * .pi * vibratoHz * Float(index % 160_000) / 16_000) : 0
            return roots[index / 32_000 % 4].reduce(0) { sum, hz in
                let turns = Double(hz) * Double(index) / Sound.rate
                let phase = 2 * Float.pi * Float(turns - turns.rounded(.down)) + bend
                return sum + 0.07 * (1...5).reduce(0) { $0 + sin(Float($1) * phase) / Float($1) }
            }
        }
    }

    /// A singing line: a note each half second, vibrato of 6 Hz, breath between the notes.
    private func melody(_ count: Int) -> [Float] {
        let notes: [Float] = [392, 440, 493.9, 523.3, 493.9, 440, 392, 329.6]
        var phase: Float = 0
        return (0..<count).map { index in
            let t = Float(index % 8_000) / 16_000
            phase += notes[index / 8_000 % notes.count] * (1 + 0.012 * wave(6, index)) / 16_000
            phase -= phase.rounded(.down)
            let envelope = min(1, 20 * t) * min(1, max(0, 12 * (0.5 - t)))
            return 0.25 * envelope * (1...6).reduce(0) { $0 + sin(2 * .pi * Float($1) * phase) / Float($1 * $1) }
        }
    }
}
