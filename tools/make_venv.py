"""Make the virtual environment that every make target uses."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path


def main() -> None:
    """Create the environment named on the command line, with a pip that knows dependency groups."""
    if sys.version_info < (3, 11):  # noqa: UP036  # run by any Python
        sys.exit(
            f"relvar needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try make PYTHON=python3.12"
        )
    place = Path(sys.argv[1])
    if not (place / "bin" / "python").exists():
        venv.create(place, with_pip=True)
    subprocess.run(
        [
            place / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--upgrade",
            "pip>=25.1",
        ],
        check=True,
    )


if __name__ == "__main__":
    main()
