"""Makes Sources/LanguagePackage/dictionaries.bin of the corpus: a dictionary of Zstandard for every language.

    python3 Tools/dictionaries/make.py

A changed dictionary is a changed format: packages that are there could not be read any more. Each is a code of ten
bytes, padded with zeros, two lengths of four bytes, the lowest first, and as many bytes: the tables of its entropy, and
what texts can repeat. `head` is of no language: it is for what comes before the texts.
"""

import ctypes
import ctypes.util
import random
import struct
from pathlib import Path

from corpus import CORPUS

SEED = 20_26
ROOT = Path(__file__).resolve().parents[2]
ZSTD = ctypes.CDLL(ctypes.util.find_library("zstd"))


class Parameters(ctypes.Structure):
    _fields_ = [("level", ctypes.c_int), ("notifications", ctypes.c_uint), ("id", ctypes.c_uint)]


ZSTD.ZDICT_finalizeDictionary.restype = ctypes.c_size_t
ZSTD.ZDICT_getDictHeaderSize.restype = ctypes.c_size_t


def dictionary(content, samples):
    room = ctypes.create_string_buffer(len(content) + 4096)
    sizes = (ctypes.c_size_t * len(samples))(*map(len, samples))
    count = ZSTD.ZDICT_finalizeDictionary(
        room, ctypes.c_size_t(len(room)), content, ctypes.c_size_t(len(content)), b"".join(samples), sizes,
        ctypes.c_uint(len(samples)), Parameters(19, 0, 1))
    assert not ZSTD.ZDICT_isError(ctypes.c_size_t(count)), "zstd refused the samples"
    whole = room.raw[:count]
    header = ZSTD.ZDICT_getDictHeaderSize(whole, ctypes.c_size_t(count))
    return whole[:header], whole[header:]


def varint(number):
    return bytes([number & 0x7F | 0x80]) + varint(number >> 7) if number > 0x7F else bytes([number])


def part(lines, rng):
    """A text of a few sentences as a package has it before compression."""
    text = " ".join(lines).encode()
    lengths = b"".join(varint(len(line.encode())) for line in lines[:-1])
    scores = bytes([0x3F] * len(lines)) + bytes(rng.choices([0xEA, 0xEC, 0xED, 0xEE, 0xEF], k=len(lines)))
    columns = b"\x08" + varint(len(lines)) + b"\x10\x01" + b"\x22" + varint(len(lengths)) + lengths
    numbers = b"\x22" + varint(len(scores)) + scores + b"\x2a\x01\x08"
    return (b"\x0a" + varint(len(text)) + text + b"\x12" + varint(len(columns)) + columns + b"\x1a"
            + varint(len(numbers)) + numbers)


def main():
    rng = random.Random(SEED)
    parts = []
    languages = [(code, [text]) for code, text in CORPUS.items()] + [("head", list(CORPUS.values()))]
    for code, texts in languages:
        samples = []
        for text in texts:
            lines = text.strip().split("\n")
            samples += [part(rng.sample(lines, rng.randint(1, 5)), rng) for _ in range(200 // len(texts))]
        if code == "head":
            facts = b"".join(name.encode() + b"z\x05" for name in CORPUS) + b"en-fren-deen-esbasesilero-vad1.0"
            content = CORPUS["en"].replace("\n", " ").encode() + facts
        else:
            # Short texts begin where the last ends: the nearest bytes are cheapest.
            content = texts[0].replace("\n", "" if code in ("zh", "zh-tw", "ja") else " ").encode()
        header, body = dictionary(content, samples)
        assert body.endswith(content)
        parts.append(code.encode().ljust(10, b"\0") + struct.pack("<II", len(header), len(content)) + header + content)
    target = ROOT / "Sources/LanguagePackage/dictionaries.bin"
    target.write_bytes(b"".join(parts))
    print(target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
