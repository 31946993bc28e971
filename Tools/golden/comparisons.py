"""Pairs of texts and what jiwer counts in them: words and characters. Writes Tests/TextTests/Goldens/comparisons.json."""

import json
import random
from importlib.metadata import version
from pathlib import Path

import jiwer

from sentences import SENTENCES
from texts import TEXTS

SEED = 20_26
ROOT = Path(__file__).resolve().parents[2]
# Already as texts are compared: lower case, single spaces, no punctuation.
OWN = {
    "zh": ["今天天气很好我们去公园散步", "他昨天在图书馆看了三个小时的书", "这条河在春天涨了两米", "请把窗户关上外面下雨了"],
    "ja": ["昨日は雨でしたが今日は晴れています", "駅まで歩いて十分かかります", "この橋は百年前に作られました"],
    "ko": ["오늘은 날씨가 좋아서 공원에 갔다", "어제 도서관에서 세 시간 동안 책을 읽었다", "문을 닫아 주세요 밖에 비가 와요"],
    "de": ["die fähre legt um viertel vor acht ab und kommt gegen mittag zurück", "meine großmutter hielt bienen hinter der alten mühle"],
    "fr": ["la soupe était trop salée pour tout le monde sauf mon oncle", "le train de nuit part à vingt-deux heures".replace("-", " ")],
    "ru": ["паром уходит без четверти восемь и возвращается к полудню", "моя бабушка держала пчёл за старой мельницей"],
}


def plain(text):
    kept = "".join(character if character.isalnum() else " " for character in text.lower())
    return " ".join(kept.split())


def edited(units, share, rng, pool):
    changed = []
    for unit in units:
        kind = rng.choice(["drop", "add", "replace", "double", "swap"]) if rng.random() < share else "keep"
        if kind == "keep":
            changed.append(unit)
        elif kind == "add":
            changed += [unit, rng.choice(pool)]
        elif kind == "replace":
            changed.append(rng.choice(pool))
        elif kind == "double":
            changed += [unit, unit]
        elif kind == "swap" and changed:
            changed.insert(len(changed) - 1, unit)
    return changed


def counts(output):
    return [output.hits, output.substitutions, output.deletions, output.insertions]


def main():
    rng = random.Random(SEED)
    texts = [plain(text) for language in ("en", "pt") for text in SENTENCES[language]]
    texts += [text for own in OWN.values() for text in own]
    texts += [plain(text) for _, text in TEXTS if 10 < len(plain(text)) < 400 and "\x00" not in text]
    for count in (3, 8, 20, 40):
        texts += [" ".join(rng.sample(texts[:120], count)) for _ in range(6)]
    pairs = []
    for text in texts:
        if not text:
            continue
        words, letters = text.split(), [letter for letter in text if letter != " "]
        pairs.append((text, " ".join(edited(words, 0.25, rng, words))))
        pairs.append((text, plain("".join(edited(list(text), 0.15, rng, letters)))))
    for _ in range(80):
        # Few words many times: there are many shortest ways.
        words = ["a", "b", "c", "ab"][: rng.randint(2, 4)]
        pairs.append(tuple(" ".join(rng.choices(words, k=rng.randint(1, 30))) for _ in "xy"))
    rows = []
    for reference, hypothesis in pairs:
        if not reference or not hypothesis:
            continue
        rows.append({
            "reference": reference,
            "hypothesis": hypothesis,
            "words": counts(jiwer.process_words(reference, hypothesis)),
            "characters": counts(jiwer.process_characters(reference, hypothesis)),
        })
    maker = {"command": "Tools/golden/make comparisons.py", "jiwer": version("jiwer"), "rapidfuzz": version("rapidfuzz"), "seed": SEED}
    target = ROOT / "Tests/TextTests/Goldens/comparisons.json"
    target.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    target.write_text('{"maker": ' + json.dumps(maker) + ',\n"pairs": [\n' + lines + "\n]}\n", encoding="utf-8")
    print(len(rows), "pairs")


if __name__ == "__main__":
    main()
