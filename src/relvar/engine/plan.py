# Compiled as it is, see setup.py.
"""
Plans: everything about executing a statement that does not depend on its values.

A plan is made of a compiled statement (see `planning`), kept in the engine's cache under the
statement's key, and shared by all connections and threads.

Rule 1: a plan holds no value of a call, but constants that came with the compiled
statement and are not among the binds of the statement the key stands for.
Rule 2: the layout of the rows is made at the first execution, when the cursor
has told its columns; it is the same for every later one (text statements, whose
columns may change, keep one layout per set of column names).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from relvar import exc
from relvar._kernels.binds import (
    expand_parameters,
    named_rows,
    positional_rows,
    process_values,
    processed_rows,
)
from relvar._kernels.keys import structure
from relvar.dialect import context as contexts
from relvar.rows.cursor import NO_ROWS
from relvar.rows.layout import Layout
from relvar.rows.row import Row

# How many texts a plan keeps for lists of different lengths.
_MAX_EXPANDED = 64


class Plan:
    """
    How to run one statement on one dialect.

    Attributes:
        compiled: What the compiler made.
        text: The SQL text; has markers if `expands` or `translates`.
        load: Whatever the builder of the plan wants to find again.
        names: The parameters' names, each once, in text order.
        slots: Per driver parameter, which of `names`; None when it is one to one.
        keys: Per name, what a driver with named parameters calls it.
        driver_keys: The same for a driver with named parameters, None for a positional one.
        processors: Per slot a bind processor or None; None if no slot has one.
        indexes: Per slot, which bind of the statement has the value; None unless all have one
            and the text is complete.
        expanding: For a plan with lists as values, as `indexes` and `processors` would have it:
            ``(indexes, per slot whether it is a list)``; None if that does not suffice.
        sources: Name -> index of the bind that has the value, if any.
        extra: Binds that are constants of the plan; numbered after the statement's own.
        expands: The text depends on values (IN, literal parameters).
        translates: The text has schema markers.
        unused: What the program gives by name and nothing takes, as a sentence; None if nothing.
        prefetch: ``(name, column, default, is_update)`` of columns whose default is computed first.
        returns_rows: Whether the program gets rows.
        has_out_parameters: Whether the database fills parameters.
    """

    expands: bool
    translates: bool
    is_insert: bool
    is_update: bool
    is_delete: bool
    is_ddl: bool
    is_crud: bool
    is_select: bool
    explicit_returning: bool
    returns_defaults: bool

    __slots__ = (
        "_layouts",
        "_twins",
        "array_writer",
        "batch_writer",
        "binds_count",
        "compiled",
        "dialect",
        "driver_keys",
        "expanded",
        "expanding",
        "expands",
        "explicit_returning",
        "extra",
        "has_out_parameters",
        "implicit_returning",
        "indexes",
        "insertmanyvalues",
        "is_crud",
        "is_ddl",
        "is_delete",
        "is_insert",
        "is_select",
        "is_text",
        "is_update",
        "keeps_rowcount",
        "keys",
        "layout",
        "list_writer",
        "load",
        "names",
        "positional",
        "prefetch",
        "processors",
        "required",
        "returns_defaults",
        "returns_rows",
        "slots",
        "sources",
        "text",
        "translates",
        "unused",
    )

    def __init__(self, dialect: Any, text: str) -> None:
        """
        Make the plan of bare text: no parameters known, facts from the cursor.
        """
        self.dialect: Any = dialect
        self.text: str = text
        self.compiled: Any = None
        self.load: Any = None
        self.names: tuple[str, ...] = ()
        self.slots: tuple[int, ...] | None = None
        self.keys: tuple[str, ...] = ()
        self.driver_keys: tuple[str, ...] | None = None if dialect.positional else ()
        self.processors: tuple[Any, ...] | None = None
        self.indexes: tuple[int, ...] | None = ()
        self.sources: Mapping[str, int] = {}
        self.required: frozenset[str] = frozenset()
        self.extra: tuple[Any, ...] = ()
        self.binds_count: int = 0
        self.positional: bool = dialect.positional
        self.expands = self.translates = False
        self.prefetch: tuple[tuple[str, Any, Any, bool], ...] = ()
        self.is_text: bool = True
        self.is_insert = self.is_update = self.is_delete = self.is_ddl = self.is_crud = self.is_select = False
        self.implicit_returning: Any = None
        self.explicit_returning = self.returns_defaults = False
        self.returns_rows: bool = True
        self.has_out_parameters: bool = False
        self.insertmanyvalues: Any = None
        self.batch_writer: Any = None
        # None: not asked for; False: there is none.
        self.array_writer: Any = None  # of a batched INSERT, see `insertmany`
        self.list_writer: Any = None  # of UPDATE, and of INSERT that gives nothing back, see `run_listed`
        self.keeps_rowcount: bool = False
        self.unused: str | None = None
        self.expanding: tuple[tuple[int, ...], tuple[bool, ...]] | None = None
        # Lengths of the lists -> (text, what the driver calls the parameters).
        self.expanded: dict[tuple[int, ...], tuple[str, tuple[str, ...] | None]] = {}
        self.layout: Layout | None = None
        self._layouts: dict[tuple[str, ...], Layout] = {}
        # In place of `layout`: columns of the same structure, as of two aliases of a table.
        self._twins: Layout | None = None

    # -- rows -------------------------------------------------------------------

    def layout_for(self, cursor: Any, statement: Any = None, driver_names: bool = False) -> Layout:
        """
        Give the columns of *cursor*, which has been executed.

        Args:
            statement: What was executed; its columns are noted if their structure does not tell them apart.
            driver_names: Columns of bare text have the names that the driver gives, in the case it gives.
        """
        layout = self.layout
        if layout is not None:
            return layout
        if self._twins is not None:
            if statement is not None:
                self._twins.note_columns(statement._all_selected_columns)
            return self._twins
        description = cursor.description
        if description is None:
            return NO_ROWS
        if self.dialect.requires_name_normalize and not driver_names:
            normalize = self.dialect.normalize_name
            description = [(normalize(column[0]), *column[1:]) for column in description]
        if self.compiled is None:
            return _layout_of_names(tuple([column[0] for column in description]))
        if self.is_text:
            names = tuple([column[0] for column in description])
            layout = self._layouts.get(names)
            if layout is None:
                layout = self._layouts[names] = self._make_layout(description)
            return layout
        layout = self._make_layout(description)
        if self.load is None and not self.is_crud and layout.has_twins():
            self._twins = layout
        else:
            self.layout = layout
        return layout

    def layout_without_cursor(self) -> Layout:
        """
        Give the columns that a statement has by itself, for a driver that describes none.
        """
        return self._make_layout([(entry.keyname, None) for entry in self.compiled._result_columns])

    def _make_layout(self, description: Sequence[Sequence[Any]]) -> Layout:
        entries = self._entries(description)
        keys: list[str] = []
        index: dict[str, int | None] = {}
        objects: dict[Any, int | None] = {}
        processors: list[Any] = []
        dialect = self.dialect
        for i, (entry, column) in enumerate(zip(entries, description, strict=True)):
            if entry is None:
                name: str = column[0]
                keys.append(name)
                index[name] = None if name in index and not self.is_text else i
                processors.append(None)
                continue
            name = entry.keyname
            keys.append(name)
            if name in index and not self.is_text:
                index[name] = None
            else:
                index[name] = i
            for obj in entry.objects:
                if obj != name if isinstance(obj, str) else True:
                    if isinstance(obj, str) and objects.get(obj, i) != i:
                        objects[obj] = None
                    else:
                        objects.setdefault(obj, i)
            processors.append(contexts.result_processor(dialect, entry.type, column[0], column[1]))
        return Layout(keys, index=index, objects=objects, processors=processors, structures=structure_key)

    def _entries(self, description: Sequence[Sequence[Any]]) -> list[Any]:
        """
        Say for each column of the cursor which compiled column it is, or None.

        Cases:
            1. The statement knows its columns in order, and the counts agree: by position.
            2. Text with columns given in order: by position as far as they go.
            3. Text among the columns, and the counts agree, so that each is one column: by position.
            4. Otherwise by name; unknown names have no type.
        """
        compiled = self.compiled
        if compiled is None:
            return [None] * len(description)
        entries = list(compiled._result_columns or ())
        ordered = getattr(compiled, "_ordered_columns", True)
        textual_ordered = getattr(compiled, "_textual_ordered_columns", False)
        if ordered and not textual_ordered and len(entries) == len(description):
            return entries
        if textual_ordered:
            found = [
                entry._replace(keyname=column[0]) for entry, column in zip(entries, description, strict=False)
            ]
            return [*found, *([None] * (len(description) - len(entries)))]
        if getattr(compiled, "_ad_hoc_textual", False) and len(entries) == len(description):
            return [None if entry.keyname in (None, "*") else entry for entry in entries]
        by_name: dict[str, Any] = {}
        for entry in entries:
            by_name.setdefault(entry.keyname, entry)
            if getattr(compiled, "_loose_column_name_matching", False):
                for obj in entry.objects:
                    if isinstance(obj, str):
                        by_name.setdefault(obj, entry)
        return [by_name.get(column[0]) for column in description]

    # -- parameters -----------------------------------------------------------

    def prepare_lists(self, binds: Sequence[Any]) -> tuple[str, Any] | None:
        """
        Make text and driver's parameters of a plan with lists as values.

        The text is kept per lengths of the lists.

        Returns:
            None when this way does not suffice.
        """
        if self.expanding is None:
            return None
        indexes, flags = self.expanding
        found: Any = expand_parameters(tuple(binds), self.extra, indexes, self.processors, flags)
        if found is None:
            return None
        values, lengths = found
        known = self.expanded.get(lengths)
        if known is None:
            state = self.compiled._process_parameters_for_postcompile(self.collect(binds, None))
            keys = None if self.positional else self._element_keys(state.parameter_expansion)
            known = (state.statement, keys)
            if len(self.expanded) < _MAX_EXPANDED:
                self.expanded[lengths] = known
        text, names = known
        return text, tuple(values) if names is None else dict(zip(names, values, strict=True))

    def _element_keys(self, elements: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        keys: list[str] = []
        for name, key in zip(self.names, self.keys, strict=True):
            if name in elements:
                keys.extend(elements[name])
            else:
                keys.append(key)
        return tuple(keys)

    def arrange(self, values: Sequence[Any]) -> Any:
        """
        Put slot values into the form the driver takes.
        """
        if self.positional:
            return tuple(values)
        return dict(zip(self.keys, values, strict=True))

    def processed(self, named: Mapping[str, Any]) -> Any:
        """
        Give slot values, through their processors, from values by name.
        """
        values: Any = [named[name] for name in self.names]
        if self.slots is not None:
            values = [values[i] for i in self.slots]
        return process_values(values, self.processors)

    def collect(
        self, binds: Sequence[Any], params: Mapping[str, Any] | None, group: int | None = None
    ) -> dict[str, Any]:
        """
        Find the value of every parameter, by name, before processors.

        Args:
            group: The number of the parameter set in an executemany, for messages.

        Raises:
            InvalidRequestError: A parameter has no value.
        """
        named: dict[str, Any] = {}
        compiled_binds = self.compiled.binds if self.compiled is not None else {}
        count = self.binds_count
        for name in self.names:
            bind = compiled_binds[name]
            if params is not None:
                if bind.key in params:
                    named[name] = params[bind.key]
                    continue
                if name in params:
                    named[name] = params[name]
                    continue
            index = self.sources.get(name)
            if index is not None:
                bind = binds[index] if index < count else self.extra[index - count]
            if bind.required:
                where = f", in parameter group {group}" if group else ""
                raise exc.InvalidRequestError(
                    f"A value is required for bind parameter {bind.key!r}{where}", code="cd3x"
                )
            named[name] = bind.effective_value
        return named

    def known(self, binds: Sequence[Any]) -> dict[str, Any]:
        """
        Give the values that the statement itself has, by name.
        """
        count = self.binds_count
        found: dict[str, Any] = {}
        for name, index in self.sources.items():
            bind = binds[index] if index < count else self.extra[index - count]
            if not bind.required:
                found[name] = bind.effective_value
        return found

    def prepare_rows(self, binds: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> tuple[Any, list[Any]]:
        """
        Make the driver's parameters of many rows.

        Returns:
            ``(named, parameters)``: per row the values by name, and what the driver gets.
        """
        if self.slots is None and not self.sources:
            try:
                if self.positional:
                    return rows, positional_rows(rows, self.names, self.processors)
                return rows, named_rows(rows, self.names, self.keys, self.processors)
            except KeyError as err:
                if len(err.args) != 2:
                    raise
        collected = [self.collect(binds, row, number) for number, row in enumerate(rows)]
        return collected, [self.arrange(self.processed(named)) for named in collected]

    def prepare_tuples(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """
        Make the driver's parameters of rows whose values are in the order of `names`.
        """
        processors, slots = self.processors, self.slots
        if self.positional and slots is None and processors is None:
            return rows if type(rows) is list else list(rows)
        result = processed_rows(rows, slots, processors)
        return result if self.positional else [self.arrange(values) for values in result]

    def named(self, values: Any) -> Any:
        """
        Give parameters by name as they were before processors.
        """
        return values

    def taken(self) -> set[str]:
        """
        Give the names under which the program can give values: of parameters, and of their binds.
        """
        binds = self.compiled.binds
        return {*self.names, *[binds[name].key for name in self.names]}

    # -- facts after an INSERT -----------------------------------------------------

    def by_name(self, parameters: Any) -> dict[str, Any]:
        """
        Give one set of the driver's parameters by name, for listeners.
        """
        if not self.positional:
            return dict(parameters)
        order = self.names if self.slots is None else [self.names[i] for i in self.slots]
        return dict(zip(order, parameters))

    def key_rows(self, result: Any) -> list[Any]:
        """
        Find the primary keys that an INSERT made.
        """
        compiled = self.compiled
        table = compiled.statement.table
        columns = list(table.primary_key)
        if not columns:
            return []
        layout = Layout([column.key for column in columns], objects={c: i for i, c in enumerate(columns)})
        values = result._values
        many = type(values) is list
        rows = values if many else [values or {}]
        returned = result._implicit_rows
        automatic = table._autoincrement_column
        made: list[Row[Any]] = []
        getters = [self.parameter_name(column) for column in columns]
        for number, named in enumerate(rows):
            found: list[Any] = []
            back = returned[number]._mapping if returned and number < len(returned) else None
            for column, name in zip(columns, getters, strict=True):
                if back is not None and column in back:
                    found.append(back[column])
                    continue
                value = named.get(name)
                if value is None and column is automatic and not many and compiled.postfetch_lastrowid:
                    value = result._lastrowid
                    processor = column.type._cached_result_processor(self.dialect, None)
                    if processor is not None and value is not None:
                        value = processor(value)
                found.append(value)
            made.append(layout.make_row(tuple(found)))
        return made

    def parameter_name(self, column: Any) -> str:
        """
        Give the name of the parameter that an INSERT or UPDATE has for *column*.
        """
        getter = getattr(self.compiled, "_within_exec_param_key_getter", None)
        return getter(column) if getter is not None else column.key  # type: ignore[no-any-return]  # names are text


@lru_cache(maxsize=256)
def _layout_of_names(names: tuple[str, ...]) -> Layout:
    """
    Give the layout of rows of which only the names are known.
    """
    return Layout(names, structures=structure_key)


def structure_key(obj: Any) -> Any:
    """
    Give the structural key of an expression, or None for anything else.
    """
    return structure(obj).key if hasattr(type(obj), "__visit_name__") else None
