"""
Build what relvar compiles with Cython, all of it or nothing, into one shared object.

The kernels are plain Python files with declarations that Cython can compile to
C structures.  Some modules of the layers above, marked in their first line,
are compiled as they are: they lie on the way of each flush or statement and
work on what kernels give them, which costs a third less without the interpreter
(docs/design/0012-compiled-modules.md).  A .pxd beside such a module lays out the
fields of its classes in C.  When there is no compiler (or no
Cython), the same files run interpreted: the build warns and goes on.  All or
nothing, because kernels call each other through C and a mix of compiled and
interpreted modules would be a third mode nobody tests.

With GCC everything is compiled twice: the first build counts what runs while
tools/train.py runs, the second is laid out by these counts
(docs/design/0015-one-shared-object.md).  RELVAR_TRAIN=0 builds once, in half
the time, for who changes kernels and tries them.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path("src")
KERNELS = SOURCE / "relvar" / "_kernels"
NOT_COMPILED = {"__init__", "_shadow"}
MARK = "# Compiled as it is, see setup.py.\n"
SHARED = "relvar._kernels._compiled"
WRITTEN = Path("build/cython")
"Where Cython writes C."
TRAINING = Path("tools/train.py")
# What counts need not be quick, but compiled soon: without passes that come after the counters are put in.
COUNTING = (
    "-fprofile-generate -fno-tree-pre -fno-gcse -fno-schedule-insns2 -fno-expensive-optimizations"
    " -fno-rerun-cse-after-loop -fno-cse-follow-jumps -fno-crossjumping -fno-tree-dominator-opts"
    " -fno-tree-slsr -fno-tree-loop-optimize -fno-ivopts"
).split()


def extensions():
    """
    Return the shared object, or nothing.

    Nothing where Cython is missing or RELVAR_PURE is set, and for a free-threaded Python: the kernels keep
    their objects consistent by its lock, which importing them would switch on again for the whole program.
    """
    if os.environ.get("RELVAR_PURE") == "1" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return []
    try:
        import Cython.Build  # noqa: F401  # used when something is built
    except ImportError:
        warnings.warn("Cython is not installed: relvar is built without compiled kernels", stacklevel=1)
        return []
    return [Extension(SHARED, [str(KERNELS / "_compiled.c")])]


def write_c():
    """Have Cython write the C of modules that changed; return all C files by the names of their modules."""
    from Cython.Build import cythonize

    def written(paths, **directives):
        names = {path: ".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in paths}
        modules = [Extension(name, [str(path)]) for path, name in sorted(names.items())]
        return cythonize(
            modules,
            build_dir=str(WRITTEN),
            language_level=3,
            quiet=True,
            compiler_directives={"binding": True, "embedsignature": False, **directives},
        )

    kernels = [path for path in KERNELS.glob("*.py") if path.stem not in NOT_COMPILED]
    as_they_are = [p for p in SOURCE.rglob("*.py") if p.read_text(encoding="utf-8").startswith(MARK)]
    found = [
        *written(
            kernels,
            wraparound=False,
            initializedcheck=False,
            cdivision=True,
            auto_pickle=False,
            annotation_typing=True,
        ),
        # annotations are for people and type checkers; the rest is Python's meaning, too: what a .pxd beside
        # such a module types may be None, and says so as everything that is None does
        *written(as_they_are, annotation_typing=False, auto_pickle=False, nonecheck=True),
    ]
    return {module.name: Path(module.sources[0]) for module in found}


def start(name):
    """Name the function that starts a module: by its whole name, as several share the last part."""
    return "PyInit_" + name.replace(".", "_")


def write_table(names):
    """Write the table of modules that _compiled.c includes, if it changed; return its path."""
    table = WRITTEN / "compiled_modules.h"
    text = "".join(f'MODULE("{name}", {start(name)})\n' for name in sorted(names))
    if not table.exists() or table.read_text() != text:
        table.write_text(text)
    return table


class BuildShared(build_ext):
    """Compile, on all processors; on any failure remove what was built, warn and go on."""

    def run(self):
        try:
            super().run()
        except Exception as error:  # a compiler can fail in any way; relvar must still install
            if os.environ.get("RELVAR_REQUIRE_COMPILED") == "1":
                raise
            for place in (self.get_ext_fullpath(SHARED), self.get_ext_filename(SHARED)):
                Path(place).unlink(missing_ok=True)
            self.extensions = []
            print(
                f"WARNING: relvar's kernels could not be compiled ({error}); it runs in pure Python, slower.",
                file=sys.stderr,
            )

    def build_extension(self, extension):
        files = write_c()
        table = write_table(files)
        made = Path(self.get_ext_fullpath(SHARED))
        newest = max(path.stat().st_mtime for path in (table, *files.values(), Path(extension.sources[0])))
        if made.exists() and made.stat().st_mtime > newest and not self.force:
            return
        files[SHARED] = Path(extension.sources[0])
        # counts of what several threads did may not add up
        laid_out = (
            ["-fprofile-use", "-fprofile-correction", "-DRELVAR_TRAINED"]
            if self.can_train() and self.train(files)
            else []
        )
        self.compile_all(files, made, laid_out)

    def can_train(self):
        """Tell whether training is wanted, and the compiler is GCC, which needs no other tools for it."""
        wanted = os.environ.get("RELVAR_TRAIN") != "0" and TRAINING.exists()
        if not wanted or self.compiler.compiler_type != "unix":
            return False
        told = subprocess.run([self.compiler.compiler[0], "--version"], capture_output=True, text=True)
        return "Free Software Foundation" in told.stdout

    def train(self, files):
        """Build once, counting what runs, and run the training; return whether there are counts."""
        copy = Path(self.build_temp, "training").resolve()
        shutil.rmtree(copy, ignore_errors=True)
        for counts in Path(self.build_temp).rglob("*.gcda"):
            counts.unlink()
        leave_out = shutil.ignore_patterns("*.so", "__pycache__")
        shutil.copytree(SOURCE / "relvar", copy / "relvar", ignore=leave_out)
        made = copy / "relvar" / "_kernels" / Path(self.get_ext_fullpath(SHARED)).name
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, str(TRAINING)]
        try:
            self.compile_all(files, made, COUNTING)
            subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=True)
            if not any(Path(self.build_temp).rglob("*.gcda")):
                raise RuntimeError("nothing was counted")
        except Exception as error:  # relvar works without; what it is that fails can be anything
            told = getattr(error, "stderr", None) or ""
            print(
                f"WARNING: relvar's kernels are not laid out by what runs often ({error}). {told}",
                file=sys.stderr,
            )
            return False
        finally:
            shutil.rmtree(copy, ignore_errors=True)
        return True

    def compile_all(self, files, made, flags):
        """Compile all C files and link them."""
        optimized = ["-O2", "-g0", *flags] if self.compiler.compiler_type == "unix" else []

        def compiled(item):
            name, path = item
            return self.compiler.compile(
                [str(path)],
                output_dir=self.build_temp,
                macros=[("PyInit_" + name.rpartition(".")[2], start(name))] if name != SHARED else [],
                include_dirs=[str(WRITTEN)],
                extra_postargs=optimized,
            )

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            # the largest first, so that no processor is left with one at the end
            largest = sorted(files.items(), key=lambda item: -item[1].stat().st_size)
            objects = [path for paths in pool.map(compiled, largest) for path in paths]
        made.parent.mkdir(parents=True, exist_ok=True)
        self.compiler.link_shared_object(
            sorted(objects),
            str(made),
            export_symbols=["PyInit__compiled"],
            extra_postargs=flags,
            build_temp=self.build_temp,
        )


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildShared})
