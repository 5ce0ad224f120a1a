"""
The types of `relvar._kernels.loader`, whose source is Cython in Python syntax.
"""

from typing import Any

from relvar._kernels.attributes import State
from relvar._kernels.identity import IdentityMap

EXPIRED: Any
TOKEN: Any
PARTIAL: Any

class Loader:
    mapper: Any
    base: Any
    manager: Any
    pk: Any
    keys: Any
    indexes: Any
    processors: Any
    joined: Any
    posts: Any
    discriminator: Any
    polymorphic: Any
    unknown: Any
    forgotten: Any
    is_partial: Any
    is_beyond: Any
    is_refresh: Any
    is_special: Any
    overwrites: Any
    repeats: Any
    gathers: Any
    allow_partial_pks: Any
    path: Any
    key_set: Any
    pk_index: Any
    pk_processor: Any
    count: Any
    has_processors: Any
    slots: Any
    def __cinit__(self, *args: Any, **kw: Any) -> None: ...
    def __dealloc__(self) -> None: ...
    def __init__(
        self,
        mapper: Any,
        base: Any,
        manager: Any,
        pk: tuple[Any, ...],
        columns: Any,
        path: tuple[Any, ...] = (),
    ) -> None: ...

class Joined:
    key: Any
    loader: Any
    collect: Any
    many: Any
    def __init__(self, key: str, loader: Loader, collect: Any, many: Any = None) -> None: ...

class Run:
    session: Any
    identity_map: IdentityMap
    session_id: Any
    populate: Any
    refresh: Any
    refreshed: Any
    only: Any
    token: Any
    tree: Any
    on_persistent: Any
    context: Any
    actives: Any
    queue: Any
    cohorts: Any
    given: Any
    def activate(self, item: Any) -> Any: ...

class LoadContext:
    session: Any
    connection: Any
    statement: Any
    binds: Any
    execution_options: Any
    bind_arguments: Any
    site: Any

class Connecting:
    def of(self, session: Any, mapper: Any, clause: Any, bind_arguments: Any, options: Any) -> Any: ...
    def to_load(self, session: Any, context: LoadContext, mapper: Any, make: Any) -> Any: ...

class Connects:
    by: Connecting

connects: Connects

class _Growing:
    plan: Any
    active: Active
    entries: dict[Any, Any]
    order: list[Any]
    last: State
    last_entry: Any

class Active:
    loader: Any
    table: Any
    todo: Any
    joined: list[Any]
    touched: set[Any]
    tracks: Any
    mark: Any
    children: dict[Any, Any]
    on_load: Any
    on_refresh: Any
    above: Any
    peers: Any
    keys: list[Any]

def made_run(
    session: Any, identity_map: IdentityMap, context: Any = None, tree: Any = None, on_persistent: Any = None
) -> Run: ...
def made_context(
    session: Any,
    connection: Any = None,
    statement: Any = None,
    binds: Any = (),
    execution_options: Any = None,
) -> LoadContext: ...
def finish(run: Run) -> None: ...
def load_scalars(rows: Any, active: Active, run: Run) -> list[Any]: ...
def load_entities(rows: list[Any], loader: Loader, run: Run) -> list[Any]: ...

IN_NO_ROW: int

class Column:
    index: Any
    processor: Any
    def __init__(self, index: int, processor: Any) -> None: ...

class Bundled:
    items: Any
    make: Any
    def __init__(self, items: Any, make: Any) -> None: ...

def load_rows(rows: Any, items: Any, run: Run) -> list[Any]: ...

__all__ = [
    "Active",
    "Connecting",
    "Connects",
    "IN_NO_ROW",
    "Bundled",
    "Column",
    "Joined",
    "LoadContext",
    "Loader",
    "Run",
    "connects",
    "load_entities",
    "load_rows",
    "load_scalars",
    "made_context",
    "made_run",
]
