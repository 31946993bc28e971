"""How many words or characters of a transcript are wrong."""

import unicodedata

import jiwer

BY_CHARACTER = {"zh", "ja", "ko"}


def normalized(text):
    """Lower case, without punctuation and symbols, single spaces."""
    kept = (" " if unicodedata.category(c)[0] in "PSZC" else c for c in unicodedata.normalize("NFKC", text).lower())
    return " ".join("".join(kept).split())


def count(language, reference, text):
    """Wrong units and units of the reference: words, or characters where a script has no spaces."""
    reference, text = normalized(reference), normalized(text)
    if language in BY_CHARACTER:
        reference, text = (" ".join(each.replace(" ", "")) for each in (reference, text))
    found = jiwer.process_words(reference, text)
    return found.substitutions + found.deletions + found.insertions, len(reference.split())
