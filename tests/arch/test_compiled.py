"""The shared object with all compiled modules, as the import system sees it."""

from __future__ import annotations

import importlib.util
import inspect
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import relvar

pytestmark = pytest.mark.skipif(not relvar.is_compiled(), reason="the kernels are not compiled here")


@pytest.fixture
def shared() -> ModuleType:
    return importlib.import_module("relvar._kernels._compiled")


def test_a_compiled_module_is_what_an_extension_is(shared: ModuleType) -> None:
    from relvar.engine import plan

    assert plan.__spec__ is not None
    assert plan.__spec__.name == plan.__name__ == "relvar.engine.plan"
    assert plan.__package__ == "relvar.engine"
    assert plan.__file__ == plan.__spec__.origin == shared.__file__
    loader: Any = plan.__loader__
    assert loader.get_source("relvar.engine.plan") is None
    assert not loader.is_package("relvar.engine.plan")
    assert importlib.util.find_spec("relvar.engine.plan") is not None
    with pytest.raises(OSError):
        inspect.getsource(plan)


def test_modules_with_equal_last_names_are_their_own(shared: ModuleType) -> None:
    from relvar.engine import execute as of_engine
    from relvar.orm.load import execute as of_loading
    from relvar.orm.session import execute as of_session

    assert {"relvar.engine.execute", "relvar.orm.load.execute"} < shared.names
    assert [module.__name__ for module in (of_engine, of_loading, of_session)] == [
        "relvar.engine.execute",
        "relvar.orm.load.execute",
        "relvar.orm.session.execute",
    ]
    assert hasattr(of_engine, "execute_plain")
    assert not hasattr(of_loading, "execute_plain")


@pytest.mark.skipif(not os.environ.get("CI"), reason="who changes kernels may build them once")
def test_it_is_laid_out_by_what_runs_often(shared: ModuleType) -> None:
    assert shared.trained is True


def test_reloading_changes_nothing() -> None:
    from relvar._kernels import keys

    before = dict(vars(keys))
    assert importlib.reload(keys) is keys
    assert {name: vars(keys)[name] for name in before if not name.startswith("__")} == {
        name: value for name, value in before.items() if not name.startswith("__")
    }


def test_what_is_not_in_it_is_said(shared: ModuleType) -> None:
    create, execute = shared.create_module, shared.exec_module
    with pytest.raises(ImportError, match=r"'relvar\.engine\.nothing' is no compiled module of relvar"):
        create(ModuleSpec("relvar.engine.nothing", None))
    with pytest.raises(TypeError, match="the name of a module is a string, not 7"):
        create(SimpleNamespace(name=7))
    with pytest.raises(AttributeError, match="name"):
        create(object())
    with pytest.raises(TypeError, match="is no compiled module"):
        execute(pytest)
    with pytest.raises(TypeError):
        execute(None)


def test_a_shared_object_that_cannot_be_loaded_is_an_error_and_not_slow() -> None:
    code = (
        "import sys, importlib.abc\n"
        "class Broken(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'relvar._kernels._compiled':\n"
        "            raise ImportError('undefined symbol')\n"
        "sys.meta_path.insert(0, Broken())\n"
        "import relvar\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "undefined symbol" in done.stderr


def test_training_that_fails_is_said_and_does_without(tmp_path: Path) -> None:
    """A compiler that cannot count is no reason to run interpreted."""
    code = f"""
import setuptools
setuptools.setup = lambda ext_modules, cmdclass: None
setup = {{"__name__": "setup"}}
exec(compile(open("setup.py").read(), "setup.py", "exec"), setup)
build = setup["BuildShared"](setuptools.Distribution({{"name": "relvar"}}))
build.build_temp = build.build_lib = {str(tmp_path)!r}
def compile_all(files, made, flags):
    raise OSError("unrecognized option " + flags[0])
build.compile_all = compile_all
print(build.train({{}}))
"""
    root = Path(relvar.__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
    assert "not laid out by what runs often (unrecognized option -fprofile-generate)" in done.stderr
    assert list(tmp_path.iterdir()) == []
