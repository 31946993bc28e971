"""Log-mel, encoder output and logits of two clips, by faster-whisper on CTranslate2 float32. usage: numerics.py base|tiny.en

Small excerpts with statistics of the whole, enough to find the first layer and index that differ."""

import sys

import faster_whisper
import numpy
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import pad_or_trim

import materials

POSITIONS = [0, 1, 2, 10, 100, 400, 749, 750, 1000, 1498, 1499]
TOP = 20


def statistics(x):
    flat = numpy.asarray(x, dtype=numpy.float64).ravel()
    return {"mean": flat.mean(), "std": flat.std(), "min": flat.min(), "max": flat.max()}


def spectrogram(audio, mels):
    """faster-whisper's features without its last frame: one column for every 160 samples."""
    return FeatureExtractor(feature_size=mels)(audio)[:, :-1]


def excerpt_of_mel(mel):
    frames = sorted({0, 1, 2, 7, mel.shape[1] // 3, mel.shape[1] // 2, mel.shape[1] - 3, mel.shape[1] - 2, mel.shape[1] - 1})
    return {
        "shape": list(mel.shape),
        "statistics": statistics(mel),
        "bin_means": mel.mean(axis=1, dtype=numpy.float64),
        "frames": {str(frame): mel[:, frame] for frame in frames},
    }


def numbers(model, name, audio, language):
    mel = spectrogram(audio, 80)
    entry = {"samples": len(audio), "mel": excerpt_of_mel(mel)}
    window = pad_or_trim(mel)
    encoded = model.encode(window)
    output = numpy.array(encoded)[0]
    entry["encoder"] = {
        "shape": list(output.shape),
        "statistics": statistics(output),
        # position → its first 48 values; and the mean and the Euclidean norm of the whole row
        "rows": {str(p): output[p, :48] for p in POSITIONS},
        "row_means": {str(p): output[p].mean(dtype=numpy.float64) for p in POSITIONS},
        "row_norms": {str(p): numpy.linalg.norm(output[p].astype(numpy.float64)) for p in POSITIONS},
    }
    tokenizer = Tokenizer(model.hf_tokenizer, not name.endswith(".en"), task="transcribe", language=language)
    prompt = list(tokenizer.sot_sequence)
    entry["prompt"] = prompt
    # A greedy run without any suppression or timestamp rule: the logits of its steps are the network's own.
    plain = model.model.generate(
        encoded, [prompt + [tokenizer.no_timestamps]], beam_size=1, max_length=8, return_scores=True,
        return_logits_vocab=True, suppress_blank=False, suppress_tokens=[],
    )[0]
    entry["plain_prompt"] = prompt + [tokenizer.no_timestamps]
    entry["plain_tokens"] = list(plain.sequences_ids[0])
    entry["plain_logits"] = [logits(numpy.array(step)) for step in plain.logits[0][:4]]
    ruled = model.model.generate(
        encoded, [prompt], beam_size=1, max_length=448, return_scores=True, return_no_speech_prob=True,
        max_initial_timestamp_index=50,
    )[0]
    entry["greedy_tokens"] = list(ruled.sequences_ids[0])
    entry["greedy_mean_score"] = ruled.scores[0]
    entry["no_speech_prob"] = ruled.no_speech_prob
    return materials.rounded(entry, 5)


def logits(values):
    values = values.reshape(-1).astype(numpy.float64)
    order = numpy.argsort(-values, kind="stable")[:TOP]
    fixed = list(range(0, len(values), 2_500)) + [len(values) - 1]
    most = values.max()
    return {
        "top": [[int(i), values[i]] for i in order],
        "fixed": [[i, values[i]] for i in fixed],
        "log_sum_exp": most + numpy.log(numpy.exp(values - most).sum()),
    }


def main(name):
    folder = str(materials.model_folder(name))
    model = faster_whisper.WhisperModel(folder, device="cpu", compute_type="float32", cpu_threads=2)
    clips = ["voice/beckett", "en/quick_brown_fox" if name.endswith(".en") else "zh/pangrama"]
    found = materials.samples()
    entries = {"clips": {}}
    for id in clips:
        language, path = found[id]
        entries["clips"][id] = numbers(model, name, materials.pcm(path), language)
    audio = materials.pcm(found["voice/beckett"][1])
    entries["mel128"] = {"voice/beckett": materials.rounded(excerpt_of_mel(spectrogram(audio, 128)), 5)}
    about = {"reference": "faster-whisper FeatureExtractor; ctranslate2 Whisper.encode and Whisper.generate, float32"}
    materials.write(f"numerics.{name}.json", about, entries)


main(sys.argv[1])
