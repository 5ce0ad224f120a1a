"""
What Python itself takes for as much: where no driver is concerned, this stands in the driver's column.

No library that makes as many objects, classes and entries is below these, whatever else it leaves out.
For a write it is what seeing it takes: relvar's own slot, with nothing behind it.
"""

from __future__ import annotations

import ast
import compileall
import os
import queue
import subprocess
import sys
import tempfile
import threading
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any

from bench import null_driver
from bench.workloads.registry import Job

BUILDS = 300


def bare_objects() -> Job:
    """Make as many objects with as many values as the select with three criteria, a join and an order has."""

    new = SimpleNamespace

    def table(*names: str) -> SimpleNamespace:
        return new(c=new(**{name: new(name=name, type=int) for name in names}))

    p, c = table("id", "name"), table("id", "name", "parent_id")
    nothing: dict[str, Any] = {}

    def build(i: int) -> SimpleNamespace:
        # written out: a function of Python for each kind of object would take as long as the objects
        bound = new(value=i, type=p.c.id.type, unique=True, modes=0, name="id")
        above = new(left=p.c.id, right=bound, operator=">", negate="<=", type=bool, modifiers=nothing)
        bound = new(value="x", type=c.c.name.type, unique=True, modes=0, name="name")
        named = new(left=c.c.name, right=bound, operator="=", negate="!=", type=bool, modifiers=nothing)
        bound = new(value="a%", type=p.c.name.type, unique=True, modes=0, name="name")
        like = new(left=p.c.name, right=bound, operator="~", negate="!~", type=bool, modifiers=nothing)
        on = new(left=c.c.parent_id, right=p.c.id, operator="=", negate="!=", type=bool, modifiers=nothing)
        statement = new(columns=[p.c.id, c.c.name])
        statement = new(columns=statement.columns, joins=((c, on, None, nothing),))
        statement = new(columns=statement.columns, joins=statement.joins, where=(above, named, like))
        return new(columns=statement.columns, joins=statement.joins, where=statement.where, order=(c.c.name,))

    def run() -> int:
        for i in range(BUILDS):
            build(i)
        return BUILDS

    return Job(run, BUILDS, BUILDS)


def _fresh(part: Any) -> Any:
    return tuple([_fresh(item) for item in part]) if type(part) is tuple else part


