"""SELECT and set operations with all their clauses."""

from __future__ import annotations

from bench.rival.grammar import Source, Writer, maker, rule
from bench.rival.piece import Piece
from bench.rival.rules.froms import KEYS, joined, onclause, sorts, source
from bench.rival.rules.scalars import TYPES

rule("where", ".where({bool})", weight=4)
rule(
    "where",
    """
    .where({bool}, {bool})
    .filter({bool})
    .where({bool*})
    """,
    weight=0.4,
)
rule("clause", "{where}", weight=6)
rule(
    "clause",
    """
    .order_by({order})
    .order_by({order*})
    .group_by({any_col})
    .group_by({any_col}, {any})
    """,
    weight=1.2,
)
rule(
    "clause",
    """
    .order_by(None)
    .group_by(None)
    .having({bool})
    .distinct()
    .distinct({any_col})
    .limit({paging})
    .offset({paging})
    .limit({paging}).offset({paging})
    .order_by({any_col}).limit({paging})
    .order_by({any_col}).offset({paging})
    .order_by({any_col}).limit({paging}).offset({paging})
    .fetch({paging})
    .order_by({any_col}).fetch({paging}, with_ties=True)
    .fetch({paging}, percent=True)
    .order_by({any_col}).offset({paging}).fetch({paging})
    .slice(1, 3)
    .limit(None)
    .set_label_style({style})
    .set_label_style({style})
    .with_for_update()
    .with_for_update({locking})
    .prefix_with({prefix})
    .prefix_with({prefix}, dialect={dialect})
    .suffix_with({prefix})
    .suffix_with({prefix}, dialect={dialect})
    .with_statement_hint('HINT')
    .with_statement_hint('HINT', {dialect})
    .with_hint({table_name}, 'INDEX(%(name)s)')
    .with_hint({table_name}, 'USE INDEX (a)', {dialect})
    .correlate({table_name})
    .correlate(None)
    .correlate_except({table_name})
    .correlate_except(None)
    .add_columns({any})
    .add_columns({any}.label({name}))
    .select_from({table_name})
    .select_from({from_any})
    .execution_options(a=1)
    .params(nm='ed', low=2)
    .group_by(func.rollup({any_col}, {any_col}))
    .group_by(func.cube({any_col}))
    .group_by(func.grouping_sets(tuple_({any_col}, {any_col}), {any_col}))
    .with_only_columns({any_col}, maintain_column_froms=True)
    .reduce_columns()
    .ext(postgresql.distinct_on({any_col}))
    .order_by({text_any})
    .group_by({text_any})
    .where({text_any})
    .order_by({name})
    .group_by('x')
    .order_by(desc({name}))
    .add_cte({cte_any})
    .add_cte({cte_any}, nest_here=True)
    .having(func.count() {cmp} {int_py})
    .filter_by({by}={int_py})
    .order_by(func.count().desc())
    """,
    weight=0.25,
)
rule(
    "by",
    """
    id
    name
    user_id
    nothing
    """,
)
rule(
    "paging",
    """
    1
    2
    {int_py}
    bindparam('page', 2)
    literal(1)
    literal_column('2')
    {int_lit}
    ({int_lit} + 1)
    0
    'x'
    """,
)
rule(
    "style",
    """
    LABEL_STYLE_TABLENAME_PLUS_COL
    LABEL_STYLE_NONE
    LABEL_STYLE_DISAMBIGUATE_ONLY
    LABEL_STYLE_DEFAULT
    """,
)
rule(
    "dialect",
    """
    'sqlite'
    'postgresql'
    'mysql'
    'mssql'
    'mariadb'
    '*'
    """,
)
rule(
    "locking",
    """
    nowait=True
    read=True
    skip_locked=True
    key_share=True
    of={table_name}
    of={any_col}
    read=True, nowait=True
    of=[{any_col}, {any_col}], skip_locked=True
    key_share=True, read=True
    """,
)
rule(
    "prefix",
    """
    'PRE'
    text('/* t */')
    'A', 'B'
    'DISTINCTROW'
    literal_column('P')
    """,
)
rule(
    "text_any",
    r"""
    text('1')
    text('users.id')
    text('1 = 1')
    text('users.name = :nm').bindparams(nm='ed')
    text(':a || :b')
    text('a\\:b')
    text('x::text')
    text('50 % 3')
    text('')
    """,
)
rule(
    "cte_any",
    """
    select(literal(1).label('one')).cte('extra')
    select(users.c.id).cte()
    update(users).values(age=1).cte('upd')
    values(column('a', Integer)).data([(1,)]).cte('vc')
    """,
)
rule(
    "statement_any",
    """
    select(users)
    select(1)
    insert(users)
    select(users.c.id).subquery()
    select(users.c.id).scalar_subquery()
    """,
)


