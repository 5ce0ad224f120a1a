"""INSERT, UPDATE, DELETE and upserts."""

from __future__ import annotations

from bench.rival.grammar import Source, Writer, maker, rule
from bench.rival.piece import Piece
from bench.rival.rules.froms import source
from bench.rival.schema import COLUMNS, PRIMARY

TARGETS = [
    "users",
    "users",
    "users",
    "orders",
    "orders",
    "lines",
    "tree",
    "odd",
    "item",
    "custom",
    "light",
    "wide",
]

rule(
    "returning_users",
    """
    insert(users).values(name='new').returning(users.c.id, users.c.name)
    update(users).values(name='upd').where(users.c.id == 1).returning(users.c.id, users.c.name)
    delete(users).where(users.c.id > 2).returning(users.c.id, users.c.name)
    insert(users).values([dict(name='n1'), dict(name='n2')]).returning(users.c.id, users.c.name)
    """,
)
rule(
    "returning",
    """
    .returning({any_col})
    .returning({any_col}, {any_col})
    .returning({table_name})
    .returning({any}.label({name}))
    .return_defaults()
    .return_defaults({any_col})
    .returning({any}, {any_col}, sort_by_parameter_order=True)
    .returning(text('id'))
    .returning(literal_column('1').label('one'))
    .returning({any_col}).returning({any_col})
    """,
)
rule(
    "change_clause",
    """
    .prefix_with({prefix})
    .prefix_with({prefix}, dialect={dialect})
    .add_cte({cte_any})
    .execution_options(a=1)
    .with_hint('HINT')
    .with_hint('HINT', dialect_name={dialect})
    .with_dialect_options(mysql_limit=3)
    .with_hint('H', selectable={table_name})
    .ext(mysql.limit(2))
    .params(nm='ed')
    .suffix_with('S')
    .return_defaults()
    """,
)
rule("compile_options", "dict(compile_kwargs=dict(literal_binds=True))", weight=4)
rule("compile_options", "dict(compile_kwargs=dict(render_postcompile=True))", weight=2)
rule(
    "compile_options",
    """
    dict(schema_translate_map=dict(other='elsewhere'))
    dict(schema_translate_map=dict([(None, 'main'), ('other', None)]))
    dict(schema_translate_map=dict([(None, 'x y')]), render_schema_translate=True)
    """,
)


def target(writer: Writer) -> Source:
    """Choose a table to change, and bring it into scope."""
    name = writer.random.choice(TARGETS)
    found = Source(name, COLUMNS[name])
    writer.scopes = [[found]]
    return found


def value(writer: Writer, sort: str, expressions: bool) -> Piece:
    """Write what a column is set to."""
    kind = writer.random.random()
    if kind < 0.55:
        return writer.piece(f"{sort}_py")
    if kind < 0.75 or not expressions:
        return writer.piece(f"{sort}_lit")
    if kind < 0.85:
        return writer.piece(f"scalar_{sort}")
    return writer.piece(sort)


def some(writer: Writer, of: Source, keys: bool = True) -> list[tuple[str, str]]:
    """Choose some columns of a table, in a random order."""
    columns = [column for column in of.columns if keys or column[0] not in PRIMARY[of.name]]
    return writer.random.sample(columns, writer.random.randint(1, min(4, len(columns))))


def pairs(writer: Writer, of: Source, columns: list[tuple[str, str]], expressions: bool = True) -> Piece:
    """Write values as keywords or as a dictionary."""
    form = writer.random.choice(("keywords", "keywords", "columns", "names"))
    items: list[Piece] = []
    for name, sort in columns:
        made = value(writer, sort, expressions)
        if form == "keywords":
            items.append(Piece("item", f"{name}=", made, ", ", optional=True))
        elif form == "columns":
            items.append(Piece("item", f"({of.name}.c.{name}, ", made, "), ", optional=True))
        else:
            items.append(Piece("item", f"({name!r}, ", made, "), ", optional=True))
    if form == "keywords":
        return Piece("values", *items)
    return Piece("values", "dict([", *items, "])")


