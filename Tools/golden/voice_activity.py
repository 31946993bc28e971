"""Speech probabilities a frame, by the network's own code, and speech stretches, by faster-whisper's rules. usage: voice_activity.py"""

import numpy
from faster_whisper.vad import VadOptions, get_speech_timestamps

import materials
import silero

OPTIONS = {
    "default": {},
    "batched": {"max_speech_duration_s": 30, "min_silence_duration_ms": 160},
    "short": {"max_speech_duration_s": 5, "min_silence_duration_ms": 500, "speech_pad_ms": 100},
    "strict": {"threshold": 0.8, "min_speech_duration_ms": 250, "min_silence_duration_ms": 100, "speech_pad_ms": 30},
}
RATE = materials.SAMPLE_RATE_HZ


def framed(audio):
    """Whole frames: faster-whisper always adds zeros, a frame of them where the length is whole already."""
    return numpy.pad(audio, (0, silero.FRAME - len(audio) % silero.FRAME))


def sounds_without_speech():
    random = numpy.random.default_rng(materials.SEED)
    return {
        "silence, 3 s": numpy.zeros(3 * RATE, numpy.float32),
        "white noise, 3 s, deviation 0.05": (0.05 * random.standard_normal(3 * RATE)).astype(numpy.float32),
        "440 Hz, 2 s, amplitude 0.3": (0.3 * numpy.sin(2 * numpy.pi * 440 * numpy.arange(2 * RATE) / RATE)).astype(
            numpy.float32
        ),
    }


def stretches(audio, options):
    return [[s["start"], s["end"]] for s in get_speech_timestamps(audio, VadOptions(**options))]


def main():
    network = silero.use_in_faster_whisper()
    found = materials.samples()
    clips = {f"voice/{name}": materials.pcm(found[f"voice/{name}"][1]) for name in materials.VOICE_SAMPLES}
    # A recording with long gaps: a clip, six seconds of silence, the clip again, and silence to the end.
    gap, clip = numpy.zeros(6 * RATE, numpy.float32), materials.pcm(found["en/quick_brown_fox"][1])
    clips["en/quick_brown_fox, 6 s of zeros, en/quick_brown_fox, 6 s of zeros"] = numpy.concatenate([clip, gap] * 2)
    entries = {"clips": {}}
    for id, audio in clips.items():
        entry = {"samples": len(audio), "speech": {name: stretches(audio, OPTIONS[name]) for name in OPTIONS}}
        if id != "voice/two_cities":
            entry["probabilities"] = materials.rounded(network(framed(audio)), 5)
        entries["clips"][id] = entry
    entries["without_speech"] = {
        name: {"highest": materials.rounded(network(framed(audio)).max(), 5), "speech": stretches(audio, {})}
        for name, audio in sounds_without_speech().items()
    }
    about = {
        "reference": "silero_vad_16k.safetensors of the silero-vad wheel by its tinygrad_model.py; probabilities through "
        "faster-whisper's get_speech_timestamps",
        "options": OPTIONS,
        "note": "frames of 512 samples after the 64 before; the last padded with zeros (a whole frame of them where "
        "the length is a multiple of 512); speech in samples; other options as in faster-whisper's VadOptions",
    }
    materials.write("voice-activity.json", about, entries)


main()
