"""Texts and token ids, by the tokenizers library and faster-whisper's rules for words. usage: tokens.py base|tiny.en"""

import random
import sys

import tokenizers
from faster_whisper.tokenizer import Tokenizer

import materials
from texts import TEXTS

RANDOM_SEQUENCES = 60


def cut_in_words(hf, language, ids):
    """How many tokens each word has, as word times group them."""
    cutter = Tokenizer(hf, True, task="transcribe", language=language)
    words, tokens = cutter.split_to_word_tokens(ids)
    return [len(each) for each in tokens]


def main(name):
    hf = tokenizers.Tokenizer.from_file(str(materials.model_folder(name) / "tokenizer.json"))
    end = hf.token_to_id("<|endoftext|>")
    texts = []
    for language, text in TEXTS:
        ids = hf.encode(text, add_special_tokens=False).ids
        entry = {"language": language, "text": text, "ids": ids}
        decoded = hf.decode(ids, skip_special_tokens=False)
        if decoded != text:
            entry["decoded"] = decoded
        if name == "base" and all(id < end for id in ids):
            entry["words"] = cut_in_words(hf, language, ids + [end])
        texts.append(entry)
    # Sequences nobody wrote: most are no whole UTF-8, some hold special tokens.
    source = random.Random(materials.SEED)
    sequences = []
    for index in range(RANDOM_SEQUENCES):
        ids = [source.randrange(end if index % 3 == 1 else 256) for _ in range(source.randrange(1, 13))]
        if index % 3 == 2:
            ids = [source.choice([id, source.randrange(end), source.randrange(end, hf.get_vocab_size())]) for id in ids]
        sequences.append(
            {"ids": ids, "decoded": hf.decode(ids, skip_special_tokens=False),
             "without_special": hf.decode(ids, skip_special_tokens=True)}
        )
    special = Tokenizer(hf, not name.endswith(".en"), task="transcribe", language="en")
    entries = {
        "vocabulary": hf.get_vocab_size(),
        "special": {
            token: hf.token_to_id(token)
            for token in ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|yue|>", "<|translate|>",
                          "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|nocaptions|>",
                          "<|notimestamps|>", "<|0.00|>", "<|30.00|>"]
        },
        "non_speech_tokens": {"ids": list(special.non_speech_tokens)},
        "texts": texts,
        "sequences": sequences,
    }
    about = {
        "reference": "tokenizers.Tokenizer.from_file(tokenizer.json): encode(add_special_tokens=False), decode; "
        "faster_whisper.tokenizer.Tokenizer.split_to_word_tokens and non_speech_tokens",
        "note": "decoded is given where it is not the text; words are token counts of ids + end-of-text",
    }
    materials.write(f"tokenizer.{name}.json", about, entries)


main(sys.argv[1])