def rows(writer: Writer, columns: list[tuple[str, str]]) -> Piece:
    """Write several rows of the same columns, as dictionaries."""
    made: list[str | Piece] = ["["]
    for index in range(writer.random.choice((1, 2, 3))):
        items = [
            Piece("item", f"{name}=", value(writer, sort, writer.chance(0.1)), ", ") for name, sort in columns
        ]
        made.append(Piece("row", "dict(", *items, "), ", optional=index > 0))
    return Piece("rows", *made, "]")


def given(writer: Writer, of: Source) -> None:
    """Let the values come at execution."""
    columns = some(writer, of)
    items = ", ".join(f"{name}={writer.piece(f'{sort}_py')}" for name, sort in columns)
    if writer.chance(0.4):
        more = ", ".join(f"{name}={writer.piece(f'{sort}_py')}" for name, sort in columns)
        writer.lines.append(Piece("line", f"params = [dict({items}), dict({more})]\n", optional=True))
    else:
        writer.lines.append(Piece("line", f"params = dict({items})\n", optional=True))
    if writer.chance(0.6):
        names = [name for name, _ in columns]
        writer.lines.append(Piece("line", f"options = dict(column_keys={names!r})\n", optional=True))


def tail(writer: Writer, chain: list[str | Piece]) -> None:
    """Add RETURNING and other clauses."""
    if writer.chance(0.35):
        chain.append(Piece("clause", writer.piece("returning"), optional=True))
    while writer.chance(0.15):
        chain.append(Piece("clause", writer.piece("change_clause"), optional=True))


@maker("insert_top")
def insert(writer: Writer) -> Piece:
    """Write an INSERT."""
    of = target(writer)
    word = writer.random.choice(
        ["insert", "insert", "insert", "sqlite.insert", "postgresql.insert", "mysql.insert"]
    )
    chain: list[str | Piece] = [
        f"{word}({of.name})" if word != "insert" or writer.chance(0.7) else f"{of.name}.insert()"
    ]
    form = writer.random.choice(("values", "values", "values", "rows", "select", "given", "tuple", "nothing"))
    columns = some(writer, of)
    if form == "values":
        chain += [".values(", pairs(writer, of, columns), ")"]
        others = [column for column in some(writer, of) if column not in columns]
        if others and writer.chance(0.1):
            chain += [Piece("clause", ".values(", pairs(writer, of, others), ")", optional=True)]
    elif form == "rows":
        chain += [".values(", rows(writer, columns), ")"]
    elif form == "select":
        chain += [".from_select([", *from_select(writer, of, columns), ")"]
    elif form == "tuple":
        chain += [
            ".values((",
            *(part for _, sort in of.columns for part in (value(writer, sort, False), ", ")),
            "))",
        ]
    elif form == "given":
        given(writer, of)
    if writer.chance(0.1):
        chain.append(Piece("clause", ".inline()", optional=True))
    if "." in word and writer.chance(0.7):
        name = writer.define("ins", Piece("insert", *chain))
        chain = [name, UPSERTS[word](writer, of, name)]
    tail(writer, chain)
    return Piece("insert", *chain)


def from_select(writer: Writer, of: Source, columns: list[tuple[str, str]]) -> list[str | Piece]:
    """Write the arguments of ``from_select``."""
    from bench.rival.rules.selects import compound, select

    writer.scopes = []
    sorts = [sort for _, sort in columns]
    names = ", ".join(repr(name) if writer.chance(0.6) else f"{of.name}.c.{name}" for name, _ in columns)
    made = compound(writer, sorts) if writer.chance(0.15) else select(writer, sorts)
    writer.scopes = [[of]]
    return [names, "], ", made, *([", include_defaults=False"] if writer.chance(0.2) else [])]


