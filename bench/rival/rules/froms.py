"""What can be selected from: tables, aliases, subqueries, CTEs, VALUES, functions, samples, joins."""

from __future__ import annotations

from bench.rival.grammar import Source, Writer, maker, rule
from bench.rival.piece import Piece
from bench.rival.rules.scalars import TYPES, access
from bench.rival.schema import COLUMNS

SOURCES = {
    "table": 9,
    "alias": 4,
    "subquery": 2.5,
    "cte": 2,
    "recursive": 0.4,
    "values": 0.6,
    "function": 0.7,
    "lateral": 0.5,
    "sample": 0.25,
    "textual": 0.4,
    "compound": 0.6,
    "known": 2,
    "dml": 0.25,
}
COMMON = [
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
PLAIN_NAMES = [
    "'a'",
    "'b'",
    "'sub'",
    "'Mixed'",
    "'select'",
    "'a b'",
    "'x%y'",
    "'users'",
    "'anon_1'",
    "quoted_name('q', True)",
    "'l' * 66",
]

rule("table_name", *COLUMNS)
rule("source_any", *COLUMNS)


def table(writer: Writer) -> Source:
    """Choose a table."""
    name = writer.random.choice(COMMON)
    return Source(name, COLUMNS[name])


def name_argument(writer: Writer) -> str:
    """Return the name of a derived table, or nothing."""
    if writer.chance(0.45):
        return ""
    return writer.random.choice(PLAIN_NAMES)


def source(writer: Writer) -> Source:
    """Choose something to select from; define it if it needs a name."""
    small = writer.left < 0 or writer.depth >= writer.limit + 2
    kinds = {"table": 3, "alias": 1} if small else SOURCES
    kind = writer.random.choices(list(kinds), list(kinds.values()))[0]
    return KINDS[kind](writer)


def alias(writer: Writer) -> Source:
    """Alias a table, or what was defined before."""
    of = known(writer) if writer.chance(0.2) else table(writer)
    return defined(writer, "al", Piece("alias", f"{of.name}.alias({name_argument(writer)})"), of.columns)


def known(writer: Writer) -> Source:
    """Use again what an earlier line defined."""
    return writer.random.choice(writer.known) if writer.known else table(writer)


def defined(
    writer: Writer, stem: str, value: Piece, columns: list[tuple[str, str]], again: bool = True
) -> Source:
    """Give a FROM element a line of its own."""
    found = Source(writer.define(stem, value), columns)
    if again:
        writer.known.append(found)
    return found


def sorts(writer: Writer, most: int = 3) -> list[str]:
    """Choose the sorts of the columns of a select."""
    usual = ["int", "int", "int", "str", "str", "bool", "num", "dt", "float", *TYPES]
    return [writer.random.choice(usual) for _ in range(writer.random.randint(1, most))]


def apart(writer: Writer, wanted: list[str], correlated: bool = False) -> tuple[Piece, list[tuple[str, str]]]:
    """Write a select with named columns that sees nothing around it, unless *correlated*."""
    from bench.rival.rules.selects import select

    before = writer.scopes
    if not correlated:
        writer.scopes = []
    columns = [(f"c{i + 1}", sort) for i, sort in enumerate(wanted)]
    made = select(writer, wanted, names=[name for name, _ in columns])
    writer.scopes = before
    return made, columns


def subquery(writer: Writer) -> Source:
    """Select from a select."""
    made, columns = apart(writer, sorts(writer))
    return defined(writer, "sq", Piece("subquery", made, f".subquery({name_argument(writer)})"), columns)


def lateral(writer: Writer) -> Source:
    """Select from a select that sees what stands before it."""
    made, columns = apart(writer, sorts(writer, 2), correlated=True)
    form = Piece("lateral", made, f".lateral({name_argument(writer)})")
    if writer.chance(0.3):
        form = Piece("lateral", "lateral(", made, ")")
    return defined(writer, "la", form, columns, again=False)


def cte(writer: Writer) -> Source:
    """Select from a common table expression."""
    made, columns = apart(writer, sorts(writer))
    name = name_argument(writer)
    nesting = "nesting=True" if writer.chance(0.15) else ""
    form = ".cte(" + ", ".join(word for word in (name, nesting) if word) + ")"
    extra = (
        Piece(
            "optional",
            writer.random.choice(
                [
                    ".prefix_with('MATERIALIZED', dialect='postgresql')",
                    ".suffix_with('SEARCH x')",
                    ".prefix_with('NOT MATERIALIZED')",
                    ".with_hint('h')",
                    ".alias('ca')",
                    ".alias()",
                ]
            ),
            optional=True,
        )
        if writer.chance(0.2)
        else ""
    )
    return defined(writer, "ct", Piece("cte", made, form, extra), columns)


def recursive(writer: Writer) -> Source:
    """Count, or climb a tree, with a recursive CTE."""
    name = name_argument(writer) or "'rec'"
    operation = writer.random.choice(["union_all", "union"])
    if writer.chance(0.5):
        first = writer.define(
            "rc", Piece("cte", f"select(literal(1).label('c1')).cte({name}, recursive=True)")
        )
        step = Piece("cte", f"{first}.{operation}(select({first}.c.c1 + 1).where({first}.c.c1 < 4))")
        return defined(writer, "rc", step, [("c1", "int")])
    base = "select(tree.c.id.label('c1'), tree.c.label.label('c2')).where(tree.c.parent_id == None)"
    first = writer.define("rc", Piece("cte", f"{base}.cte({name}, recursive=True)"))
    child = (
        writer.define("al", Piece("alias", f"{first}.alias({name_argument(writer)})"))
        if writer.chance(0.4)
        else first
    )
    step = Piece(
        "cte",
        f"{first}.{operation}(select(tree.c.id, tree.c.label).join({child}, tree.c.parent_id == {child}.c.c1))",
    )
    return defined(writer, "rc", step, [("c1", "int"), ("c2", "str")])


def values_rows(writer: Writer, wanted: list[str]) -> Piece:
    """Write the rows of a VALUES construct."""
    rows: list[str | Piece] = []
    for index in range(writer.random.choice((1, 2, 3))):
        cells: list[str | Piece] = []
        for sort in wanted:
            cells += [
                writer.piece(f"{sort}_py") if writer.chance(0.85) else writer.piece(f"{sort}_lit"),
                ", ",
            ]
        rows.append(Piece("row", "(", *cells, "), ", optional=index > 0))
    return Piece("rows", *rows)


def values(writer: Writer) -> Source:
    """Select from VALUES."""
    wanted = sorts(writer)
    columns = [(f"v{i + 1}", sort) for i, sort in enumerate(wanted)]
    heads = ", ".join(f"column({name!r}, {TYPES[sort][0]})" for name, sort in columns)
    name = name_argument(writer)
    options = (f", name={name}" if name else "") + (", literal_binds=True" if writer.chance(0.3) else "")
    tail = writer.random.choice(
        ["", "", "", f".alias({name_argument(writer)})", f".cte({name_argument(writer)})", ".lateral()"]
    )
    made = Piece("values", f"values({heads}{options}).data([", values_rows(writer, wanted), f"]){tail}")
    return defined(writer, "va", made, columns)


FUNCTIONS: list[tuple[str, list[tuple[str, str]], str]] = [
    ("func.json_each({json})", [("key", "str"), ("value", "int")], "table_valued('key', 'value')"),
    (
        "func.json_each({json_py})",
        [("key", "str"), ("value", "int")],
        "table_valued('key', column('value', Integer), name='je')",
    ),
    (
        "func.json_tree({json_lit})",
        [("id", "int"), ("type", "str")],
        "table_valued(column('id', Integer), column('type', String))",
    ),
    ("func.generate_series({int_py}, {int})", [("value", "int")], "table_valued('value')"),
    (
        "func.generate_series({int_py}, {int})",
        [("value", "int"), ("ord", "int")],
        "table_valued(column('value', Integer), with_ordinality='ord', name='gs')",
    ),
    ("func.unnest({arr})", [("x", "int")], "table_valued('x', joins_implicitly=True).render_derived()"),
    (
        "func.unnest({arr})",
        [("x", "int"), ("o", "int")],
        "table_valued(column('x', Integer), with_ordinality='o').render_derived(name='der', with_types=True)",
    ),
    (
        "func.json_to_recordset({json})",
        [("a", "int"), ("b", "str")],
        "table_valued(column('a', Integer), column('b', String)).render_derived(with_types=True)",
    ),
    ("func.f({int})", [("x", "int")], "table_valued('x').alias('fa')"),
]


def function(writer: Writer) -> Source:
    """Select from a function."""
    call, columns, form = writer.random.choice(FUNCTIONS)
    if writer.chance(0.15):
        made = Piece("function", writer.template(call), ".column_valued(", name_argument(writer), ")")
        name = writer.define("tf", made)
        return Source(name, [(name, "int")], "column")
    return defined(writer, "tf", Piece("function", writer.template(call), f".{form}"), columns, again=False)


def sample(writer: Writer) -> Source:
    """Select from a sample of a table."""
    of = table(writer)
    how = writer.random.choice(
        ["5", "func.bernoulli(1)", "func.system(2.5), name='ts'", "10, seed=func.random()"]
    )
    form = f"tablesample({of.name}, {how})" if writer.chance(0.5) else f"{of.name}.tablesample({how})"
    return defined(writer, "ts", Piece("sample", form), of.columns)


def textual(writer: Writer) -> Source:
    """Select from text."""
    form = writer.random.choice(
        [
            "text('select id, name from users where id > :low').bindparams(low=1).columns(column('id', Integer), column('name', String))",
            "text('select id, name from users').columns(id=Integer, name=String)",
            "text('select id, name from users').columns(users.c.id, users.c.name)",
            "select(text('id, name')).select_from(text('users')).with_only_columns(column('id', Integer), column('name', String))",
        ]
    )
    tail = writer.random.choice(
        [
            f".subquery({name_argument(writer)})",
            f".cte({name_argument(writer)})",
            f".alias({name_argument(writer)})",
        ]
    )
    return defined(writer, "tx", Piece("textual", form, tail), [("id", "int"), ("name", "str")])


def compound_source(writer: Writer) -> Source:
    """Select from a set operation."""
    from bench.rival.rules.selects import compound

    before, writer.scopes = writer.scopes, []
    wanted = sorts(writer, 2)
    columns = [(f"c{i + 1}", sort) for i, sort in enumerate(wanted)]
    made = compound(writer, wanted, [name for name, _ in columns])
    writer.scopes = before
    tail = writer.random.choice(
        [
            f".subquery({name_argument(writer)})",
            f".cte({name_argument(writer)})",
            f".alias({name_argument(writer)})",
        ]
    )
    return defined(writer, "un", Piece("subquery", made, tail), columns)


def dml(writer: Writer) -> Source:
    """Select from the rows that a statement changes."""
    before, writer.scopes = writer.scopes, []
    made = writer.piece("returning_users")
    writer.scopes = before
    return defined(
        writer, "dm", Piece("cte", made, f".cte({name_argument(writer)})"), [("id", "int"), ("name", "str")]
    )


KINDS = {
    "table": table,
    "alias": alias,
    "subquery": subquery,
    "cte": cte,
    "recursive": recursive,
    "values": values,
    "function": function,
    "lateral": lateral,
    "sample": sample,
    "textual": textual,
    "compound": compound_source,
    "known": known,
    "dml": dml,
}

# Tables between which ON can be inferred.
KEYS = [("users", "orders"), ("orders", "lines"), ("users", "item"), ("orders", "users"), ("lines", "orders")]


def onclause(writer: Writer, left: Source, right: Source) -> Piece:
    """Write what two FROM elements are joined by."""
    if writer.chance(0.75):
        pairs = [
            (a, b)
            for a, sort_a in left.columns
            for b, sort_b in right.columns
            if sort_a == sort_b and sort_a in ("int", "str")
        ]
        if pairs:
            a, b = writer.random.choice(pairs)
            return Piece("bool", f"({access(left, a)} == {access(right, b)})")
    return writer.piece("bool")


def joined(writer: Writer, scope: list[Source]) -> Piece:
    """Write a join of two or three FROM elements, as a FROM element."""
    made = Piece("from", scope[0].name)
    for index in range(1, len(scope)):
        left, right = scope[index - 1], scope[index]
        on: list[str | Piece] = [", ", onclause(writer, left, right)]
        if (left.name, right.name) in KEYS and writer.chance(0.6):
            on = []
        kind = writer.random.choice(["", "", ", isouter=True", ", full=True"])
        word = writer.random.choice(["join", "join", "outerjoin"])
        if word == "outerjoin":
            kind = writer.random.choice(["", ", full=True"])
        if writer.chance(0.5):
            made = Piece("from", made, f".{word}({right.name}", *on, kind, ")")
        else:
            made = Piece("from", f"{word}(", made, f", {right.name}", *on, kind, ")")
    return made


maker("from_any")(lambda writer: Piece("from", source(writer).name))
