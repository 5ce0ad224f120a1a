"""What a dialect can do its own way when databases are prepared for tests: the hooks of ``provision``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from relvar.engine.url import URL, make_url


class register:
    """A hook: its usual way, and others by the name of the dialect."""

    def __init__(self, fn: Callable[..., Any], decorator: Callable[[Any], Any] | None = None) -> None:
        self.fns: dict[str, Callable[..., Any]] = {"*": fn}
        self.decorator = decorator
        self.__doc__ = fn.__doc__
        self.__name__: str = fn.__name__

    @classmethod
    def init(cls, fn: Callable[..., Any]) -> register:
        """Make a hook of a function that does the usual thing."""
        return cls(fn)

    @classmethod
    def init_decorator(cls, decorator: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], register]:
        """Make hooks whose ways are all wrapped by a decorator, such as ``contextlib.contextmanager``."""

        def init(fn: Callable[..., Any]) -> register:
            hook = cls(decorator(fn), decorator)
            hook.__doc__, hook.__name__ = fn.__doc__, fn.__name__
            return hook

        return init

    def for_db(self, *dbnames: str) -> Callable[[Callable[..., Any]], register]:
        """Return a decorator that gives the hook another way for some dialects."""

        def decorate(fn: Callable[..., Any]) -> register:
            way = self.decorator(fn) if self.decorator else fn
            for name in dbnames:
                self.fns[name] = way
            return self

        return decorate

    def call_original(self, cfg: Any, *arg: Any, **kw: Any) -> Any:
        """Do the usual thing, for ways that add to it."""
        return self.fns["*"](cfg, *arg, **kw)

    def __call__(self, cfg: Any, *arg: Any, **kw: Any) -> Any:
        return self.fns.get(_backend(cfg), self.fns["*"])(cfg, *arg, **kw)


def _backend(cfg: Any) -> str:
    if isinstance(cfg, str):
        cfg = make_url(cfg)
    if isinstance(cfg, URL):
        return cfg.get_backend_name()
    # a config, or what stands in for one in tests of hooks; else an engine or a connection
    engine = getattr(cfg, "db", cfg)
    url = getattr(engine, "url", None)
    return url.get_backend_name() if isinstance(url, URL) else str(engine.dialect.name)


@register.init
def generate_driver_url(url: URL, driver: str, query_str: str) -> URL | None:
    """Return the URL for another driver; None where the dialect does not have it."""
    from relvar import exc

    new_url = url.set(drivername=f"{url.get_backend_name()}+{driver}")
    if query_str:
        new_url = new_url.update_query_string(query_str)
    try:
        new_url.get_dialect()
    except exc.NoSuchModuleError:
        return None
    return new_url


@register.init
def follower_url_from_main(url: Any, ident: str) -> Any:
    """Return the URL of a follower's database: the same server, another database."""
    return make_url(url).set(database=ident)


@register.init
def update_db_opts(cfg: Any, db_opts: dict[str, Any], options: Any) -> None:
    """Change the arguments that ``create_engine()`` gets."""


@register.init
def configure_follower(cfg: Any, ident: str) -> None:
    """Set up a follower's Config: names of schemas, say."""


@register.init
def create_db(cfg: Any, eng: Any, ident: str) -> None:
    """Make a database for one worker of a parallel run."""
    raise NotImplementedError(f"no DB creation routine for cfg: {eng.url}")


@register.init
def drop_db(cfg: Any, eng: Any, ident: str) -> None:
    """Drop the database of one worker."""
    raise NotImplementedError(f"no DB drop routine for cfg: {eng.url}")


@register.init
def run_reap_dbs(url: Any, ident: str) -> None:
    """Drop databases that earlier runs left."""


@register.init
def post_configure_engine(url: Any, engine: Any, follower_ident: str | None) -> None:
    """See an engine under test when it has been made."""


@register.init
def post_configure_testing_engine(url: Any, engine: Any, options: Any, scope: str) -> None:
    """See an engine that a test made."""


@register.init
def drop_all_schema_objects_pre_tables(cfg: Any, eng: Any) -> None:
    """Drop what must go before the tables."""


@register.init
def drop_all_schema_objects_post_tables(cfg: Any, eng: Any) -> None:
    """Drop what can go only after the tables."""


@register.init
def prepare_for_drop_tables(cfg: Any, connection: Any) -> None:
    """Do what dropping tables needs: end transactions that hold locks, say."""


@register.init
def stop_test_class_outside_fixtures(config: Any, db: Any, testcls: type) -> None:
    """See the end of a test class."""


@register.init
def temp_table_keyword_args(cfg: Any, eng: Any) -> dict[str, Any]:
    """Return the arguments of ``Table`` that make a temporary table."""
    return {"prefixes": ["TEMPORARY"]}


@register.init
def get_temp_table_name(cfg: Any, eng: Any, base_name: str) -> str:
    """Return the name of a temporary table, where the database wants it marked."""
    return base_name


@register.init
def set_default_schema_on_connection(cfg: Any, dbapi_connection: Any, schema_name: str) -> None:
    """Make a schema the default one of a driver's connection."""
    raise NotImplementedError(f"backend does not implement a schema name set function: {cfg.db.url}")


@register.init
def upsert(
    cfg: Any,
    table: Any,
    returning: Any,
    *,
    set_lambda: Any = None,
    sort_by_parameter_order: bool = False,
    index_elements: Any = None,
) -> Any:
    """Return an INSERT that does nothing, or what ``set_lambda`` says, where the row is there."""
    raise NotImplementedError(f"backend does not include an upsert implementation: {cfg.db.url}")


@register.init
def normalize_sequence(cfg: Any, sequence: Any) -> Any:
    """Give a sequence the options that the database wants."""
    return sequence


@register.init
def allow_stale_update_impl(cfg: Any) -> Any:
    """Return a context manager under which updates by stale versions go through."""
    return contextlib.nullcontext()


@register.init
def delete_from_all_tables(connection: Any, cfg: Any, metadata: Any) -> None:
    """Delete the rows of all tables, children first."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())


@register.init
def is_preferred_driver(cfg: Any, engine: Any) -> bool:
    """Return whether an engine's driver is the one that long tests run on."""
    return True


@register.init
def dbapi_error(cfg: Any, cls: Any, message: str) -> Any:
    """Return an error of the driver, for tests of how errors are passed on."""
    return cls(message)


@register.init
def profile_platform_tokens(cfg: Any) -> list[str]:
    """Return what tells the platform apart in profiles."""
    return []
