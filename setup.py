"""
Build what relvar compiles with Cython, all of it or nothing.

The kernels are plain Python files with declarations that Cython can compile to
C structures.  Some modules of the layers above, marked in their first line,
are compiled as they are: they lie on the way of each flush or statement and
work on what kernels give them, which costs a third less without the interpreter
(docs/design/0012-compiled-modules.md).  A .pxd beside such a module lays out the
fields of its classes in C.  When there is no compiler (or no
Cython), the same files run interpreted: the build warns and goes on.  All or
nothing, because kernels call each other through C and a mix of compiled and
interpreted modules would be a third mode nobody tests.
"""

import os
import sys
import sysconfig
import warnings
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path("src")
KERNELS = SOURCE / "relvar" / "_kernels"
NOT_COMPILED = {"__init__", "_shadow"}
MARK = "# Compiled as it is, see setup.py.\n"


def extensions():
    """
    Return one extension per kernel and per module compiled as it is, or none.

    None where Cython is missing or RELVAR_PURE is set, and for a free-threaded Python: the kernels keep
    their objects consistent by its lock, which importing them would switch on again for the whole program.
    """
    if os.environ.get("RELVAR_PURE") == "1" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        warnings.warn("Cython is not installed: relvar is built without compiled kernels", stacklevel=1)
        return []

    def compiled(paths, **directives):
        modules = [
            Extension(
                ".".join(path.relative_to(SOURCE).with_suffix("").parts),
                [str(path)],
                extra_compile_args=["-O2", "-g0"] if os.name != "nt" else [],
            )
            for path in sorted(paths)
        ]
        return cythonize(
            modules,
            build_dir="build/cython",
            language_level=3,
            quiet=True,
            compiler_directives={"binding": True, "embedsignature": False, **directives},
        )

    kernels = [path for path in KERNELS.glob("*.py") if path.stem not in NOT_COMPILED]
    as_they_are = [p for p in SOURCE.rglob("*.py") if p.read_text(encoding="utf-8").startswith(MARK)]
    return [
        *compiled(
            kernels,
            wraparound=False,
            initializedcheck=False,
            cdivision=True,
            auto_pickle=False,
            annotation_typing=True,
        ),
        # annotations are for people and type checkers; the rest is Python's meaning, too: what a .pxd beside
        # such a module types may be None, and says so as everything that is None does
        *compiled(as_they_are, annotation_typing=False, auto_pickle=False, nonecheck=True),
    ]


class BuildKernels(build_ext):
    """Compile, on all processors; on any failure remove what was built, warn and go on."""

    def finalize_options(self):
        super().finalize_options()
        if self.parallel is None:
            self.parallel = os.cpu_count()

    def run(self):
        try:
            super().run()
        except Exception as error:  # a compiler can fail in any way; relvar must still install
            if os.environ.get("RELVAR_REQUIRE_COMPILED") == "1":
                raise
            for extension in self.extensions:
                for place in (self.get_ext_fullpath(extension.name), self.get_ext_filename(extension.name)):
                    Path(place).unlink(missing_ok=True)
            self.extensions = []
            print(
                f"WARNING: relvar's kernels could not be compiled ({error}); it runs in pure Python, slower.",
                file=sys.stderr,
            )


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildKernels})
