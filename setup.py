"""
Build relvar's kernels with Cython, all of them or none.

The kernels are plain Python files that Cython can compile.  When there is no
compiler (or no Cython), the same files run as they are: the build warns and
goes on.  All or none, because kernels call each other through C and a mix of
compiled and interpreted ones would be a third mode nobody tests.
"""

import os
import sys
import sysconfig
import warnings
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

KERNELS = Path("src/relvar/_kernels")
NOT_COMPILED = {"__init__", "_shadow"}


def extensions():
    """
    Return one extension per kernel, or none.

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
    sources = sorted(p for p in KERNELS.glob("*.py") if p.stem not in NOT_COMPILED)
    modules = [
        Extension(
            f"relvar._kernels.{path.stem}",
            [str(path)],
            extra_compile_args=["-O2", "-g0"] if os.name != "nt" else [],
        )
        for path in sources
    ]
    return cythonize(
        modules,
        build_dir="build/cython",
        language_level=3,
        quiet=True,
        compiler_directives={
            "binding": True,
            "embedsignature": False,
            "wraparound": False,
            "initializedcheck": False,
            "cdivision": True,
            "auto_pickle": False,
            "annotation_typing": True,
        },
    )


class BuildKernels(build_ext):
    """Compile the kernels; on any failure remove what was built, warn and go on."""

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
