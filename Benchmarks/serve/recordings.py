"""English recordings with what is said in them: the project's samples, and `../shared/audio` where it is there."""

import array
import csv
import io
import pathlib
import subprocess
import wave

from measuring import ROOT

SHARED = ROOT.parent / "shared" / "audio"


def english(program, environment):
    """Pairs of a WAV's path and its text."""
    if (SHARED / "manifest.tsv").exists():
        with (SHARED / "manifest.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        return [(SHARED / row["path"], row["reference"]) for row in rows
                if row["language"] == "en" and row["path"].startswith("clips/")]
    folder = subprocess.run([program, "models", "path", "samples-audioeval"], capture_output=True, text=True,
                            check=True).stdout.strip()
    return [(path, path.with_suffix(".txt").read_text().strip()) for path in sorted(pathlib.Path(folder, "en").glob("*.wav"))]


def different(path, number):
    """The recording's bytes, a little softer with every number: the same speech, and for a cache another file."""
    with wave.open(str(path)) as file:
        parameters, frames = file.getparams(), file.readframes(file.getnframes())
    if parameters.sampwidth != 2:
        raise SystemExit(f"{path} is not of 16 bits")
    samples = array.array("h", frames)
    softer = array.array("h", (int(sample * (1 - 0.002 * number)) for sample in samples))
    output = io.BytesIO()
    with wave.open(output, "wb") as file:
        file.setparams(parameters)
        file.writeframes(softer.tobytes())
    return output.getvalue()


def seconds(recording):
    with wave.open(io.BytesIO(recording)) as file:
        return file.getnframes() / file.getframerate()
