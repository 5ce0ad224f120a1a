"""
Run the whole test suite in each kernel mode and say at the end what ran.

Compiled first, when the kernels are compiled, then interpreted: every test
must give the same answers in both.  Arguments are handed to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time


def compiled_here() -> bool:
    """Return whether this installation has compiled kernels."""
    environment = {key: value for key, value in os.environ.items() if key != "RELVAR_PURE"}
    code = "import relvar, sys; sys.exit(0 if relvar.is_compiled() else 1)"
    return subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def run(pure: bool, arguments: list[str]) -> tuple[int, float]:
    """Run pytest in one mode; return its exit code and how long it took in seconds."""
    environment = dict(os.environ)
    environment.pop("RELVAR_PURE", None)
    if pure:
        environment["RELVAR_PURE"] = "1"
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode
    return code, time.monotonic() - started


def main() -> None:
    """Run both modes; fail when either fails."""
    arguments = sys.argv[1:] or ["-q"]
    modes = [False, True] if compiled_here() else [True]
    if len(modes) == 1:
        print("relvar's kernels are not compiled on this machine: only the pure Python mode is tested")
        if os.environ.get("CI") == "true":
            sys.exit("In CI the kernels must be compiled: is there a C compiler?")
    results = [(pure, *run(pure, arguments)) for pure in modes]
    print()
    for pure, code, seconds in results:
        mode = "pure Python" if pure else "compiled"
        print(f"{mode:<12} {'passed' if code == 0 else f'FAILED (pytest exit {code})'} in {seconds:.0f} s")
    sys.exit(max(code for _, code, _ in results))


if __name__ == "__main__":
    main()
