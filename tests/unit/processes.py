"""Several real processes that start at the same moment."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def run_together(program: str, arguments: list[list[str]]) -> list[str]:
    """What each process printed; every process waits for one common instant before its `go()` returns.

    program    Python source, which calls `go()` when its imports are done; `sys.argv[1:]` are its arguments
    arguments  one list for each process
    raises     AssertionError when one of them fails
    """
    start = time.time() + 1.0 + 0.25 * len(arguments)
    prelude = f"import sys, time\ndef go():\n    time.sleep(max(0.0, {start} - time.time()))\n"
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", prelude + program, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for words in arguments
    ]
    printed = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        printed.append(out)
    return printed
