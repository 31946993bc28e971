"""Transcripts of the samples as token ids, by faster-whisper on CTranslate2 float32. usage: transcripts.py base|tiny.en"""

import sys
import zlib

import ctranslate2
import faster_whisper

import materials
import silero

# Word times are costly to read in a diff; these clips show spaces, digits, scripts without spaces, and a long file.
WORD_CLIPS = ["voice/beckett", "voice/two_cities", "en/quick_brown_fox", "fr/pangrama", "zh/pangrama", "ja/pangrama"]
GREEDY, BEAM = dict(beam_size=1), dict(beam_size=5)


def segment(s):
    """Text appears as its CRC-32 alone."""
    entry = {
        "start": s.start,
        "end": s.end,
        "tokens": list(s.tokens),
        "temperature": s.temperature,
        "avg_logprob": s.avg_logprob,
        "no_speech_prob": s.no_speech_prob,
        "compression_ratio": s.compression_ratio,
        "text_crc32": zlib.crc32(s.text.encode()),
    }
    if s.words is not None:
        # start, end, probability, CRC-32 of the word's UTF-8 with its spaces
        entry["words"] = [[w.start, w.end, w.probability, zlib.crc32(w.word.encode())] for w in s.words]
    return materials.rounded(entry, 6)


def main(name):
    silero.use_in_faster_whisper()
    model = faster_whisper.WhisperModel(
        str(materials.model_folder(name)), device="cpu", compute_type="float32", cpu_threads=2
    )
    clips = {id: (language, materials.pcm(path)) for id, (language, path) in materials.samples().items()}
    if name.endswith(".en"):
        clips = {id: clip for id, clip in clips.items() if clip[0] == "en"}

    def run(some, **options):
        runs = {}
        for id, (language, audio) in some.items():
            ctranslate2.set_random_seed(materials.SEED)
            segments, _ = model.transcribe(audio, language=language, **options)
            runs[id] = [segment(s) for s in segments]
        return runs

    voices = {id: clip for id, clip in clips.items() if id.startswith("voice/")}
    entries = {
        "clips": {id: {"language": language, "samples": len(audio)} for id, (language, audio) in clips.items()},
        "greedy": run(clips, **GREEDY),
        "beam5": run(clips, **BEAM),
        "greedy_without_conditioning": run(voices, condition_on_previous_text=False, **GREEDY),
        "greedy_voice_activity": run(voices, vad_filter=True, **GREEDY),
        "greedy_words": run({id: clips[id] for id in WORD_CLIPS if id in clips}, word_timestamps=True, **GREEDY),
        "greedy_prompted": run(
            {"voice/beckett": clips["voice/beckett"]}, initial_prompt="Notes from the theatre.", **GREEDY
        ),
    }
    if not name.endswith(".en"):
        foreign = {id: clip for id, clip in clips.items() if id.endswith("/pangrama")}
        entries["greedy_translate"] = run(foreign, task="translate", **GREEDY)
        entries["languages"] = {id: languages(model, audio) for id, (_, audio) in clips.items()}
    about = {
        "reference": "faster-whisper WhisperModel.transcribe, float32, language given, every option not named at its default",
        "voice_activity": "faster-whisper's filter fed by the silero-vad wheel's network",
        "note": "tokens as in Segment.tokens; a clip whose temperature is above 0 was sampled and is not comparable",
    }
    materials.write(f"transcripts.{name}.json", about, entries)


def languages(model, audio):
    """The five likeliest languages of the first window."""
    _, _, all = model.detect_language(audio)
    return materials.rounded(sorted(all, key=lambda pair: -pair[1])[:5], 6)


main(sys.argv[1])
