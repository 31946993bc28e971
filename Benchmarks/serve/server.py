"""`voicelingua serve` on a free port of this machine, in a folder of its own, ended by its process id."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

from measuring import SCRATCH


class Server:
    def __init__(self, program, environment, data="serve-data", **settings):
        self.program, self.environment = program, environment
        self.data = SCRATCH / data
        self.settings = settings
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        shutil.rmtree(self.data, ignore_errors=True)
        self.start()

    def start(self):
        environment = {**os.environ, **self.environment, **{name: str(value) for name, value in self.settings.items()}}
        command = [self.program, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL,
                                        stderr=(SCRATCH / "serve.log").open("ab"))
        begun = time.monotonic()
        while True:
            if self.process.poll() is not None:
                raise SystemExit(f"serve ended with {self.process.returncode}; see {SCRATCH / 'serve.log'}")
            try:
                self.get("/health/ready")
                break
            except OSError:
                if time.monotonic() - begun > 60:
                    raise
                time.sleep(0.02)
        self.seconds_to_ready = time.monotonic() - begun

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer) if "json" in answer.headers["Content-Type"] else answer.read().decode()

    @property
    def database(self):
        return pathlib.Path(self.data) / "voicelingua.db"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)