def conflict(writer: Writer, of: Source, name: str) -> Piece:
    """Write ON CONFLICT."""
    keys = ", ".join(f"{of.name}.c.{key}" if writer.chance(0.5) else repr(key) for key in PRIMARY[of.name])
    on: list[str | Piece] = [f"index_elements=[{keys}], "]
    kind = writer.random.random()
    if kind < 0.15:
        on = ["constraint='uq_name', "]
    elif kind < 0.3:
        on += [Piece("optional", "index_where=", writer.piece("bool"), ", ", optional=True)]
    elif kind < 0.35:
        on = []
    if writer.chance(0.3):
        return Piece("clause", ".on_conflict_do_nothing(", *on, ")")
    where: list[str | Piece] = [", where=", writer.piece("bool")] if writer.chance(0.3) else []
    writer.scopes = [[of, Source(f"{name}.excluded", of.columns, "proposed")]]
    return Piece(
        "clause", ".on_conflict_do_update(", *on, "set_=", settings(writer, of, name, "excluded"), *where, ")"
    )


def settings(writer: Writer, of: Source, name: str, proposed: str) -> Piece:
    """Write what an upsert sets."""
    if proposed == "excluded" and writer.chance(0.1):
        return Piece("set", f"{name}.excluded")
    items: list[Piece] = []
    for column, sort in some(writer, of, keys=False):
        made = Piece(sort, f"{name}.{proposed}.{column}") if writer.chance(0.5) else value(writer, sort, True)
        key = f"{column!r}" if writer.chance(0.7) else f"{of.name}.c.{column}"
        items.append(Piece("item", f"({key}, ", made, "), ", optional=True))
    return Piece("set", "dict([", *items, "])")


def duplicate(writer: Writer, of: Source, name: str) -> Piece:
    """Write ON DUPLICATE KEY UPDATE."""
    return Piece("clause", ".on_duplicate_key_update(", settings(writer, of, name, "inserted"), ")")


UPSERTS = {"sqlite.insert": conflict, "postgresql.insert": conflict, "mysql.insert": duplicate}


@maker("update_top")
def update(writer: Writer) -> Piece:
    """Write an UPDATE, perhaps of several tables."""
    of = target(writer)
    called = of.name
    if writer.chance(0.06):
        called = writer.define("al", Piece("alias", f"{of.name}.alias({writer.piece('name')})"))
        writer.scopes = [[Source(called, of.columns)]]
    others = [source(writer)] if writer.chance(0.25) else []
    writer.scopes = [[*writer.scopes[0], *others]]
    chain: list[str | Piece] = [f"update({called})" if writer.chance(0.7) else f"{of.name}.update()"]
    form = writer.random.choice(("values", "values", "values", "ordered", "given", "nothing"))
    columns = some(writer, of, keys=writer.chance(0.2))
    if form == "values":
        chain += [".values(", pairs(writer, of, columns), ")"]
    elif form == "ordered":
        items = [
            Piece("item", f"({of.name}.c.{name}, ", value(writer, sort, True), "), ")
            for name, sort in columns
        ]
        chain += [".ordered_values(", *items, ")"]
    elif form == "given":
        given(writer, of)
    for _ in range(writer.random.choice((0, 1, 1, 2))):
        chain.append(Piece("clause", writer.piece("where"), optional=True))
    if others and writer.chance(0.6):
        from bench.rival.rules.froms import onclause

        chain.append(Piece("clause", ".where(", onclause(writer, of, others[0]), ")", optional=True))
    tail(writer, chain)
    return Piece("update", *chain)


@maker("delete_top")
def delete(writer: Writer) -> Piece:
    """Write a DELETE, perhaps with other tables."""
    of = target(writer)
    others = [source(writer)] if writer.chance(0.25) else []
    writer.scopes = [[of, *others]]
    chain: list[str | Piece] = [f"delete({of.name})" if writer.chance(0.7) else f"{of.name}.delete()"]
    if others and writer.chance(0.4):
        chain.append(Piece("clause", f".using({others[0].name})", optional=True))
    for _ in range(writer.random.choice((0, 1, 1, 2))):
        chain.append(Piece("clause", writer.piece("where"), optional=True))
    tail(writer, chain)
    return Piece("delete", *chain)


rule("str", "from_dml_column({dml_col})", weight=0.02)
rule(
    "dml_col",
    """
    users.c.name
    orders.c.note
    tree.c.label
    """,
)
