"""
The other versions of Python on this machine, and kernels for them.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WRITTEN = ROOT / "build" / "cython" / "src"
"What Cython wrote when the kernels were compiled for the Python that runs this: the same for each version."

_ABOUT = """
import json, sysconfig
print(json.dumps({name: sysconfig.get_config_var(name) for name in ("CC", "EXT_SUFFIX", "INCLUDEPY")}))
"""


def interpreters() -> list[str]:
    """Return the interpreters of other versions on this machine, as pyenv keeps them."""
    places = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = sorted(places.glob("3.1[1-9]*/bin/python")) if places.is_dir() else []
    own = f"3.{sys.version_info.minor}."
    return [str(path) for path in found if own not in str(path)]


def _written(place: Path) -> list[Path]:
    # a module that is no longer there may have left its C behind
    found = sorted(WRITTEN.rglob("*.c"))
    return [path for path in found if (place / path.relative_to(WRITTEN)).with_suffix(".py").exists()]


def compile_for(interpreter: str, place: Path) -> None:
    """
    Copy relvar into a folder, and compile its kernels there for another Python, quickly rather than well.

    Raises:
        CalledProcessError: There is no C compiler, or it found fault.
    """
    told = subprocess.run([interpreter, "-c", _ABOUT], capture_output=True, text=True, check=True)
    about: dict[str, str] = json.loads(told.stdout)
    shutil.copytree(
        ROOT / "src" / "relvar", place / "relvar", ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )

    def compile_one(source: Path) -> None:
        made = place / source.relative_to(WRITTEN).with_suffix("")
        command = [*shlex.split(about["CC"]), "-shared", "-fPIC", "-O0", "-w", f"-I{about['INCLUDEPY']}"]
        subprocess.run([*command, str(source), "-o", f"{made}{about['EXT_SUFFIX']}"], check=True)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, _written(place)))
