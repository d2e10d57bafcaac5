"""Runs a Python program that prints one JSON object, and adds the peak of its resident memory.

usage: with_memory.py PROGRAM [ARGUMENT ...]
"""

import contextlib
import io
import json
import resource
import runpy
import sys


def main(program, arguments):
    sys.argv = [program, *arguments]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(program, run_name="__main__")
    result = json.loads(printed.getvalue().splitlines()[-1])
    # Kilobytes on Linux, bytes on macOS.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    result["peak_resident_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
