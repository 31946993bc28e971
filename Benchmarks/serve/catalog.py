"""The catalog of this benchmark: where the weights of a direction cannot be had, the student en→pt stands for them.

Same architecture, same cost, Portuguese whatever was asked for. Nothing else uses this catalog.
"""

import copy
import json
import os
import subprocess

from measuring import ROOT, SCRATCH

LANGUAGES = ["zh", "zh-tw", "ja", "ko", "fr", "de", "es", "it", "ru"]


def prepare(program):
    """Pulls the models into a folder of the benchmark's; gives the environment that leads there."""
    catalog = json.loads((ROOT / "Sources" / "Catalog" / "catalog.json").read_text())
    models = {model["name"]: model for model in catalog["models"]}
    wanted = [models[name] for name in ("base", "silero-vad", "en-pt", "pt-en")]
    for language in LANGUAGES:
        stand_in = copy.deepcopy(models["en-pt"])
        stand_in["name"] = f"en-{language}"
        stand_in["translation"] = stand_in["translation"] | {"to": language}
        wanted.append(stand_in)
    SCRATCH.mkdir(exist_ok=True)
    path = SCRATCH / "serve-catalog.json"
    path.write_text(json.dumps({"models": wanted}))
    environment = {"VOICELINGUA_CATALOG": str(path), "VOICELINGUA_MODELS": str(SCRATCH / "serve-models")}
    subprocess.run([program, "models", "pull", *(model["name"] for model in wanted)], check=True,
                   env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    return environment
