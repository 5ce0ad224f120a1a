"""A process that has one of the libraries, and answers questions line by line."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any


class Worker:
    """A worker: *module* run by a Python that has the library."""

    def __init__(self, python: str, module: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [python, "-m", module, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONHASHSEED": "0"},
        )  # fmt: skip

    def ask(self, **question: Any) -> None:
        """Put a question; the answers come line by line."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """Read an answer."""
        assert self.process.stdout is not None
        found = self.process.stdout.readline()
        if not found:
            raise SystemExit(f"a worker ended with exit code {self.process.wait()}")
        return found

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
