"""One other system, loaded once, answering requests as `voicelingua-bench serve` does. usage: peer.py SYSTEM MODEL THREADS

SYSTEM is faster-whisper (MODEL a CTranslate2 folder, int8) or whisper.cpp (MODEL a ggml file)."""

import json
import os
import sys
import time

import numpy

system, model_path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
# Answers have the standard output to themselves; libraries that chat there are sent to the standard error.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(**fields):
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


def load_faster_whisper():
    import faster_whisper
    from faster_whisper.transcribe import pad_or_trim

    start = time.perf_counter()
    model = faster_whisper.WhisperModel(model_path, device="cpu", compute_type="int8", cpu_threads=threads)
    taken = time.perf_counter() - start
    batched = faster_whisper.BatchedInferencePipeline(model)

    def transcribe(audio, request):
        options = {"language": request.get("language"), "beam_size": request.get("beam_size", 1)}
        if request.get("batched"):
            segments, _ = batched.transcribe(audio, batch_size=8, **options)
        else:
            segments, _ = model.transcribe(audio, **options)
        return "".join(segment.text for segment in segments)

    def encode(audio):
        window = pad_or_trim(model.feature_extractor(audio[:480_000])[:, :-1])
        return lambda: model.encode(window)

    return taken, transcribe, encode


def load_whisper_cpp():
    from pywhispercpp.model import Model

    start = time.perf_counter()
    model = Model(
        model_path, n_threads=threads, print_progress=False, print_realtime=False, redirect_whispercpp_logs_to=None,
        context_params={"use_gpu": False}, greedy={"best_of": 1},
    )
    taken = time.perf_counter() - start

    def transcribe(audio, request):
        return "".join(segment.text for segment in model.transcribe(audio, language=request.get("language") or "auto"))

    return taken, transcribe, None


taken, transcribe, encode = {"faster-whisper": load_faster_whisper, "whisper.cpp": load_whisper_cpp}[system]()
answer(seconds=taken)
for line in sys.stdin:
    request = json.loads(line)
    audio = numpy.fromfile(request["pcm"], "<f4")
    if request["work"] == "encode":
        work = encode(audio)
        work()
        start = time.perf_counter()
        work()
        answer(seconds=time.perf_counter() - start)
    else:
        start = time.perf_counter()
        text = transcribe(audio, request)
        answer(seconds=time.perf_counter() - start, text=text)
