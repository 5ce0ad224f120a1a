"""
Find SQLAlchemy's modules in relvar.

The finder stands first on ``sys.meta_path``.  It answers for

1. ``sqlalchemy`` and what is in it: a `Face`, made when relvar's module is there and complete, so that no
   thread sees half of one; what is for tests has state of its own, so that it is relvar's module itself;
2. ``relvar`` and what is in it: found by the usual finders, but its classes say the module in which
   programs look for them, which they do by ``cls.__module__``;
3. the distribution ``SQLAlchemy``: its version and extras;
4. ``multiprocessing.spawn``: a process that is spawned gets the finder first of all.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

from relvar import exc
from relvar.compat import as_before, places
from relvar.compat.distribution import StandIn
from relvar.compat.face import Face, lacking
from relvar.util.moved import say_module

__all__ = ["install_as_sqlalchemy", "is_installed"]

_lock = threading.Lock()
# modules that classes of relvar say to be of, and that were not shown yet
_named: set[str] = set()


def install_as_sqlalchemy() -> None:
    """
    Let ``import sqlalchemy`` give relvar, in this process and from now on.

    Call it before anything imports SQLAlchemy.  Calling it again does nothing.

    Raises:
        InvalidRequestError: The real SQLAlchemy is imported already.
    """
    with _lock:
        if is_installed():
            return
        real = sys.modules.get("sqlalchemy")
        if real is not None:
            raise exc.InvalidRequestError(
                f"SQLAlchemy {getattr(real, '__version__', '')} is imported already, from "
                f"{getattr(real, '__file__', 'somewhere')}: relvar cannot take its place. Call "
                "relvar.install_as_sqlalchemy() before anything imports SQLAlchemy, or start the program "
                "by python -m relvar.run_as_sqlalchemy, its tests by pytest -p relvar.compat.pytest."
            )
        sys.meta_path.insert(0, Finder())
        for name, module in list(sys.modules.items()):
            if name.startswith("relvar."):
                _adapt(module)
            elif name == "multiprocessing.spawn":
                _tell_spawned(module)


def is_installed() -> bool:
    """
    Tell whether relvar stands in for SQLAlchemy in this process.
    """
    return any(isinstance(finder, Finder) for finder in sys.meta_path)


class Finder(metadata.DistributionFinder):
    """
    Gives relvar's modules by SQLAlchemy's names.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = fullname.partition(".")[0]
        if package == "sqlalchemy":
            if places.is_module(fullname):
                spec = _spec_of_face(fullname)
                _show_named()
                return spec
            # who imports it is told why; who only asks is told that it is not there
            if sys._getframe(2).f_code.co_name != "_find_and_load_unlocked":
                return None
            raise ModuleNotFoundError(lacking(fullname), name=fullname)
        if package == "relvar" and (places.homes_in(fullname) or as_before.is_concerned(fullname)):
            return _spec_with(_adapt, fullname, path)
        if fullname == "multiprocessing.spawn":
            return _spec_with(_tell_spawned, fullname, path)
        return None

    def find_distributions(
        self, context: metadata.DistributionFinder.Context | None = None
    ) -> Iterator[metadata.Distribution]:
        wanted = None if context is None else context.name
        if wanted is None or wanted.lower() == "sqlalchemy":
            yield StandIn()


class _Ready(Loader):
    """
    Gives a module that is there already, and leaves its spec as it was.
    """

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        if self.spec is not None:
            module.__spec__ = self.spec


def _spec_of_face(name: str) -> ModuleSpec:
    found = places.target_of(name)
    # tests that others rewrite look for them by the paths of packages: a face has none
    shared = name.startswith("sqlalchemy.testing.") and not hasattr(found, "__path__")
    module = found if shared else Face(name, found)
    if name == "sqlalchemy":
        module.__dict__["__version__"] = places.API_LEVEL
    origin = getattr(module, "__file__", None)
    return ModuleSpec(name, _Ready(module), origin=origin, is_package=not shared)


def _show_named() -> None:
    """
    Put the modules that classes say to be of where Python looks for them: among those that are imported.
    """
    for name in list(_named):
        _named.discard(name)
        if name not in sys.modules and places.is_module(name):
            spec = _spec_of_face(name)
            module = module_from_spec(spec)
            spec.loader.exec_module(module)  # type: ignore[union-attr]  # it has one
            sys.modules.setdefault(name, module)


def _spec_with(
    then: Callable[[ModuleType], None], name: str, path: Sequence[str] | None
) -> ModuleSpec | None:
    """
    Find a module as usual, by the finders behind ours; *then* is called when it was executed.
    """
    others = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
    spec = next((spec for finder in others if (spec := finder.find_spec(name, path)) is not None), None)
    loader: Any = spec and spec.loader
    if loader is not None:
        execute = type(loader).exec_module

        def exec_module(module: ModuleType) -> None:
            execute(loader, module)
            then(module)

        loader.exec_module = exec_module
    return spec


def _adapt(module: ModuleType) -> None:
    """
    Let the classes of a module of relvar say where programs look for them.
    """
    as_before.leave_out(module)
    for name, home in places.homes_in(module.__name__).items():
        found = vars(module).get(name)
        if isinstance(found, type):
            say_module(found, home)
            _named.add(home)


class _AtFirst:
    """
    Lets a spawned process have the finder when it reads this, which is before it imports the program.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        # relvar may be in a place that the program added
        return exec, (
            f"import sys; sys.path[:] = {sys.path!r}; import relvar; relvar.install_as_sqlalchemy()",
        )


def _tell_spawned(spawn: Any) -> None:
    """
    Change what `multiprocessing` sends to processes it spawns; there is no hook for that.
    """
    prepared = spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, Any]:
        return {"relvar": _AtFirst(), **prepared(name)}

    spawn.get_preparation_data = get_preparation_data
