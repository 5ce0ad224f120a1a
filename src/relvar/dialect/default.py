"""
The dialect that others build on: PEP 249 as written, SQL as in the standard.

A dialect says what a database can do (class attributes, each a question with
a default answer), which classes make text for it, and how to speak to the
driver (``do_...`` methods).  What is only known once connected is found out
in `initialize`, on the first connection of an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from relvar import exc
from relvar.compile.compiler import SQLCompiler
from relvar.compile.ddl import DDLCompiler
from relvar.compile.names import IdentifierPreparer
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.interface import (
    AggregateOrderByStyle,
    BindTyping,
    Dialect,
)
from relvar.dialect.registry import registry
from relvar.expr.dialectkw import set_dialect_loader
from relvar.expr.names import quoted_name
from relvar.types import adapt_type
from relvar.util.convert import asbool, asint, bool_or_str
from relvar.util.immutable import immutabledict
from relvar.util.memoized import memoized_property
from relvar.util.moved import module_of
from relvar.util.warning import warn, warn_deprecated

_NOT_GIVEN: Any = object()
_MEMOS = frozenset({"_type_memos", "_text_type_facts"})


class DefaultDialect(Dialect):
    """
    Implementation of `Dialect` for PEP 249 drivers.
    """

    # -- classes that make text ------------------------------------------
    statement_compiler: Any = SQLCompiler
    ddl_compiler: Any = DDLCompiler
    type_compiler_cls: Any = GenericTypeCompiler
    preparer: Any = IdentifierPreparer
    execution_ctx_cls: Any = DefaultExecutionContext
    inspector: Any = None

    # -- who it is --------------------------------------------------------
    name: str = "default"
    driver: str = ""
    is_async: bool = False
    minimum_dbapi_version: Any = None
    # What to say when the driver is not installed.
    pip_name: ClassVar[str | None] = None

    # -- types -------------------------------------------------------------
    colspecs: Mapping[type[Any], type[Any]] = {}
    ischema_names: Mapping[str, Any] = {}
    supports_native_enum: bool = False
    supports_native_boolean: bool = False
    supports_native_uuid: bool = False
    supports_native_decimal: bool = False
    supports_native_json_serialization: bool = False
    supports_native_json_deserialization: bool = False
    dialect_injects_custom_json_deserializer: bool = False
    non_native_boolean_check_constraint: bool = True
    returns_native_bytes: bool = False
    bind_typing: BindTyping = BindTyping.NONE
    # what would be lost without a word is an error: create_engine(strict=True)
    strict: bool = False
    include_set_input_sizes: Any = None
    exclude_set_input_sizes: Any = None
    _json_serializer: Callable[[Any], str] | None = None
    _json_deserializer: Callable[[str], Any] | None = None
    _legacy_binary_type_literal_encoding: str = "utf-8"

    # -- values written inline -----------------------------------------------
    # a NUL character ends the text of a statement, even within quotes
    nul_ends_statement: bool = False
    # bytes, of which the template gets the hexadecimal digits; None: as the text they encode
    binary_literal_template: str | None = None
    # NaN, Infinity, -Infinity -> how it is written; what is not there has no literal form.
    # None: as Python writes it
    non_finite_literals: Mapping[str, str] | None = None
    # whether ``1E-7`` is a float, while ``0.0000001`` is an exact number
    exponent_makes_float: bool = False

    # -- SQL -----------------------------------------------------------------
    default_paramstyle: str = "named"
    div_is_floordiv: bool = True
    tuple_in_values: bool = False
    supports_is_distinct_from: bool = True
    supports_simple_order_by_label: bool = True
    supports_for_update_of: bool = False
    cte_follows_insert: bool = False
    aggregate_order_by_style: AggregateOrderByStyle = AggregateOrderByStyle.INLINE
    requires_name_normalize: bool = False

    # -- INSERT, UPDATE, DELETE -------------------------------------------
    supports_default_values: bool = False
    supports_default_metavalue: bool = False
    default_metavalue_token: str = "DEFAULT"
    supports_empty_insert: bool = True
    supports_multivalues_insert: bool = False
    insert_returning: bool = False
    update_returning: bool = False
    delete_returning: bool = False
    update_returning_multifrom: bool = False
    delete_returning_multifrom: bool = False
    update_executemany_returning: bool = False
    delete_executemany_returning: bool = False
    favor_returning_over_lastrowid: bool = False
    postfetch_lastrowid: bool = True
    insert_null_pk_still_autoincrements: bool = False
    preexecute_autoincrement_sequences: bool = False
    use_insertmanyvalues: bool = False
    use_insertmanyvalues_wo_returning: bool = False
    insertmanyvalues_implicit_sentinel: Any = 1
    insertmanyvalues_page_size: int = 1000
    insertmanyvalues_max_parameters: int = 32700
    supports_sane_rowcount: bool = True
    supports_sane_multi_rowcount: bool = True
    # False where the foreign key of a row to itself forbids to delete the row
    deletes_rows_that_refer_to_themselves: bool = True
    # Whether a flush deletes rows by lists of keys: where executemany() sends one statement for each row.
    deletes_by_list: bool = False
    # Whether many rows are sent as one array for each column, in a text that does not grow.
    writes_by_array: bool = False

    # -- schema ----------------------------------------------------------------
    construct_arguments: Any = None
    supports_schemas: bool = True
    supports_alter: bool = True
    supports_views: bool = True
    supports_comments: bool = False
    inline_comments: bool = False
    supports_constraint_comments: bool = False
    supports_sequences: bool = False
    sequences_optional: bool = False
    supports_identity_columns: bool = False
    default_sequence_base: int = 1
    max_identifier_length: int = 9999
    max_index_name_length: int | None = None
    max_constraint_name_length: int | None = None
    _user_defined_max_identifier_length: int | None = None
    label_length: int | None = None
    reflection_options: tuple[str, ...] = ()
    default_schema_name: str | None = None
    server_version_info: tuple[Any, ...] | None = None

    engine_config_types: Mapping[str, Any] = immutabledict(
        {
            "pool_timeout": asint,
            "echo": bool_or_str("debug"),
            "echo_pool": bool_or_str("debug"),
            "pool_recycle": asint,
            "pool_size": asint,
            "max_overflow": asint,
            "future": asbool,
        }
    )

    def __init__(
        self,
        paramstyle: str | None = None,
        isolation_level: str | None = None,
        dbapi: Any = None,
        implicit_returning: bool = True,
        supports_native_boolean: bool | None = None,
        max_identifier_length: int | None = None,
        label_length: int | None = None,
        insertmanyvalues_page_size: int = _NOT_GIVEN,
        use_insertmanyvalues: bool | None = None,
        compiler_linting: Any = 0,
        server_side_cursors: bool = False,
        skip_autocommit_rollback: bool = False,
        **kwargs: Any,
    ) -> None:
        # dialects of others hand up what is their own
        if kwargs and module_of(type(self)).startswith("relvar."):
            names = ", ".join(repr(name) for name in kwargs)
            raise TypeError(f"Dialect '{self.name}' does not take the argument(s) {names}")
        if server_side_cursors:
            if not self.supports_server_side_cursors:
                raise exc.ArgumentError(f"Dialect {self} does not support server side cursors")
            warn_deprecated(
                "The create_engine.server_side_cursors parameter is deprecated and will be removed in a "
                "future release.  Please use the Connection.execution_options.stream_results parameter.",
                "1.4",
            )
            self.server_side_cursors = True
        self.dbapi = dbapi
        self.skip_autocommit_rollback = skip_autocommit_rollback
        if paramstyle is not None:
            self.paramstyle = paramstyle
        elif dbapi is not None:
            self.paramstyle = dbapi.paramstyle
        else:
            self.paramstyle: str = self.default_paramstyle
        if dbapi is not None and self.minimum_dbapi_version is not None:
            self._check_minimum_dbapi_version()
        self.positional: bool = self.paramstyle in ("qmark", "format", "numeric", "numeric_dollar")
        self._on_connect_isolation_level = isolation_level
        self.implicit_returning = implicit_returning
        # again: a program may have replaced rules of the class since it was made
        self.statement_compiler._init_compiler_cls()
        self.identifier_preparer: Any = self.preparer(self)
        self.type_compiler_instance: Any = self._make_type_compiler()
        if isinstance(type(self).type_compiler, type):
            # it hides the property; whoever reads the attribute wants the instance
            self.__dict__["type_compiler"] = self.type_compiler_instance
        if supports_native_boolean is not None:
            self.supports_native_boolean = supports_native_boolean
        self._user_defined_max_identifier_length = max_identifier_length
        if max_identifier_length:
            self.max_identifier_length = max_identifier_length
        self.label_length = label_length
        self.compiler_linting = compiler_linting
        if use_insertmanyvalues is not None:
            self.use_insertmanyvalues = use_insertmanyvalues
        if insertmanyvalues_page_size is not _NOT_GIVEN:
            self.insertmanyvalues_page_size = insertmanyvalues_page_size

    def _list_writer(self, plan: Any) -> Any:
        """
        Give what sends an UPDATE or INSERT of many rows as one statement, None if nothing does.

        It has ``fewest`` and ``most``, how many rows go so, and ``statement(rows, dbapi_connection)``,
        which gives text and parameters, or None if these rows cannot go so.
        """
        return None

    def _make_type_compiler(self) -> Any:
        # Third-party dialects written for 1.4 name the class ``type_compiler``.
        cls: Any = type(self).type_compiler
        return (cls if isinstance(cls, type) else self.type_compiler_cls)(self)

    @property
    def type_compiler(self) -> Any:
        """The type compiler, under its older name."""
        return self.type_compiler_instance

    # -- capabilities derived from others ---------------------------------------

    @property
    def full_returning(self) -> bool:
        """Whether INSERT, UPDATE and DELETE all have RETURNING; ask for each instead."""
        warn_deprecated(
            "full_returning is deprecated, please use insert_returning, update_returning, delete_returning "
            "(deprecated since: 2.0)",
            "2.0",
        )
        return self.insert_returning and self.update_returning and self.delete_returning

    @memoized_property
    def insert_executemany_returning(self) -> bool:
        """Whether an INSERT of many rows can give rows back."""
        return self.insert_returning and self.supports_multivalues_insert and self.use_insertmanyvalues

    @memoized_property
    def insert_executemany_returning_sort_by_parameter_order(self) -> bool:
        """Whether these rows can come in the order of the parameters."""
        return (
            self.insert_returning
            and self.supports_multivalues_insert
            and self.use_insertmanyvalues
            and bool(int(self.insertmanyvalues_implicit_sentinel) != 0)
        )

    @property
    def supports_sane_rowcount_returning(self) -> bool:
        """Whether ``rowcount`` is right when there is RETURNING."""
        return self.supports_sane_rowcount

    @memoized_property
    def _supports_statement_cache(self) -> bool:
        own = self.__class__.__dict__.get("supports_statement_cache", None)
        if own is None:
            warn(
                f"Dialect {self.name}:{self.driver} will not make use of SQL compilation caching as it does "
                "not set "
                "the 'supports_statement_cache' attribute to ``True``.  This can have significant "
                "performance "
                "implications including some performance degradations in comparison to prior SQLAlchemy "
                "versions.  "
                "Dialect maintainers should seek to set this attribute to True after appropriate "
                "development and "
                "testing for SQLAlchemy 1.4 caching support.   Alternatively, this attribute may be set to "
                "False "
                "which will disable this warning.",
                code="cprf",
            )
        return bool(own)

    def _overrides_default(self, method_name: str) -> bool:
        """Whether a dialect has a way of its own to do what a method does."""
        return getattr(type(self), method_name) is not getattr(DefaultDialect, method_name)

    def _ensure_has_table_connection(self, arg: Any) -> None:
        """
        Refuse what is no connection; for ``has_table()`` of dialects.

        Raises:
            ArgumentError: It is an engine, or something else.
        """
        if not hasattr(arg, "exec_driver_sql"):
            raise exc.ArgumentError(
                "The argument passed to Dialect.has_table() should be a Connection, got "
                f"{type(arg)}. Additionally, the Dialect.has_table() method is for internal dialect use "
                "only; please use ``inspect(some_engine).has_table(<tablename>>)`` for public API use."
            )

    @memoized_property
    def _bind_typing_render_casts(self) -> bool:
        # compilers of others turn it off for a while
        return self.bind_typing is BindTyping.RENDER_CASTS

    # -- types ------------------------------------------------------------------

    @memoized_property
    def _type_memos(self) -> Any:
        return WeakKeyDictionary()

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without what is found again: the memos of types."""
        return {key: value for key, value in self.__dict__.items() if key not in _MEMOS}

    def type_descriptor(self, typeobj: Any) -> Any:
        """Give the dialect's own version of a generic type."""
        return adapt_type(typeobj, self.colspecs)

    def min_year_for_type(self, typeobj: Any) -> int | None:
        """Give the first year a date type can hold, or None."""
        return None

    # -- names --------------------------------------------------------------------

    def validate_identifier(self, ident: str) -> None:
        """Refuse a name that is too long."""
        if len(ident) > self.max_identifier_length:
            raise exc.IdentifierError(
                f"Identifier '{ident}' exceeds maximum length of {self.max_identifier_length} characters"
            )

    def normalize_name(self, name: str | None) -> str | None:
        """Turn a name as the database reports it into one as programs write it."""
        if name is None:
            return None
        if name.upper() == name and not self.identifier_preparer._requires_quotes(name.lower()):
            return name.lower()
        if name.lower() == name:
            return quoted_name(name, quote=True)
        return name

    def denormalize_name(self, name: str | None) -> str | None:
        """Turn a name as programs write it into one as the database has it."""
        if name is None:
            return None
        if name.lower() == name and not self.identifier_preparer._requires_quotes(name.lower()):
            return name.upper()
        return name

    def initialize(self, connection: Any) -> None:
        """
        Find out what only a connection can tell.

        Args:
            connection: A `Connection` outside of any transaction.
        """
        try:
            self.server_version_info = self._get_server_version_info(connection)
        except NotImplementedError:
            self.server_version_info = None
        try:
            self.default_schema_name = self._get_default_schema_name(connection)
        except NotImplementedError:
            self.default_schema_name = None
        try:
            self.default_isolation_level = self.get_default_isolation_level(
                connection.connection.dbapi_connection
            )
        except NotImplementedError:
            self.default_isolation_level = None
        if not self._user_defined_max_identifier_length:
            length = self._check_max_identifier_length(connection)
            if length:
                self.max_identifier_length = length
        if self.label_length and self.label_length > self.max_identifier_length:
            raise exc.ArgumentError(
                f"Label length of {self.label_length} is greater than this dialect's maximum identifier "
                "length of "
                f"{self.max_identifier_length}"
            )

    def _get_server_version_info(self, connection: Any) -> Any:
        raise NotImplementedError()

    def _get_default_schema_name(self, connection: Any) -> Any:
        raise NotImplementedError()

    def _check_max_identifier_length(self, connection: Any) -> int | None:
        return None


def _dialect_class(name: str) -> Any:
    """
    Find the dialect whose options a table or index was given, by name.
    """
    found = registry.load(name)
    inner = getattr(found, "dialect", None)
    return inner if isinstance(inner, type) else found


set_dialect_loader(_dialect_class)
