"""
What a compiler of SQL statements keeps while it works, and what stays.

`SQLCompiled` declares it all in one place; the rule families are mixins upon it
and add methods only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from relvar._kernels.texts import AnonymousNames, final_name
from relvar.compile.base import (
    COLLECT_CARTESIAN_PRODUCTS,
    NO_LINTING,
    Compiled,
    ExpandedState,
    Linting,
    ResultColumnsEntry,
)
from relvar.compile.marks import POSITION_END, POSITION_START
from relvar.types.emulated import Emulated
from relvar.util.fields import NamedTuple
from relvar.util.immutable import EMPTY_DICT
from relvar.util.pattern import pattern

BIND_TEMPLATES = {
    "pyformat": "%%(%(name)s)s",
    "qmark": "?",
    "format": "%%s",
    "numeric": ":[_POSITION]",
    "numeric_dollar": "$[_POSITION]",
    "named": ":%(name)s",
}

EXTRACT_FIELDS = (
    *("year", "quarter", "month", "week", "day", "dow", "doy", "hour", "minute", "second"),
    *("milliseconds", "microseconds", "epoch", "timezone_hour", "timezone_minute"),
)
"Fields of EXTRACT that are written as they are named, unless a dialect's compiler knows better."

FRAME_SELECTABLE = "selectable"
FRAME_CORRELATE = "correlate_froms"
FRAME_ASFROM = "asfrom_froms"

# Compilers that write parts of one statement have these in common.
_OF_THE_STATEMENT = (
    "binds",
    "bind_names",
    "stack",
    "anon_map",
    "truncated_names",
    "_truncated_counters",
    "_function_depth",
)


class InsertBlock(NamedTuple):
    """
    A block that inserts many rows, for a database whose INSERT takes one; rows come back in order.

    Attributes:
        parameters, row: Templates for each row: a NUL character stands for its number.
        most_rows: How many rows it may have.
    """

    head: str
    parameters: str
    middle: str
    row: str
    tail: str
    most_rows: int

    def text(self, count: int) -> str:
        """
        Return the block for so many rows.
        """
        parameters = ", ".join([self.parameters.replace("\0", str(number)) for number in range(count)])
        rows = "".join([self.row.replace("\0", str(number)) for number in range(count)])
        return f"{self.head}{parameters}{self.middle}{rows}{self.tail}"


class InsertManyValues(NamedTuple):
    """
    The pieces from which a batched ``INSERT ... VALUES (...), (...)`` is put together.

    Attributes:
        is_default_expr: The VALUES part is a single ``DEFAULT``-like expression.
        single_values_expr: The text of one row's values, in parentheses.
        insert_crud_params: ``(column, name in text, value text, parameter names)`` per column.
        num_positional_params_counted: Positional parameters in one row.
        sort_by_parameter_order: Returned rows are put in the order of the parameters.
        includes_upsert_behaviors: An ON CONFLICT or the like follows.
        sentinel_columns: Columns by which returned rows are matched to parameters.
        num_sentinel_columns: How many of them.
        sentinel_param_keys: Parameters that carry the sentinels, if the client knows them.
        implicit_sentinel: The server makes the sentinels, in order.
        embed_values_counter: The batch is sent as an ordered ``SELECT`` from VALUES.
        text_behind: What follows the values: ON CONFLICT, RETURNING.
        marked_values_expr: *single_values_expr* with the `marks` of its parameters, for drivers that
            number them.
        block: What is sent in place of one INSERT with many rows.
    """

    is_default_expr: bool
    single_values_expr: str
    insert_crud_params: Sequence[tuple[Any, str, str, Sequence[str]]]
    num_positional_params_counted: int
    sort_by_parameter_order: bool = False
    includes_upsert_behaviors: bool = False
    sentinel_columns: Sequence[Any] | None = None
    num_sentinel_columns: int = 0
    sentinel_param_keys: Sequence[str] | None = None
    implicit_sentinel: bool = False
    embed_values_counter: bool = False
    text_behind: str = ""
    marked_values_expr: str = ""
    block: InsertBlock | None = None


class TypeFacts(NamedTuple):
    """
    What the text needs to know of a type on a dialect.

    Attributes:
        wraps_binds: Parameters are rendered inside of an expression.
        wraps_columns: Selected columns are.
        casts_binds: Placeholders are rendered with a cast.
        casts_literals: So is what takes the place of a parameter when the statement runs.
        impl: The dialect's version of the type.
        binds_differ: Parameters are more than a placeholder, for any of these reasons.
    """

    wraps_binds: bool
    wraps_columns: bool
    casts_binds: bool
    casts_literals: bool
    impl: Any
    binds_differ: bool


class SQLCompiled(Compiled):
    """
    The compiled form of a SQL statement or expression, without the rules.
    """

    is_sql = True

    # -- what a dialect's compiler may change ----------------------------

    ansi_bind_rules = False
    "Do not allow a bare parameter in the columns clause of a SELECT."
    extract_map: Mapping[str, str] = {field: field for field in EXTRACT_FIELDS}
    compound_keywords: Mapping[Any, str]
    bindname_escape_characters: Mapping[str, str] = {
        "%": "P",
        "(": "A",
        ")": "Z",
        ":": "C",
        ".": "_",
        "[": "_",
        "]": "_",
        " ": "_",
    }
    returning_precedes_values = False
    "RETURNING stands before VALUES or WHERE."
    render_table_with_column_in_update_from = False
    "SET names the table where an UPDATE has several."
    _bind_translate_re: re.Pattern[str]
    _bind_names_are_sent = True
    "The names of parameters go to a database; if not, they are shown as they were given."
    _strict_bind_names = False
    "Placeholders end at the first character that is no part of a word."

    # -- facts about the statement ---------------------------------------

    # keys of further rows of VALUES that no column took
    _unused_values: tuple[str, ...] = ()
    isinsert = False
    isupdate = False
    isdelete = False
    isplaintext = False
    is_select = False
    inline = False
    has_out_parameters = False
    postfetch_lastrowid = False
    for_executemany: bool = False
    insert_single_values_expr: str | None = None
    column_keys: list[str] | None = None
    effective_returning: Sequence[Any] | None = None
    implicit_returning: Sequence[Any] | None = None
    insert_prefetch: Sequence[Any] = ()
    update_prefetch: Sequence[Any] = ()
    postfetch: Sequence[Any] = ()
    translate_select_structure: Any = None
    "A function that returns what to render instead of a SELECT; see `SelectRules.visit_select`."
    linting: Linting = NO_LINTING
    _from_linter: Any = None
    _insertmanyvalues: InsertManyValues | None = None
    _get_inserted_primary_key_columns: Sequence[Any] | None = None

    # -- result ----------------------------------------------------------

    _loose_column_name_matching = False
    _result_columns: list[ResultColumnsEntry]
    _ordered_columns = True
    _textual_ordered_columns = False
    _ad_hoc_textual = False

    # -- parameters ------------------------------------------------------

    binds: dict[str, Any]
    bind_names: dict[Any, str]
    _crud_names: dict[Any, str]
    "Names that INSERT and UPDATE give to parameters of plain values: the columns' keys."
    literal_execute_params: frozenset[Any] = frozenset()
    post_compile_params: frozenset[Any] = frozenset()
    escaped_bind_names: Mapping[str, str] = EMPTY_DICT
    positional: bool = False
    positiontup: list[str] | None = None
    bindtemplate: str
    compilation_bindtemplate: str = f"{POSITION_START}%(name)s{POSITION_END}"
    _numeric_binds = False
    _numeric_binds_identifier_char: str
    _next_numeric_pos = 0
    _render_postcompile = False
    _pre_expanded_string: str | None = None
    _pre_expanded_positiontup: list[str] | None = None
    _collect_params = True

    # -- while compiling -------------------------------------------------

    stack: list[dict[str, Any]]
    truncated_names: dict[tuple[str, str], str]
    anon_map: AnonymousNames
    ctes: dict[Any, str] | None = None
    ctes_recursive = False
    ctes_by_level_name: dict[tuple[int, str], Any]
    level_name_by_cte: dict[Any, tuple[int, str, Any]]
    cte_positional: dict[Any, list[str]]
    _plain_rules: Any
    "What the class does not override (`relvar._kernels.texts`)."
    _truncated_counters: dict[str, int]
    _facts_memo: dict[type[Any], TypeFacts]
    _around_bind_name: tuple[str, str] = (POSITION_START, POSITION_END)

    def __init__(
        self,
        dialect: Any,
        statement: Any,
        cache_key: Any = None,
        column_keys: Sequence[str] | None = None,
        for_executemany: bool = False,
        linting: Linting = NO_LINTING,
        _supporting_against: Any = None,
        **kwargs: Any,
    ) -> None:
        """
        Compile *statement* for *dialect*.

        Args:
            cache_key: The statement's key; needed to take values of an equal statement.
            column_keys: Columns that an INSERT or UPDATE gets values for when it runs.
            for_executemany: The statement will run with several sets of parameters.
            linting: What to check.
            _supporting_against: The compiler that this one writes a part for.
        """
        # what is not said is as the class has it
        if column_keys is not None:
            self.column_keys = list(column_keys)
        if cache_key is not None:
            self.cache_key = cache_key
        if for_executemany:
            self.for_executemany = for_executemany
        if linting is not NO_LINTING:
            self.linting = linting
        self.binds = {}
        self.bind_names = {}
        self.stack = []
        self._result_columns = []
        self.anon_map = AnonymousNames()
        self.truncated_names = {}
        self._truncated_counters = {}
        self._crud_names = {}
        paramstyle = dialect.paramstyle
        if dialect.positional:
            self.positional = True
            if paramstyle.startswith("numeric"):
                self._numeric_binds = True
                self._numeric_binds_identifier_char = "$" if paramstyle == "numeric_dollar" else ":"
        else:
            self.compilation_bindtemplate = BIND_TEMPLATES[paramstyle]
            self._around_bind_name = ("%(", ")s") if paramstyle == "pyformat" else (":", "")
            self._strict_bind_names = paramstyle == "named" and self._bind_names_are_sent
        template = BIND_TEMPLATES[paramstyle]
        self.bindtemplate = template % {} if paramstyle == "format" else template
        try:
            self._facts_memo = dialect._text_type_facts
        except AttributeError:
            self._facts_memo = dialect._text_type_facts = {}
        self.label_length: Any = dialect.label_length or dialect.max_identifier_length
        if _supporting_against is not None:
            self._continue(_supporting_against)
        super().__init__(dialect, statement, **kwargs)

    def _continue(self, other: Any) -> None:
        """
        Write a part of the statement that *other* compiles: parameters, names and stack are one.
        """
        for name in _OF_THE_STATEMENT:
            setattr(self, name, getattr(other, name))

    def _complete_text(self) -> None:
        if self.positional:
            self._apply_positions()
        if self.schema_translate_map or self.post_compile_params or self.literal_execute_params:
            self._keep_marks()
        if self._render_postcompile:
            self._expand_now()

    @classmethod
    def _init_compiler_cls(cls) -> None:
        super()._init_compiler_cls()
        chars = "".join(re.escape(char) for char in cls.bindname_escape_characters)
        cls._bind_translate_re = pattern(f"[{chars}]" if chars else "(?!)")

    @property
    def sql_compiler(self) -> Any:
        return self

    @property
    def current_executable(self) -> Any:
        """
        The statement that is being compiled right now, a subquery's included.

        Raises:
            IndexError: Nothing is being compiled.
        """
        try:
            return self.stack[-1]["selectable"]
        except IndexError as err:
            raise IndexError("Compiler does not have a stack entry") from err

    @property
    def prefetch(self) -> list[Any]:
        """
        The columns whose default is computed before the statement runs.
        """
        return [*self.insert_prefetch, *self.update_prefetch]

    @property
    def from_linter(self) -> Any:
        """
        What connects the FROM elements of the statement, if *linting* asks for it; else None.

        A statement that takes rows from one of them is not looked at before this is asked for.
        """
        if (
            self._from_linter is None
            and self.linting & COLLECT_CARTESIAN_PRODUCTS
            and self.statement is not None
        ):
            collecting = type(self)(
                self.dialect,
                self.statement,
                column_keys=self.column_keys,
                for_executemany=self.for_executemany,
                linting=COLLECT_CARTESIAN_PRODUCTS,
            )
            self._from_linter = collecting._from_linter
        return self._from_linter

    @from_linter.setter
    def from_linter(self, linter: Any) -> None:
        self._from_linter = linter

    @property
    def returning(self) -> Sequence[Any] | None:
        """
        The columns of RETURNING, asked for or not.
        """
        return self.effective_returning

    def is_subquery(self) -> bool:
        """
        Tell whether a statement within the statement is being compiled.
        """
        return len(self.stack) > 1

    def _type_facts(self, type_: Any) -> TypeFacts:
        """
        Return what the text needs to know of *type_*.

        Kept per class and dialect: only decorators, types with variants and
        those that may be emulated differ from instance to instance.
        """
        memo = self._facts_memo
        facts = memo.get(type_.__class__)
        if facts is not None and not type_._variant_mapping:
            return facts
        dialect = self.dialect
        impl = type_.dialect_impl(dialect)
        plain = type_._unwrapped_dialect_impl(dialect)
        wraps = impl._has_bind_expression
        casts = bool(dialect._bind_typing_render_casts and plain.render_bind_cast)
        casts_literals = casts and plain.render_literal_cast
        facts = TypeFacts(wraps, impl._has_column_expression, casts, casts_literals, plain, wraps or casts)
        if not (type_._is_type_decorator or type_._variant_mapping or isinstance(type_, Emulated)):
            memo[type_.__class__] = facts
        return facts

    def _truncated_identifier(self, ident_class: str, name: Any) -> str:
        """
        Return the final form of an anonymous or overlong name.
        """
        return final_name(name, self, ident_class)

    def _apply_positions(self) -> None:
        raise NotImplementedError

    def _expand_now(self) -> None:
        raise NotImplementedError

    def _process_parameters_for_postcompile(
        self, parameters: Mapping[str, Any], _populate_self: bool = False
    ) -> ExpandedState:
        raise NotImplementedError