def column_list(writer: Writer, wanted: list[str] | None, names: list[str] | None) -> list[Piece]:
    """Write what is selected; each item ends with a comma."""
    if wanted is None:
        found: list[Piece] = []
        for index in range(writer.random.choice((1, 1, 2, 2, 3))):
            scope = writer.scopes[-1]
            if scope and writer.chance(0.25):
                chosen = writer.random.choice(scope)
                text = chosen.name
                if chosen.kind != "column" and writer.chance(0.1):
                    text = f"{chosen.name}.c[{', '.join(repr(name) for name, _ in chosen.columns[:2])}]"
                found.append(Piece("item", text, ", ", optional=index > 0))
            else:
                sort = writer.random.choice([*TYPES, "int", "str", "int", "bool"])
                item: list[str | Piece] = [writer.piece(sort)]
                if writer.chance(0.3):
                    item.append(Piece("optional", ".label(", writer.piece("name"), ")", optional=True))
                found.append(Piece("item", *item, ", ", optional=index > 0))
        return found
    found = []
    for index, sort in enumerate(wanted):
        label = f".label({names[index]!r})" if names else ""
        if not names and writer.chance(0.2):
            label = f".label({writer.piece('name')})"
        found.append(Piece("item", writer.piece(sort), label, ", "))
    return found


def select(writer: Writer, wanted: list[str] | None = None, names: list[str] | None = None) -> Piece:
    """Write a select; *wanted* are the sorts of its columns, *names* their labels."""
    writer.depth += 1
    scope: list[Source] = []
    writer.scopes = [*writer.scopes, scope]
    for _ in range(writer.random.choice((0, 1, 1, 1, 1, 2, 2, 2, 3))):
        added = source(writer)
        if all(added.name != other.name for other in scope) or writer.chance(0.03):
            scope.append(added)
    chain: list[str | Piece] = []
    tables = [one for one in scope if one.kind != "column"]
    if len(tables) > 1 and writer.chance(0.75):
        if writer.chance(0.4):
            chain.append(Piece("from clause", ".select_from(", joined(writer, tables), ")", optional=True))
        else:
            chain.extend(join_chain(writer, tables))
    elif tables and writer.chance(0.25):
        chain.append(Piece("clause", f".select_from({', '.join(one.name for one in tables)})", optional=True))
    items = column_list(writer, wanted, names)
    for _ in range(writer.random.choice((0, 0, 1, 1, 2, 2, 3, 5))):
        chain.append(Piece("clause", writer.piece("clause"), optional=True))
    writer.scopes = writer.scopes[:-1]
    writer.depth -= 1
    return Piece("select", "select(", *items, ")", *chain)


def join_chain(writer: Writer, tables: list[Source]) -> list[Piece]:
    """Write the joins of a select as calls."""
    found: list[Piece] = []
    if writer.chance(0.35):
        found.append(Piece("clause", f".select_from({tables[0].name})", optional=True))
    for index in range(1, len(tables)):
        left, right = tables[index - 1], tables[index]
        on: list[str | Piece] = [", ", onclause(writer, left, right)]
        if (left.name, right.name) in KEYS and writer.chance(0.6):
            on = []
        kind = writer.random.choice(["", "", ", isouter=True", ", full=True"])
        word = writer.random.choice(["join", "join", "outerjoin"])
        if word == "outerjoin":
            kind = writer.random.choice(["", ", full=True"])
        start = f".{word}({right.name}" if writer.chance(0.7) else f".{word}_from({left.name}, {right.name}"
        found.append(Piece("clause", start, *on, kind, ")", optional=True))
    return found


def compound(writer: Writer, wanted: list[str], names: list[str] | None = None, deep: bool = True) -> Piece:
    """Write a set operation."""
    word = writer.random.choice(
        ["union", "union_all", "intersect", "except_", "union", "union_all", "except_all", "intersect_all"]
    )
    parts: list[Piece] = []
    for _ in range(writer.random.choice((2, 2, 3, 1))):
        if deep and writer.chance(0.2):
            parts.append(compound(writer, wanted, names, deep=False))
        else:
            parts.append(select(writer, wanted, names))
    if len(parts) > 1 and writer.chance(0.5):
        made: list[str | Piece] = [parts[0], f".{word}("]
        parts = parts[1:]
    else:
        made = [f"{word}("]
    made.extend(Piece("item", part, ", ", optional=index > 0) for index, part in enumerate(parts))
    made.append(")")
    for _ in range(writer.random.choice((0, 0, 1, 2))):
        made.append(Piece("clause", writer.piece("compound_clause"), optional=True))
    return Piece("select", *made)


rule(
    "compound_clause",
    """
    .order_by('c1')
    .limit({paging})
    .offset({paging})
    .order_by(text('1'))
    .order_by(desc('c1'))
    .limit({paging}).offset({paging})
    .with_for_update()
    .set_label_style({style})
    .order_by({any})
    .fetch({paging})
    .group_by('c1')
    .execution_options(x=2)
    """,
)


def _with_sort(sort: str) -> None:
    maker(f"select_{sort}")(lambda writer: select(writer, [sort]))
    rule(f"scalar_{sort}", f"{{select_{sort}}}.scalar_subquery()")


for one in TYPES:
    _with_sort(one)


@maker("select_int_str")
def select_two(writer: Writer) -> Piece:
    """Write a select of a number and a text."""
    return select(writer, ["int", "str"])


@maker("select_top")
def select_top(writer: Writer) -> Piece:
    """Write a select that stands alone."""
    return select(writer)


@maker("compound_top")
def compound_top(writer: Writer) -> Piece:
    """Write a set operation that stands alone."""
    wanted = sorts(writer, 2)
    return compound(writer, wanted, [f"c{i + 1}" for i in range(len(wanted))] if writer.chance(0.6) else None)
