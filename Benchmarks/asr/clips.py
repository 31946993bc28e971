"""The recordings: the project's samples, and what `../shared/audio` holds where it is there, as raw float32."""

import csv
import dataclasses
import pathlib

import materials
import numpy

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared" / "audio"
LONG_SECONDS = 600
PAUSE_SECONDS = 1


@dataclasses.dataclass
class Clip:
    id: str
    language: str
    pcm: pathlib.Path
    seconds: float
    reference: str | None


def _clip(id, language, path, reference):
    pcm = materials.WORK / "pcm" / (id.replace("/", "_") + ".f32")
    if not pcm.exists():
        pcm.parent.mkdir(parents=True, exist_ok=True)
        materials.pcm(path).tofile(pcm)
    return Clip(id, language, pcm, pcm.stat().st_size / 4 / materials.SAMPLE_RATE_HZ, reference)


def short():
    """Clips with a reference."""
    found = []
    for id, (language, path) in materials.samples().items():
        if path.with_suffix(".txt").name in ("two_cities.txt", "beckett.txt", "endgame_nagg_nell.txt"):
            continue
        member = str(path.relative_to(materials.WORK / "samples")).replace(".wav", ".txt")
        reference = materials.member("pytest-audioeval", member).decode().strip()
        found.append(_clip("sample/" + id, language, path, reference))
    if (SHARED / "manifest.tsv").exists():
        for row in csv.DictReader((SHARED / "manifest.tsv").open(), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["path"].startswith("clips/"):
                id = "shared/" + pathlib.Path(row["path"]).stem
                found.append(_clip(id, row["language"], SHARED / row["path"], row["reference"]))
    return found


def long():
    """Ten minutes: the shared file, or the samples of English voices over and over with pauses."""
    if (SHARED / "long_en.wav").exists():
        return _clip("shared/long_en", "en", SHARED / "long_en.wav", (SHARED / "long_en.txt").read_text())
    pcm = materials.WORK / "pcm" / "sample_long.f32"
    if not pcm.exists():
        voices = [materials.pcm(materials.samples()[f"voice/{name}"][1]) for name in materials.VOICE_SAMPLES]
        pause = numpy.zeros(PAUSE_SECONDS * materials.SAMPLE_RATE_HZ, "<f4")
        once = numpy.concatenate([part for voice in voices for part in (voice, pause)])
        pcm.parent.mkdir(parents=True, exist_ok=True)
        numpy.resize(once, LONG_SECONDS * materials.SAMPLE_RATE_HZ).astype("<f4").tofile(pcm)
    return Clip("sample/long", "en", pcm, LONG_SECONDS, None)
