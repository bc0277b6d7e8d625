"""Run one contestant once, in this process: `python -m tests.bench_validation.contestant NAME SOURCE OUT`.

Prints {"import_s": …, "work_s": …, "peak_mb": …} as JSON: seconds to import what it needs, seconds of judging and
writing, the greatest resident memory of this process as the system kept it (0 where the system does not tell).
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path


def main() -> None:
    name, source, out = sys.argv[1:4]
    started = time.perf_counter()
    module = importlib.import_module(f"tests.bench_validation.contestants.{name}")
    imported = time.perf_counter()
    module.judge(Path(source), Path(out))
    ended = time.perf_counter()
    print(json.dumps({"import_s": imported - started, "work_s": ended - imported, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    main()
