"""
The other versions of Python on this machine, and kernels for them.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WRITTEN = ROOT / "build" / "cython"
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
    command = [*shlex.split(about["CC"]), "-fPIC", "-O0", "-w"]
    objects = place / "objects"
    objects.mkdir()

    def compile_one(source: Path, *options: str) -> None:
        made = objects / f"{len(options)}{'_'.join(source.parts[-4:])}.o"
        include = [f"-I{about['INCLUDEPY']}", f"-I{WRITTEN}"]
        subprocess.run([*command, *include, *options, "-c", str(source), "-o", str(made)], check=True)

    # the table that setup.py wrote: MODULE("relvar.engine.plan", PyInit_relvar_engine_plan)
    table = re.findall(r'"(.+)", (\w+)', (WRITTEN / "compiled_modules.h").read_text())
    kernels = ROOT / "src" / "relvar" / "_kernels"
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(compile_one, kernels / "_compiled.c")]
        for name, start in table:
            source = WRITTEN.joinpath("src", *name.split(".")).with_suffix(".c")
            waiting.append(pool.submit(compile_one, source, f"-DPyInit_{source.stem}={start}"))
        for one in waiting:
            one.result()
    made = place / "relvar" / "_kernels" / f"_compiled{about['EXT_SUFFIX']}"
    subprocess.run([*command, "-shared", *map(str, objects.iterdir()), "-o", str(made)], check=True)
