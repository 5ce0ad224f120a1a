"""
``upsert()``: insert rows, or change those that are there, on any database.

An upsert is an INSERT with a *conflict rule*, which answers two questions: by which
unique key is a row known to be there (the target), and what happens to it then.
`relvar.compile.upsert` resolves the rule, each database's compiler writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, Self

from relvar import exc
from relvar.expr import coerce
from relvar.expr.boolean import and_
from relvar.expr.element import ClauseElement
from relvar.expr.node import NODE, PAIRS, VALUE, Field
from relvar.stmt.insert import Insert
from relvar.stmt.onconflict import set_value

__all__ = ["ConflictRule", "Upsert", "upsert"]


class ConflictRule(ClauseElement):
    """
    What an `Upsert` does about rows that are there.

    Attributes:
        excluded: The row that was not inserted, as a FROM element.
        target: The columns (or expressions) of the unique key; None: the primary key.
        index_where: Pairs of dialect (or ``*``) and the condition of the key, if it is a partial index.
        is_any: Any unique key will do.
        leaves: The row that is there stays as it is.
        assignments: Pairs of column and value, of which None stands for the value that was
            not inserted; None: all columns that the statement gives values for.
        where: Only rows for which it holds are updated.
    """

    __visit_name__ = "conflict_rule"
    _fields = (
        Field("excluded", NODE),
        Field("target", PAIRS),
        Field("index_where", PAIRS),
        Field("is_any", VALUE),
        Field("leaves", VALUE),
        Field("assignments", PAIRS),
        Field("where", NODE),
    )
    stringify_dialect = "postgresql"

    target: tuple[Any, ...] | None = None
    index_where: tuple[tuple[str, Any], ...] = ()
    is_any = False
    leaves = False
    assignments: tuple[tuple[Any, Any], ...] | None = None
    where: Any = None

    def __init__(self, excluded: Any) -> None:
        self.excluded = excluded

    def _with(self, **fields: Any) -> ConflictRule:
        made = self._clone()
        made.__dict__.update(fields)
        return made


class Upsert(Insert):
    """
    An INSERT that updates or leaves the rows that are there; see `upsert`.
    """

    __visit_name__ = "upsert"
    inherit_cache: bool = True
    stringify_dialect = "postgresql"
    # the row may be there already, so there is no "inserted primary key": ask for it with returning()
    _inline = True

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        if not self.table._is_table:
            raise exc.ArgumentError(f"upsert() takes a table or an entity of one table, got {table!r}")
        self._post_values_clause = ConflictRule(self.table.alias("excluded"))

    @property
    def excluded(self) -> Any:
        """
        The columns of the row that was not inserted.
        """
        return self._post_values_clause.excluded.columns

    def on_conflict(self, *target: Any, where: Any = None) -> Self:
        """
        Return a copy that knows rows by this unique key; without it, by the primary key.

        Args:
            target: Its columns, or their names; or else one unique constraint, primary key or
                unique index of the table, or its name.
            where: The condition of a partial unique index.

        Raises:
            ArgumentError: There is no such column or constraint.

        >>> from relvar import Column, Integer, MetaData, String, Table, upsert
        >>> email = Column("email", String, unique=True)
        >>> users = Table("users", MetaData(), Column("id", Integer, primary_key=True), email)
        >>> print(upsert(users).on_conflict("email").do_nothing())
        INSERT INTO users (id, email) VALUES (%(id)s::INTEGER, %(email)s::VARCHAR)
        ON CONFLICT (email) DO NOTHING
        """
        if not target:
            raise exc.ArgumentError(
                "on_conflict() needs the columns of a unique key, or its name; any key is on_any_conflict()"
            )
        columns, index_where = self._target_of(target)
        if where is not None:
            index_where = (("*", coerce.where_criterion(where)),)
        return self._with_rule(target=tuple(columns), index_where=index_where, is_any=False)

    def on_any_conflict(self) -> Self:
        """
        Return a copy for which any unique key of the table tells that a row is there.

        PostgreSQL can do this only with `do_nothing`.  If several rows are equal, each by another
        key, only one of them is updated, and databases differ in which.
        """
        return self._with_rule(target=None, index_where=(), is_any=True)

    def update(self, *columns: Any, **values: Any) -> Self:
        """
        Return a copy that sets columns of the row that is there.

        Without it, all columns are set that the statement gives values for, but for those of
        the target and the primary key.

        Args:
            columns: Columns (or names) that take the value that was not inserted; or
                dictionaries of column (or name) and value.
            values: Values by name: plain ones, or expressions of the table's columns, which have
                the values that are there, and of `excluded`.

        Raises:
            ArgumentError: There is no such column.

        >>> from relvar import Column, Integer, MetaData, Table, create_engine, select, upsert
        >>> engine, metadata = create_engine("sqlite://"), MetaData()
        >>> hits = Table("hits", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
        >>> add = upsert(hits)
        >>> add = add.update(n=hits.c.n + add.excluded.n)
        >>> with engine.begin() as connection:
        ...     metadata.create_all(connection)
        ...     _ = connection.execute(add, [{"id": 1, "n": 1}, {"id": 2, "n": 1}, {"id": 1, "n": 5}])
        ...     connection.execute(select(hits)).all()
        [(1, 6), (2, 1)]
        """
        rule = self._post_values_clause
        if rule.leaves:
            raise exc.InvalidRequestError(
                "This upsert leaves rows alone (do_nothing()); it can't update them"
            )
        made: dict[Any, Any] = dict(rule.assignments or ())
        for given in columns:
            if isinstance(given, Mapping):
                made.update(self._assigned(given.items()))
            else:
                made[self._column(given)] = None
        made.update(self._assigned(values.items()))
        if not made:
            raise exc.ArgumentError(
                "update() needs the columns to update; or leave the rows with do_nothing()"
            )
        return self._with_rule(assignments=tuple(made.items()))

    def do_nothing(self) -> Self:
        """
        Return a copy that leaves the row that is there.
        """
        rule = self._post_values_clause
        if rule.assignments is not None or rule.where is not None:
            raise exc.InvalidRequestError(
                "This upsert updates rows (update(), where()); it can't leave them alone"
            )
        return self._with_rule(leaves=True)

    def where(self, *criteria: Any) -> Self:
        """
        Return a copy that updates only rows for which the conditions hold, and leaves the others.

        >>> from relvar import Column, Integer, MetaData, Table, upsert
        >>> page = Table("page", MetaData(), Column("id", Integer, primary_key=True), Column("at", Integer))
        >>> put = upsert(page)
        >>> print(put.update("at").where(page.c.at < put.excluded.at))
        INSERT INTO page (id, at) VALUES (%(id)s::INTEGER, %(at)s::INTEGER) ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE page.at < excluded.at
        """  # noqa: E501  # what is printed
        rule = self._post_values_clause
        if rule.leaves:
            raise exc.InvalidRequestError(
                "This upsert leaves rows alone (do_nothing()); there is nothing to restrict"
            )
        given = [coerce.where_criterion(c) for c in criteria]
        if rule.where is not None:
            given.insert(0, rule.where)
        return self._with_rule(where=and_(*given)) if given else self

    # -- parts -------------------------------------------------------------

    def _with_rule(self, **fields: Any) -> Self:
        made = self._clone()
        made._post_values_clause = self._post_values_clause._with(**fields)
        return made

    def _column(self, given: Any) -> Any:
        """
        Return the column of the table that *given* is or names.
        """
        if isinstance(given, str):
            known = self._columns_by_name().get(given)
            if known is None:
                self._no_column(given)
            return known
        column = coerce.dml_column(given)
        found = self.table.c.get(column.key)
        if found is None or hash(found) != hash(column):
            self._no_column(given)
        return found

    def _columns_by_name(self) -> Any:
        """
        The columns by what the program calls them: for an ORM entity, by attribute.
        """
        subject = self._propagate_attrs.get("plugin_subject") if self._is_orm else None
        return self.table.c if subject is None else subject.mapper.columns

    def _no_column(self, given: Any) -> NoReturn:
        known = ", ".join(map(repr, self._columns_by_name().keys()))
        raise exc.ArgumentError(f"{self.table.name} has no column {str(given)!r}; it has {known}")

    def _assigned(self, items: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
        for key, value in items:
            column = self._column(key)
            yield column, set_value(column, value, self.table)

    def _target_of(self, given: Sequence[Any]) -> tuple[list[Any], tuple[tuple[str, Any], ...]]:
        """
        Return the columns of a unique key, and the conditions of a partial one by dialect.
        """
        if len(given) == 1:
            key = self._key_named(given[0])
            if key is not None:
                if key.__visit_name__ != "index":
                    return list(key.columns), ()
                wheres = {name: key.dialect_options[name]["where"] for name in _PARTIAL_INDEXES}
                return list(key.expressions), tuple((n, w) for n, w in wheres.items() if w is not None)
        return [
            self._column(c)
            if isinstance(c, str) or getattr(c, "table", None) is not None
            else coerce.ddl_constraint_column(c)
            for c in given
        ], ()

    def _key_named(self, given: Any) -> Any:
        """
        Return the constraint or index that *given* is or names; None if it is a column.
        """
        if getattr(given, "__visit_name__", None) in _KEYS:
            return given
        if not isinstance(given, str) or given in self._columns_by_name():
            return None
        keys = [
            k
            for k in (*getattr(self.table, "constraints", ()), *getattr(self.table, "indexes", ()))
            if k.name
        ]
        found = next((k for k in keys if k.name == given and k.__visit_name__ in _KEYS), None)
        if found is None:
            names = ", ".join(sorted(repr(str(k.name)) for k in keys if k.__visit_name__ in _KEYS)) or "none"
            raise exc.ArgumentError(
                f"{self.table.name} has no column and no unique constraint or index {given!r}; "
                f"those with a name are: {names}"
            )
        return found


_PARTIAL_INDEXES = ("postgresql", "sqlite")
_KEYS = ("primary_key_constraint", "unique_constraint", "index")


def upsert(table: Any) -> Upsert:
    """
    Return a statement that inserts rows, and updates those that are there, on any database.

    Args:
        table: A table, or an ORM entity of one table.

    It has all methods of `insert`; `Upsert.on_conflict` says by which unique key a row is known
    to be there, `Upsert.update` or `Upsert.do_nothing` what happens to it then.

    >>> from relvar import Column, Integer, MetaData, String, Table, upsert
    >>> users = Table("users", MetaData(), Column("id", Integer, primary_key=True), Column("name", String))
    >>> print(upsert(users).values(id=1, name="ann"))
    INSERT INTO users (id, name) VALUES (%(id)s::INTEGER, %(name)s::VARCHAR)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name
    """
    return Upsert(table)
