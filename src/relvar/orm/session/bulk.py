"""
INSERT of many rows, and UPDATE of many rows by primary key, on mapped entities.

These skip the unit of work: rows are dictionaries by attribute name (or objects,
for the older ``bulk_`` methods), written as they are, table by table of an
inheritance hierarchy.

Rule 1: neighbouring rows with the same keys share a statement; a None leaves the
    column out, unless ``render_nulls``.
Rule 2: keys that name no column attribute are not written, which is reported.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.attributes import MODIFIED, NO_VALUE, get_state, probe, set_loaded
from relvar._kernels.binds import alike_rows
from relvar._kernels.flush import COMPUTE, stored_pk
from relvar.engine.prepared import run_each, run_many, run_returning
from relvar.expr.bind import BindParameter
from relvar.orm import exc as orm_exc
from relvar.orm.flush.emit import DefaultContext
from relvar.orm.flush.facts import ColumnFacts, MapperFacts, TableFacts, facts_of
from relvar.orm.flush.statements import (
    prepare_insert,
    prepare_insert_for_key,
    prepare_update,
    returns_inserted,
    update_listed,
)

__all__ = ["insert_mappings", "save_objects", "update_mappings", "update_with_clauses"]

Row = dict[str, Any]


class Group:
    """
    Neighbouring rows with the same attribute names.
    """

    __slots__ = ("keys", "rows")

    def __init__(self, keys: frozenset[str]) -> None:
        self.keys: frozenset[str] = keys
        self.rows: list[Row] = []


def groups_of(
    connection: Any, facts: MapperFacts, rows: Iterable[Mapping[str, Any]], render_nulls: bool
) -> list[Group]:
    """
    Split rows into neighbours with the same names of column attributes.
    """
    known = facts.known_keys
    unknown: set[str] = set()
    groups: list[Group] = []
    current: Group | None = None
    last: Any = None
    for given in rows:
        keys = given.keys()
        has_null = not render_nulls and None in given.values()
        if current is not None and not has_null and keys == last:
            current.rows.append(dict(given))
            continue
        if not keys <= known:
            unknown |= keys - known
        names = frozenset([k for k, v in given.items() if k in known and (render_nulls or v is not None)])
        if current is None or names != current.keys:
            current = Group(names)
            groups.append(current)
        current.rows.append(dict(given))
        last = None if has_null else keys
    # the rows may have been read off objects
    unknown.discard("_sa_instance_state")
    if unknown:
        _report_unknown(connection, facts, unknown)
    return groups


def _report_unknown(connection: Any, facts: MapperFacts, unknown: set[str]) -> None:
    descriptors = facts.mapper.all_orm_descriptors
    for name in sorted(unknown):
        if hasattr(descriptors.get(name), "bulk_dml_setter"):
            raise exc.InvalidRequestError(
                "Can't evaluate bulk DML statement; please supply a bulk_dml decorated function: "
                f"{facts.mapper.class_.__name__}.{name} is a hybrid, which does not say what rows have for it"
            )
    named, of_class = (", ".join(map(repr, names)) for names in (sorted(unknown), facts.column_keys))
    exc.report_loss(
        f"Class {facts.mapper.class_.__name__!r} has no column attribute {named}: the value is lost. "
        f"Rows of a bulk operation can have {of_class}.",
        connection._strict,
    )


def _dictionaries(rows: Iterable[Any]) -> Sequence[Mapping[str, Any]]:
    """
    Give rows as a sequence, each of which is a dictionary.

    Raises:
        ArgumentError: One is not.
    """
    rows = rows if isinstance(rows, (list, tuple)) else list(rows)
    if rows and not isinstance(rows[0], Mapping):
        raise exc.ArgumentError(f"Rows of a bulk operation are dictionaries, got a {type(rows[0]).__name__}")
    return rows


def insert_mappings(
    connection: Any,
    mapper: Any,
    rows: Iterable[Mapping[str, Any]],
    *,
    render_nulls: bool = False,
    return_keys: bool = False,
) -> list[Row]:
    """
    Insert rows given by attribute name into the tables of *mapper*.

    Args:
        return_keys: Learn generated keys though no further table needs them.

    Returns:
        The rows, with generated keys and computed defaults put in.  Empty without *return_keys* if they
        had only to be sent.
    """
    facts = facts_of(mapper)
    rows = facts.taken_apart(_dictionaries(rows))
    if not return_keys and isinstance(rows, (list, tuple)) and rows:
        if _insert_alike(connection, facts, list(rows), render_nulls):
            return []
    done: list[Row] = []
    for group in groups_of(connection, facts, rows, render_nulls):
        keys = set(group.keys)
        if facts.polymorphic is not None and facts.polymorphic[0] not in keys:
            key, identity = facts.polymorphic
            keys.add(key)
            for row in group.rows:
                row[key] = identity
        for number, table in enumerate(facts.tables):
            has_more = number + 1 < len(facts.tables)
            made = _insert_group(connection, table, group.rows, keys, return_keys or has_more)
            keys.update(made)
        done.extend(group.rows)
    return done


def _insert_alike(connection: Any, facts: MapperFacts, rows: list[Any], render_nulls: bool) -> bool:
    """
    Insert rows that only have to be sent: all of one shape, into one table, nothing to compute from them.

    Returns:
        Whether they were; if not, nothing has happened.
    """
    given = rows[0].keys()
    table = facts.tables[0]
    if (
        len(facts.tables) > 1
        or not given <= table.by_key.keys()
        or (facts.polymorphic is not None and facts.polymorphic[0] not in given)
        or any(
            c.when_missing == COMPUTE and c.key not in given and not c.is_made_alone for c in table.columns
        )
    ):
        return False
    columns = [c for c in table.columns if c.key in given]
    values = alike_rows(rows, tuple([c.key for c in columns]), len(given), render_nulls)
    if len(values) < len(rows):
        return False
    prepared = prepare_insert(connection, table, tuple([c.name for c in columns]))
    run_many(connection, prepared.plan, prepared.arrange(connection, values))
    return True


def _insert_group(
    connection: Any, table: TableFacts, rows: list[Row], keys: set[str], wants_keys: bool
) -> set[str]:
    """
    Insert rows of one shape into one table.

    Returns:
        Names that the rows have a value for now.
    """
    columns = [c for c in table.columns if c.key in keys]
    computed = [c for c in table.columns if c.key not in keys and c.when_missing == COMPUTE]
    if computed:
        for row in rows:
            _compute(connection, computed, row)
        columns = [c for c in table.columns if c.key in keys or c in computed]
    names = tuple(c.name for c in columns)
    column_keys = [c.key for c in columns]
    values = [tuple([row[k] for k in column_keys]) for row in rows]
    given = set(names)
    missing = [c for c in table.pk if c.name not in given]
    made = {c.key for c in computed}
    if not wants_keys or not missing:
        prepared = prepare_insert(connection, table, names)
        run_many(connection, prepared.plan, prepared.arrange(connection, values))
        return made
    _insert_for_keys(connection, table, names, values, rows, missing)
    return made | {c.key for c in missing}


def _insert_for_keys(
    connection: Any,
    table: TableFacts,
    names: tuple[str, ...],
    values: list[tuple[Any, ...]],
    rows: list[Row],
    missing: list[ColumnFacts],
) -> None:
    dialect = connection.dialect
    if returns_inserted(table.table, dialect) and dialect.name != "sqlite":
        returning = tuple(c.column for c in missing)
        prepared = prepare_insert(connection, table, names, returning, len(values) > 1)
        found = run_returning(connection, prepared.plan, prepared.arrange(connection, values))
        for row, back in zip(rows, found, strict=True):
            for column, value in zip(missing, back, strict=True):
                row[column.key] = value
        return
    prepared = prepare_insert_for_key(connection, table, names)
    ids = run_each(connection, prepared.plan, prepared.arrange(connection, values))
    for row, value in zip(rows, ids, strict=True):
        row[missing[0].key] = value


def _compute(connection: Any, columns: Sequence[ColumnFacts], row: Row) -> None:
    for column in columns:
        assert column.default is not None
        row[column.key] = column.default(DefaultContext(connection, row, isinsert=True))


def update_mappings(connection: Any, mapper: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """
    Update rows found by the primary key among their values.

    Raises:
        InvalidRequestError: a row has no primary key.
        StaleDataError: a row is not in the database.
    """
    facts = facts_of(mapper)
    groups = groups_of(connection, facts, facts.taken_apart(_dictionaries(rows)), render_nulls=True)
    for table in facts.tables:
        for group in _groups_in_table(groups, table):
            _update_group(connection, mapper, table, group)


def _groups_in_table(groups: list[Group], table: TableFacts) -> list[Group]:
    """
    Put neighbours together that have the same names as far as this table goes; leave out those that have
    nothing but its key.
    """
    if len(groups) < 2:
        return groups
    own = frozenset([column.key for column in table.columns])
    key = frozenset([column.key for column in table.pk])
    found: list[Group] = []
    for group in groups:
        names = group.keys & own
        if names == key:
            continue
        if not found or found[-1].keys != names:
            found.append(Group(names))
        found[-1].rows += group.rows
    return found


def _require_key(table: TableFacts, group: Group) -> None:
    missing = [c for c in table.pk if c.key not in group.keys]
    if missing:
        absent = ", ".join(str(c.column) for c in missing)
        raise exc.InvalidRequestError(
            f"No primary key value supplied for column(s) {absent}; per-row ORM Bulk UPDATE by "
            "Primary Key requires that records contain primary key values",
            code="bupq",
        )


def _update_group(connection: Any, mapper: Any, table: TableFacts, group: Group) -> None:
    _require_key(table, group)
    columns = [c for c in table.columns if c.key in group.keys and not c.is_pk]
    if not columns:
        return
    rows = group.rows
    for extra in table.with_onupdate:
        if extra.key in group.keys:
            continue
        assert extra.onupdate is not None
        for row in rows:
            row[extra.key] = extra.onupdate(DefaultContext(connection, row, isinsert=False))
        columns = [c for c in table.columns if c in columns or c is extra]
    find = [*table.pk]
    version = table.version
    generator = facts_of(mapper).version_generator
    if version is not None and version.key in group.keys:
        find.append(version)
    names = tuple(c.name for c in columns)
    values = []
    for row in rows:
        new = [generator(row[c.key]) if c is version and generator else row[c.key] for c in columns]
        values.append((*new, *[row[c.key] for c in find]))
    prepared = prepare_update(connection, table, names, tuple(c.name for c in find))
    arranged = prepared.arrange(connection, values)
    matched = None
    key = slice(len(names), len(names) + len(table.pk))
    if len({row[key] for row in values}) == len(values):
        matched = update_listed(connection, table, prepared, arranged)
    if matched is None:
        matched = run_many(connection, prepared.plan, arranged)
    dialect = connection.dialect
    is_sane = dialect.supports_sane_rowcount and (len(values) == 1 or dialect.supports_sane_multi_rowcount)
    if is_sane and matched not in (-1, len(values)):
        raise orm_exc.StaleDataError(
            f"UPDATE statement on table '{table.table.description}' expected to update "
            f"{len(values)} row(s); {matched} were matched."
        )


def update_with_clauses(
    connection: Any, mapper: Any, statement: Any, rows: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """
    Update rows by their primary key through a statement that has criteria, or values for all of them.

    Returns:
        The attributes that the statement sets in each row.

    Raises:
        InvalidRequestError: A row has no primary key, or the class has several tables.
    """
    facts = facts_of(mapper)
    if len(facts.tables) > 1:
        raise exc.InvalidRequestError(
            f"Bulk UPDATE of {mapper} with values() or where() is not supported, as it has several tables"
        )
    (table,) = facts.tables
    own = {column.key: column for column in table.columns}
    set_by_statement = statement._values or {}
    common = frozenset(key for key, column in own.items() if column.column in set_by_statement)
    for group in groups_of(connection, facts, [{k: r[k] for k in r.keys() & own.keys()} for r in rows], True):
        _require_key(table, group)
    for given, names in _runs([(row, row.keys() & own.keys()) for row in rows]):
        values: dict[Any, Any] = {
            own[key].column: BindParameter(f"set_{key}", type_=own[key].column.type)
            for key in own
            if key in names and not own[key].is_pk
        }
        keys = [c.column == BindParameter(f"key_{c.key}", type_=c.column.type) for c in table.pk]
        made = statement.where(*keys)
        made._values = {**values, **set_by_statement}
        marks = {key: ("key_" if own[key].is_pk else "set_") + key for key in own}
        sent = [{marks.get(key, key): value for key, value in row.items()} for row in given]
        connection.execute(made, sent)
    return common


def _runs(rows: list[tuple[Mapping[str, Any], Any]]) -> Iterable[tuple[list[Mapping[str, Any]], Any]]:
    """
    Split rows into neighbours with the same names.
    """
    for names, run in itertools.groupby(rows, key=lambda pair: frozenset(pair[1])):
        yield [row for row, _names in run], names


def save_objects(
    session: Any,
    objects: Iterable[object],
    *,
    return_defaults: bool,
    update_changed_only: bool,
    preserve_order: bool,
) -> None:
    """
    Insert or update the rows of objects, without making them persistent.

    Args:
        return_defaults: Put generated keys into the objects.

        preserve_order: Keep the order of objects between mappers.
    """
    states: list[Any] = [_state_of(obj) for obj in objects]
    runs: list[tuple[Any, bool, list[Any]]] = []
    if not preserve_order:
        states.sort(key=lambda s: (id(s.manager.mapper), s.pk is not None))
    for state in states:
        kind = (state.manager.mapper, state.pk is not None)
        if not runs or (runs[-1][0], runs[-1][1]) != kind:
            runs.append((*kind, []))
        runs[-1][2].append(state)
    for mapper, is_update, members in runs:
        connection = session._connection_for(mapper, None)
        keys = facts_of(mapper).column_keys
        if is_update:
            update_mappings(
                connection,
                mapper,
                [_update_values(s, facts_of(mapper), update_changed_only) for s in members],
            )
            continue
        rows = [{k: v for k in keys if (v := probe(s(), k)) is not NO_VALUE} for s in members]
        made = insert_mappings(connection, mapper, rows, return_keys=return_defaults)
        if return_defaults:
            for state, row in zip(members, made, strict=True):
                for key in keys:
                    if key in row:
                        set_loaded(state(), key, row[key])
                state.pk = stored_pk(state, facts_of(mapper).pk_keys)
                state.commit_all()


def _state_of(obj: object) -> Any:
    state = get_state(obj)
    if state is None:
        raise orm_exc.UnmappedInstanceError(obj)
    return state


def _update_values(state: Any, facts: MapperFacts, changed_only: bool) -> Row:
    obj = state()
    wanted: Iterable[str] = facts.column_keys
    if changed_only:
        changed = state.old if state.flags & MODIFIED and state.old else {}
        needed = {*facts.pk_keys, *[table.version.key for table in facts.tables if table.version and changed]}
        wanted = [k for k in wanted if k in changed or k in needed]
    return {k: v for k in wanted if (v := probe(obj, k)) is not NO_VALUE}
