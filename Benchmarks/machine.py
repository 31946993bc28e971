"""What the machine is and how busy others keep it while something is measured."""

import os
import pathlib
import platform

TICKS = os.sysconf("SC_CLK_TCK")


def description():
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine()
    )
    flags = next((line.split() for line in open("/proc/cpuinfo") if line.startswith("flags")), [])
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "instruction_sets": [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16") if flag in flags],
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.platform(),
    }


def busy_seconds():
    """CPU seconds all processes have used since the start."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / TICKS


def process_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid):
    """Resident memory now and at its highest."""
    lines = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().strip().split("\n"))
    return tuple(round(int(lines[name].split()[0]) / 1024) for name in ("VmRSS", "VmHWM"))