def _key_values(build: Callable[[Any], Any]) -> Any:
    """
    Return the values that a statement's key is made of.

    Args:
        build: As for `key_job`: given a library, returns what builds statements.
    """
    # in pure Python a key is a tuple of all that was mixed
    code = (
        "from bench.library import load\n"
        "from relvar._kernels.keys import statement_key\n"
        f"from {build.__module__} import {build.__name__} as build\n"
        "print(statement_key(build(load('relvar'))(1))[0])"
    )
    pure = {**os.environ, "RELVAR_PURE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=pure, capture_output=True, text=True, check=True)
    return ast.literal_eval(done.stdout)


def hashed_tuples(build: Callable[[Any], Any]) -> Callable[[], Job]:
    """Hash tuples of the values that a statement's key is made of, each for the first time."""

    def job() -> Job:
        key = _key_values(build)
        built: list[Any] = []

        def before() -> None:
            built[:] = [_fresh(key) for _ in range(BUILDS)]

        def run() -> int:
            for statement in built:
                hash(statement)
            return BUILDS

        return Job(run, BUILDS, BUILDS, before=before)

    return job


class _Entity:
    pass


def executed(
    build: Callable[[Any], Any], new_statement: bool = True, entity: bool = False
) -> Callable[[], Job]:
    """
    Do on the null driver what no library is without: each step as its floor does it.

    Make the objects of a select by key, hash the values of its key, have the driver execute it, make a row
    or an object that is held weakly.

    Args:
        build: As for `_key_values`.
        new_statement: Make a statement, and its key, each time.
        entity: Make an object rather than a row.
    """

    def job() -> Job:
        key = _key_values(build)
        keys: list[Any] = []
        connection = null_driver.connect()
        new, nothing = SimpleNamespace, dict[str, Any]()
        c = new(id=new(name="id", type=int))
        held: dict[int, Any] = {}

        def before() -> None:
            keys[:] = [_fresh(key) for _ in range(BUILDS)]

        def run() -> int:
            made: Any
            for i in range(BUILDS):
                if new_statement:
                    bound = new(value=i, type=c.id.type, unique=True, modes=0, name="id")
                    same = new(
                        left=c.id, right=bound, operator="=", negate="!=", type=bool, modifiers=nothing
                    )
                    statement = new(columns=[c])
                    statement = new(columns=statement.columns, where=(same,))
                    hash(keys[i])
                cursor = connection.cursor()
                cursor.execute("", (i,))
                if entity:
                    for row in cursor.fetchall():
                        made = _Entity()
                        made.id, made.name = row
                        held[i] = weakref.ref(made)
                else:
                    made = new(cursor=cursor, row=cursor.fetchone())
                    cursor.fetchone()
                cursor.close()
                made = None
            return BUILDS

        return Job(run, BUILDS, BUILDS, before=before)

    return job


def _surface() -> Iterator[str]:
    """Yield the text of a module that has what importing the ORM makes: classes and functions, all empty."""
    import relvar.orm as orm

    assert orm
    classes: dict[type, str] = {}

    def parameters(function: FunctionType) -> str:
        return ", ".join(function.__code__.co_varnames[: function.__code__.co_argcount])

    def methods(cls: type) -> Iterator[str]:
        for name, value in vars(cls).items():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            # what is called when a class or an object is made stays out: it would have to work
            if isinstance(function, FunctionType) and name not in NOT_EMPTY and name.isidentifier():
                yield f"    def {name}({parameters(function)}): pass"

    def class_text(cls: type) -> Iterator[str]:
        for base in cls.__bases__:
            if base.__module__.startswith("relvar") and base not in classes:
                yield from class_text(base)
        classes[cls] = f"C{len(classes)}"
        bases = ", ".join(classes[base] for base in cls.__bases__ if base in classes)
        yield f"class {classes[cls]}({bases}):\n    pass"
        yield from methods(cls)

    yield "import " + ", ".join(STANDARD)
    for name in sorted(found for found in sys.modules if found.startswith("relvar")):
        for value in list(vars(sys.modules[name]).values()):
            if getattr(value, "__module__", None) != name:
                continue
            if isinstance(value, type) and value not in classes:
                yield from class_text(value)
            elif isinstance(value, FunctionType):
                yield f"def {value.__name__.replace('<lambda>', 'f')}({parameters(value)}): pass"


NOT_EMPTY = {
    "__call__", "__class_getitem__", "__getattr__", "__init_subclass__", "__instancecheck__", "__new__",
    "__prepare__", "__set_name__", "__subclasscheck__",
}  # fmt: skip
STANDARD = (
    "collections", "contextlib", "datetime", "decimal", "enum", "functools", "json", "operator", "re",
    "threading", "typing", "uuid", "weakref",
)  # fmt: skip


def write_surface(place: str) -> None:
    """Write the module of empty classes into a folder, and its byte code."""
    text = "\n".join(_surface())
    (Path(place) / "surface.py").write_text(text)
    compileall.compile_dir(place, quiet=2)


def empty_classes() -> Job:
    """Import one module of the classes and functions of the ORM, all of them empty, and what these need."""
    from bench.workloads.process import process_job

    place = tempfile.mkdtemp()
    made = f"from bench.workloads.floors import write_surface; write_surface({place!r})"
    subprocess.run([sys.executable, "-c", made], check=True)
    return process_job(f"import sys; sys.path.insert(0, {place!r}); import surface")


class _Plain:
    pass


def plain_objects() -> Job:
    """Hold objects with ten attributes in a list, and weakly by a key."""
    count = 10_000

    def held() -> Any:
        objects, by_key = [], {}
        for key in keys:
            made = _Plain()
            for name in names:
                setattr(made, name, key)
            objects.append(made)
            by_key[key] = weakref.ref(made)
        return objects, by_key

    names = [f"c{i}" for i in range(10)]
    keys = list(range(1000, 1000 + count))

    def run() -> float:
        held()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        kept = held()
        used = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        del kept
        return used / count

    return Job(run, 1, kind="value")


def together(work: Callable[[], None], threads: int) -> None:
    """Do the same in so many threads at once."""
    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


class _Lent:
    __slots__ = ("thing", "where")

    def __init__(self, where: Any) -> None:
        self.where = where
        self.thing = where.get()

    def close(self) -> None:
        self.where.put(self.thing)


def lent_objects(times: int, threads: int = 1) -> Job:
    """Take one of four things from a queue into an object, and close that, in one thread or in several."""
    things: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for _ in range(4):
        things.put(object())

    def work() -> None:
        for _ in range(times):
            _Lent(things).close()

    def run() -> int:
        if threads == 1:
            work()
        else:
            together(work, threads)
        return things.qsize()

    return Job(run, times * threads, 4)


class _Read:
    c0 = 0


def plain_attribute(job: Callable[[Any], Job]) -> Job:
    """Read an attribute of an object of a class that does nothing with it."""
    made = _Read()
    made.c0 = 5
    return job(made)


def noticed_write(job: Callable[[Any], Job]) -> Job:
    """
    Set an attribute of an object whose class sees writes, and finds a state that knows of no attributes.

    That is what it takes to notice a write, before anything follows from it.
    """
    from relvar._kernels.attributes import Manager, MappedObject, attach_state

    class Noticed(MappedObject):
        c0: int

    made = Noticed()
    attach_state(made, Manager(Noticed))
    made.c0 = 5
    return job(made)
