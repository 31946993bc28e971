"""What every benchmark shares: an environment with the peers, processes that answer in turns, a folder for the result."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "Benchmarks" / "scratch"


def enter_environment(folder):
    """Goes on in the Python environment of the folder's requirements, made where it is missing."""
    home = SCRATCH / "environments" / folder.name
    python = home / "bin" / "python"
    if pathlib.Path(sys.prefix) == home:
        return
    wanted = (folder / "requirements.txt").read_text()
    stamp = home / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(folder / "requirements.txt")], check=True)
        stamp.write_text(wanted)
    os.execv(python, [str(python), str(folder / "run"), *sys.argv[1:]])


class System:
    """A process with loaded models that answers one request at a time, a line of JSON each."""

    def __init__(self, name, command, models=1):
        self.name = name
        log = (SCRATCH / f"{name}.log").open("w")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        self.load_seconds = [self._answer()["seconds"] for _ in range(models)]

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}; see {SCRATCH / self.name}.log")
        return json.loads(line)

    def ask(self, request):
        """The answer, with the share of the machine that others took meanwhile."""
        clock, busy, own = time.monotonic(), machine.busy_seconds(), machine.process_seconds(self.process.pid)
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        others = machine.busy_seconds() - busy - (machine.process_seconds(self.process.pid) - own)
        answer["others_cpu"] = round(max(0.0, others / (time.monotonic() - clock) / os.cpu_count()), 2)
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def machine_line(lines, about):
    """Where it ran, and how busy others kept it."""
    others = [line["others_cpu"] for line in lines if "others_cpu" in line]
    place = f"{about['cpu']}, {about['cores']} cores, {', '.join(about['instruction_sets'])}; {about['system']}"
    if not others:
        return f"{place}.\n"
    return f"{place}. Other processes took {100 * sum(others) / len(others):.0f} % of it meanwhile.\n"


def keep(name, script, lines, about, summary, **files):
    """Writes a dated folder: the summary, every measurement, and other files by their name."""
    folder = ROOT / "Benchmarks" / "runs" / f"{datetime.date.today()}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    command = " ".join([str(script.relative_to(ROOT)), *sys.argv[1:]])
    title = f"# {folder.name}\n\nCommit {commit}, `{command}`, {about['memory_gb']} GB of memory.\n\n"
    (folder / "README.md").write_text(title + summary)
    (folder / "measurements.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for file, text in files.items():
        (folder / f"{file}.jsonl").write_text(text)
