"""
Hold what the tests run against: a Config per database, one of them the current one.

Nothing is known until the pytest plugin has read the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from relvar.engine.base import Engine


class Config:
    """
    One database under test.

    Args:
        db: The engine.
        db_opts: The arguments that ``create_engine()`` got for it.
        options: The parsed command line.
        file_config: The parsed ``setup.cfg`` or ``test.cfg``.
    """

    all: ClassVar[list[Config]] = []

    def __init__(self, db: Engine, db_opts: dict[str, Any], options: Any, file_config: Any) -> None:
        self.db = db
        self.db_opts = db_opts
        self.options = options
        self.file_config = file_config
        self.test_schema: str | None = "test_schema"
        self.test_schema_2: str | None = "test_schema_2"
        self.is_async: bool = bool(getattr(db.dialect, "is_async", False))

    @property
    def db_url(self) -> Any:
        """The engine's URL."""
        return self.db.url

    @property
    def name(self) -> str:
        """What names this database in the names of tests: ``sqlite+pysqlite_3_45_1``."""
        dialect = self.db.dialect
        version = "_".join(str(part) for part in dialect.server_version_info or ())
        return f"{dialect.name}+{dialect.driver}" + (f"_{version}" if version else "")

    @classmethod
    def register(cls, db: Engine, db_opts: dict[str, Any], options: Any, file_config: Any) -> Config:
        """Make a Config and list it; the first is the current one."""
        config = cls(db, db_opts, options, file_config)
        cls.all.append(config)
        if state.current is None:
            state.current = config
        return config

    @classmethod
    def all_configs(cls) -> list[Config]:
        """Return every Config."""
        return list(cls.all)

    @classmethod
    def all_dbs(cls) -> list[Engine]:
        """Return the engine of every Config."""
        return [config.db for config in cls.all]

    _stack: ClassVar[list[Config | None]] = []

    @classmethod
    def push(cls, config: Config, namespace: Any = None) -> None:
        """Make a Config the current one until ``pop()``."""
        cls._stack.append(state.current)
        cls.set_as_current(config, namespace)

    @classmethod
    def push_engine(cls, db: Engine, namespace: Any = None) -> None:
        """Make an engine the one that tests use until ``pop()``."""
        now = current_config()
        cls.push(cls(db, now.db_opts, now.options, now.file_config), namespace)

    @classmethod
    def pop(cls, namespace: Any = None) -> None:
        """Go back to the Config before the last ``push``."""
        if cls._stack:
            cls.set_as_current(cls._stack.pop(), namespace)

    @classmethod
    def reset(cls, namespace: Any = None) -> None:
        """Go back to the Config before the first ``push``."""
        if cls._stack:
            cls.set_as_current(cls._stack[0], namespace)
            cls._stack.clear()

    def skip_test(self, msg: str) -> None:
        """Skip the running test."""
        import pytest

        pytest.skip(msg)

    @classmethod
    def set_as_current(cls, config: Config | None, namespace: Any = None) -> None:
        """Make a Config the one that ``config.db`` and the requirements speak of."""
        state.current = config


class _State:
    current: Config | None = None
    requirements: Any = None
    ident: str = "main"
    any_async: bool = False


state: _State = _State()


def current_config() -> Config:
    """Return the Config of the running test."""
    if state.current is None:
        raise RuntimeError(
            "No database is set up for the tests: load relvar.testing.plugin.pytestplugin in conftest.py "
            "and run pytest with --db NAME or --dburi URL"
        )
    return state.current


def current_dialect() -> Any:
    """Return the dialect of the running test's database."""
    return current_config().db.dialect
