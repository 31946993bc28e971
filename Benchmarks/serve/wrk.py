"""wrk, the load generator, and what it says."""

import re
import subprocess

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


def wrk(url, connections, seconds, script=None, threads=1):
    """Requests a second, latencies in ms, answers that were no success."""
    command = ["wrk", "--latency", f"-t{threads}", f"-c{connections}", f"-d{seconds}s"]
    output = subprocess.run([*command, *(["-s", script] if script else []), url], capture_output=True, text=True,
                            check=True).stdout
    latency = {int(share): float(number) * UNITS[unit]
               for share, number, unit in re.findall(r"^\s+(50|75|90|99)%\s+([\d.]+)(us|ms|s)", output, re.M)}
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    return {
        "requests_a_second": float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
        "p50_ms": latency[50], "p99_ms": latency[99], "refused": int(refused[1]) if refused else 0,
        "socket_errors": "Socket errors" in output,
    }
