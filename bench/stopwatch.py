"""Runs one command and prints what it took: `python stopwatch.py <file for its words> <command>`.

A process of its own, because Linux counts the memory of the parent at the start of a child as the child's own: the
benchmark itself holds more than some of what it measures.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Wall time in seconds, processor time in seconds, peak memory in MB and exit status, as one JSON object."""
    with open(sys.argv[1], "wb") as words:  # noqa: PTH123  # pathlib alone would double this process
        began = time.perf_counter()
        process = subprocess.Popen(sys.argv[2:], stdout=words, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    taken = {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * 1024 / 1e6,
        "status": os.waitstatus_to_exitcode(status),
    }
    sys.stdout.write(json.dumps(taken))


if __name__ == "__main__":
    main()
