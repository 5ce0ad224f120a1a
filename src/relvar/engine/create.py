"""
Make engines out of URLs.

No function here connects; the pool does, when a connection is asked for.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from typing import Any

from relvar import event, exc
from relvar import pool as pools
from relvar.dialect.default import DefaultDialect
from relvar.engine import base
from relvar.engine import events as _events  # noqa: F401  # gives engines and dialects their events
from relvar.engine.errors import handle_connect_error
from relvar.engine.url import URL, make_url
from relvar.pool.places import forks
from relvar.util.concurrency import in_greenlet, sleep
from relvar.util.convert import asbool
from relvar.util.immutable import immutabledict
from relvar.util.secret import ConnectText, guarded
from relvar.util.signature import parameters_of
from relvar.util.warning import warn_deprecated

DefaultDialect.poolclass = pools.QueuePool
DefaultDialect._async_poolclass = pools.AsyncAdaptedQueuePool

_LINT_COLLECT_AND_WARN = 3

# Keywords of the pool under the names create_engine gives them.
_POOL_NAMES = {
    "pool_logging_name": "logging_name",
    "echo_pool": "echo",
    "pool_timeout": "timeout",
    "pool_recycle": "recycle",
    "pool_events": "events",
    "pool_use_threadlocal": "use_threadlocal",
    "pool_reset_on_return": "reset_on_return",
    "pool_pre_ping": "pre_ping",
    "pool_use_lifo": "use_lifo",
    "pool_size": "pool_size",
    "max_overflow": "max_overflow",
}

_ENGINE_NAMES = ("logging_name", "echo", "query_cache_size", "execution_options", "hide_parameters")


def create_engine(url: str | URL, **kwargs: Any) -> base.Engine:
    """
    Make an engine; nothing is connected until it is used.

    Args:
        url: ``dialect[+driver]://user:password@host:port/database?key=value``.
        connect_args: Further arguments of the driver's ``connect()``.
        creator: A function that connects, in place of the driver's.
        module, paramstyle, isolation_level, json_serializer, ...: What the dialect takes; unknown keywords
            are refused.
        echo: Log SQL: True, or "debug" for rows as well.
        hide_parameters: Leave values out of logs and errors.
        execution_options: Options of every statement.
        query_cache_size: How many compiled statements are kept (500).
        strict: Raise `LossError` where something given would be lost, in place of a `LossWarning`:
            names that nothing takes, values that a column can't hold.
        poolclass, pool: The class of the pool, or the pool itself.
        pool_size, max_overflow: How many connections are kept (5), and how many more may be open (10).
        pool_timeout: Seconds that `connect()` takes at most (30), None: for ever.
        pool_recycle: Seconds after which a connection is replaced when it is next lent (-1: never).
        pool_pre_ping: Ask each connection whether it lives before it is lent.
        pool_use_lifo: Lend the connection that came back last, so that others can grow old and be closed.
        pool_reset_on_return: What ends a transaction left open: "rollback", "commit" or None.

    Raises:
        NoSuchModuleError: Unknown dialect or driver.
        ModuleNotFoundError: The driver is not installed.
        TypeError: A keyword that neither dialect, pool nor engine takes.
        ArgumentError: The pool does not wait in the way that the driver does, asyncio or not.

    >>> from relvar import create_engine, text
    >>> engine = create_engine("sqlite://")
    >>> with engine.connect() as connection:
    ...     connection.scalar(text("SELECT 'hello'"))
    'hello'
    """
    # no traceback shows what is secret in them
    url, kwargs = _guarded_arguments(url, kwargs)
    strategy = _without_deprecated(kwargs)
    if strategy is not None:
        return _of_strategy(strategy, url, kwargs)  # type: ignore[no-any-return]  # a stand-in for an engine
    if not kwargs.pop("future", True):
        raise exc.ArgumentError("The 'future' parameter passed to create_engine() may only be set to True.")
    is_async = bool(kwargs.pop("_is_async", False))
    u = make_url(url)
    u, loaded, kwargs = u._instantiate_plugins(kwargs)
    entrypoint = u._get_entrypoint()
    dialect_cls = entrypoint.get_async_dialect_cls(u) if is_async else entrypoint.get_dialect_cls(u)

    _check_arguments(kwargs)
    strict = bool(kwargs.pop("strict", False))
    dialect = _make_dialect(u, dialect_cls, loaded, kwargs)
    dialect.strict = strict
    pool = kwargs.pop("pool", None)
    connect = _connector(u, dialect, kwargs)
    if pool is None:
        pool = _make_pool(u, dialect, connect, kwargs, loaded)
    else:
        pool._dialect = dialect
        for name in (*_POOL_NAMES, "poolclass"):
            kwargs.pop(name, None)
    _check_pool(pool, dialect)

    engine_args = {name: kwargs.pop(name) for name in _ENGINE_NAMES if name in kwargs}
    initialize = kwargs.pop("_initialize", True)
    if kwargs:
        names = ",".join(f"'{name}'" for name in kwargs)
        raise TypeError(
            f"Invalid argument(s) {names} sent to create_engine(), using configuration "
            f"{dialect.__class__.__name__}/{pool.__class__.__name__}/Engine.  Please check that the keyword "
            "arguments are appropriate for this combination of components."
        )
    engine = base.Engine(pool, dialect, u, **engine_args)
    if initialize:
        _hook_first_connect(engine, pool, dialect, u)
    dialect_cls.engine_created(engine)
    if entrypoint is not dialect_cls and hasattr(entrypoint, "engine_created"):
        entrypoint.engine_created(engine)
    for plugin in loaded:
        plugin.engine_created(engine)
    return engine


_NUMBERS = ("pool_size", "max_overflow", "pool_timeout", "pool_recycle", "query_cache_size")
_PARAMSTYLES = ("qmark", "numeric", "named", "format", "pyformat", "numeric_dollar")


def _check_arguments(kwargs: Mapping[str, Any]) -> None:
    """
    Refuse what would fail later, and far from here.

    Raises:
        ArgumentError: An argument of the wrong kind.
        TypeError: Text in place of a number.
    """
    for name in _NUMBERS:
        if isinstance(kwargs.get(name), str):
            raise TypeError(f"create_engine() takes a number as {name!r}, got {kwargs[name]!r}")
    for name in ("connect_args", "execution_options"):
        given = kwargs.get(name)
        if given is not None and not isinstance(given, Mapping):
            raise exc.ArgumentError(
                f"create_engine() takes a dictionary as {name!r}, got a {type(given).__name__}"
            )
    creator = kwargs.get("creator")
    if creator is not None and not callable(creator):
        raise exc.ArgumentError(f"create_engine() takes a function as 'creator', got {creator!r}")
    for name in ("echo", "echo_pool"):
        if isinstance(kwargs.get(name), str) and kwargs[name] != "debug":
            raise exc.ArgumentError(
                f"create_engine() takes True, False or 'debug' as {name!r}, got {kwargs[name]!r}"
            )
    style = kwargs.get("paramstyle")
    if style is not None and style not in _PARAMSTYLES:
        raise exc.ArgumentError(
            f"create_engine() takes one of {', '.join(_PARAMSTYLES)} as 'paramstyle', got {style!r}"
        )


def _guarded_arguments(url: str | URL, kwargs: dict[str, Any]) -> tuple[str | URL, dict[str, Any]]:
    """
    Give the arguments of `create_engine` with a `Secret` wherever there is one.
    """
    if isinstance(url, str):
        url = ConnectText(url)
    held = {
        name: guarded(dict(value))
        if name == "connect_args" and isinstance(value, Mapping)
        else value
        if not isinstance(value, str)
        else guarded(value, name)
        for name, value in kwargs.items()
    }
    return url, held


_DEPRECATED = {
    "strategy": "keyword is deprecated, and the only argument accepted is 'mock'; please use "
    "create_mock_engine() going forward.  For general customization of create_engine which may have been "
    "accomplished using strategies, see CreateEnginePlugin.",
    "empty_in_strategy": "keyword is deprecated, and no longer has any effect.  All IN expressions are now "
    'rendered using the "expanding parameter" strategy which renders a set of bound expressions, or an '
    '"empty set" SELECT, at statement execution time.',
    "implicit_returning": "parameter is deprecated and will be removed in a future release. ",
}


def _without_deprecated(kwargs: dict[str, Any]) -> Any:
    """
    Warn of what should not be given any more, and take out of *kwargs* what is not looked at.

    Returns:
        The strategy, if one is named.
    """
    for name, said in _DEPRECATED.items():
        if name in kwargs:
            warn_deprecated(f"The create_engine.{name} {said}", "1.4")
    kwargs.pop("empty_in_strategy", None)
    return kwargs.pop("strategy", None)


def _of_strategy(strategy: Any, url: str | URL, kwargs: dict[str, Any]) -> Any:
    if strategy != "mock":
        raise exc.ArgumentError(f"unknown strategy: {strategy!r}")
    from relvar.engine.mock import create_mock_engine  # hardly any program has one

    return create_mock_engine(url, **kwargs)


def _arguments_of(cls: type[Any]) -> set[str]:
    """
    Collect the keywords that a class takes, its bases included.
    """
    names: set[str] = set()
    for parent in cls.__mro__:
        init = parent.__dict__.get("__init__")
        if init is None or parent is object:
            continue
        parameters = parameters_of(init)
        if parameters is None:
            break
        names.update(parameters.names)
        if not parameters.takes_keywords:
            break
    names.discard("self")
    return names


def _make_dialect(url: URL, dialect_cls: Any, loaded: list[Any], kwargs: dict[str, Any]) -> Any:
    """
    Import the driver and make the dialect, taking its arguments out of *kwargs*.
    """
    if kwargs.pop("enable_from_linting", True):
        kwargs.setdefault("compiler_linting", _LINT_COLLECT_AND_WARN)
    arguments = {
        name: kwargs.pop(name) for name in _arguments_of(dialect_cls) & kwargs.keys() if name != "dbapi"
    }
    dbapi = kwargs.pop("module", None)
    if dbapi is None:
        dbapi = dialect_cls.import_dbapi(**_dbapi_arguments(dialect_cls, kwargs))
    arguments["dbapi"] = dbapi
    for plugin in loaded:
        plugin.handle_dialect_kwargs(dialect_cls, arguments)
    return dialect_cls(**arguments)


def _dbapi_arguments(dialect_cls: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    parameters = parameters_of(dialect_cls.import_dbapi)
    names = parameters.names if parameters is not None else ()
    return {name: kwargs.pop(name) for name in names if name in kwargs}


def _connector(url: URL, dialect: Any, kwargs: dict[str, Any]) -> Any:
    """
    Make the function that connects.
    """
    cargs_of_url, cparams = dialect.create_connect_args(url)
    cparams = dict(cparams)
    cparams.update(kwargs.pop("connect_args", {}))
    cparams = guarded(cparams)
    if "async_fallback" in cparams and cparams["async_fallback"] in ("true", "True"):
        cparams["async_fallback"] = True
    cargs = guarded(list(cargs_of_url))
    creator = kwargs.pop("creator", None)
    if creator is not None:
        return creator
    async_creator = kwargs.pop("async_creator", None)
    if async_creator is not None:
        return lambda: dialect.loaded_dbapi.connect(async_creator_fn=async_creator)

    def connect(connection_record: Any = None) -> Any:
        if dialect._has_events:
            for listener in dialect.dispatch.do_connect:
                made = listener(dialect, connection_record, cargs, cparams)
                if made is not None:
                    return made
            # a listener may have put in a password
            cargs[:], guarded_params = guarded(cargs), guarded(cparams)
            cparams.update(guarded_params)
        if connection_record is None:
            return dialect.connect(*cargs, **cparams)
        return connection_record.call_driver(dialect.connect, *cargs, **cparams)

    connect._calls_driver = True  # type: ignore[attr-defined]  # a mark on the function, for the pool
    return connect


def _make_pool(url: URL, dialect: Any, connect: Any, kwargs: dict[str, Any], loaded: list[Any]) -> Any:
    poolclass = kwargs.pop("poolclass", None)
    if poolclass is None:
        poolclass = dialect.get_dialect_pool_class(url)
    if not isinstance(poolclass, type):
        raise exc.ArgumentError(f"poolclass is a class such as QueuePool; got {poolclass!r}")
    accepted = _arguments_of(poolclass)
    arguments: dict[str, Any] = {"dialect": dialect}
    for ours, theirs in _POOL_NAMES.items():
        if ours in kwargs and theirs in accepted:
            arguments[theirs] = kwargs.pop(ours)
    for plugin in loaded:
        plugin.handle_pool_kwargs(poolclass, arguments)
    return poolclass(connect, **arguments)


def _check_pool(pool: Any, dialect: Any) -> None:
    """
    Refuse a pool that would block the event loop, or wait in one that there is not.
    """
    if pool._is_asyncio is not None and pool._is_asyncio is not bool(dialect.is_async):
        kind = "asyncio" if dialect.is_async else "non-asyncio"
        raise exc.ArgumentError(
            f"Pool class {type(pool).__name__} cannot be used with {kind} engine", code="pcls"
        )


def _hook_first_connect(engine: base.Engine, pool: Any, dialect: Any, url: URL) -> None:
    """
    Have the dialect set up each new connection, and look at the database on the first.
    """
    own = dialect.on_connect_url(url)
    builtin = dialect._builtin_onconnect()
    if own is not None:

        def on_connect(dbapi_connection: Any, connection_record: Any) -> None:
            own(dbapi_connection)

        event.listen(pool, "connect", on_connect)
    if builtin is not None:
        event.listen(pool, "connect", builtin)

    # one per process: another thread may hold it when this one forks
    locks: dict[int, threading.Lock] = {}
    is_done = False

    def first_connect(dbapi_connection: Any, connection_record: Any = None) -> None:
        nonlocal is_done
        if is_done:
            return
        # a second thread or task waits until the dialect knows its server
        lock = locks.setdefault(forks.count, threading.Lock())
        # whoever has it in the same event loop goes on only if that is not held up
        while not lock.acquire(blocking=not in_greenlet()):
            sleep(0.001)
        try:
            if not is_done:
                look_at_server(dbapi_connection, connection_record)
                is_done = True
        finally:
            lock.release()

    def look_at_server(dbapi_connection: Any, connection_record: Any) -> None:
        # what the dialect asks for itself is no business of the program's listeners
        silent = copy.copy(engine)
        silent._has_events = False
        connection = base.Connection(
            silent,
            connection=_FirstConnection(dbapi_connection, connection_record),
            _has_events=False,
            _allow_revalidate=False,
            _allow_autobegin=False,
        )
        connection._execution_options = immutabledict()
        try:
            dialect.initialize(connection)
        finally:
            # a server may have begun a transaction for what was asked
            if not connection.invalidated and not connection.closed:
                dialect.do_rollback(dbapi_connection)

    event.listen(pool, "connect", first_connect)
    dialect._handle_ping_error = _ping_error_handler(engine, dialect)
    # the pool at that time: it may be another one after dispose()
    dialect._connect_again = lambda: engine.pool._invoke_creator(None)


def _ping_error_handler(engine: base.Engine, dialect: Any) -> Any:
    def shown(err: BaseException, lost: bool) -> None:
        handle_connect_error(err, dialect, engine, is_pre_ping=True)

    return shown


class _FirstConnection:
    """
    A new DBAPI connection that the pool does not hand out yet, in the shape a Connection wants.
    """

    is_valid = True

    def __init__(self, dbapi_connection: Any, connection_record: Any) -> None:
        self.dbapi_connection = dbapi_connection
        self._connection_record = connection_record
        self.info: dict[Any, Any] = connection_record.info if connection_record is not None else {}

    @property
    def driver_connection(self) -> Any:
        return getattr(self._connection_record, "driver_connection", self.dbapi_connection)

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        return self.dbapi_connection.cursor(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.dbapi_connection, name)

    def invalidate(self, e: BaseException | None = None, soft: bool = False) -> None:
        self.is_valid = False

    def close(self) -> None:
        pass

    def _close_special(self, transaction_reset: bool = False) -> None:
        pass


def engine_from_config(
    configuration: Mapping[str, Any], prefix: str = "sqlalchemy.", **kwargs: Any
) -> base.Engine:
    """
    Make an engine out of text settings, as in a configuration file.

    Args:
        configuration: Has ``<prefix>url`` and more settings with the prefix;
            their values may be text, which is coerced.
        kwargs: Override the settings.
    """
    configuration = guarded(dict(configuration))
    options = {key[len(prefix) :]: value for key, value in configuration.items() if key.startswith(prefix)}
    options.update(kwargs)
    if "url" not in options:
        raise KeyError(f"{prefix + 'url'!r} is not in the configuration; it names the database")
    url = options.pop("url")
    types = make_url(url).get_dialect().engine_config_types
    for name, coerce in types.items():
        if name in options and isinstance(options[name], str):
            options[name] = coerce(options[name])
    for name, coerce in _CONFIG_TYPES.items():
        if name in options and isinstance(options[name], str):
            options[name] = coerce(options[name])
    return create_engine(url, **options)


_CONFIG_TYPES: dict[str, Any] = {
    "pool_pre_ping": asbool,
    "pool_use_lifo": asbool,
    "hide_parameters": asbool,
    "strict": asbool,
    "use_insertmanyvalues": asbool,
    "writes_by_array": asbool,
    "deletes_by_list": asbool,
    "updates_by_list": asbool,
    "enable_from_linting": asbool,
    "query_cache_size": int,
    "label_length": int,
    "max_identifier_length": int,
    "insertmanyvalues_page_size": int,
}


def create_pool_from_url(url: str | URL, **kwargs: Any) -> Any:
    """
    Make only the pool that `create_engine` would make.

    Args:
        kwargs: Keywords of the pool, with their names there or in `create_engine`.
    """
    url, kwargs = _guarded_arguments(url, kwargs)
    for pool_name, engine_name in (
        ("logging_name", "pool_logging_name"),
        ("echo", "echo_pool"),
        ("timeout", "pool_timeout"),
        ("recycle", "pool_recycle"),
        ("reset_on_return", "pool_reset_on_return"),
        ("pre_ping", "pool_pre_ping"),
        ("use_lifo", "pool_use_lifo"),
        ("events", "pool_events"),
    ):
        if pool_name in kwargs:
            kwargs[engine_name] = kwargs.pop(pool_name)
    return create_engine(url, **kwargs, _initialize=False).pool
