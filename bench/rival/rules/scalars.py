"""Columns, constants, parameters, and operators that give a value."""

from __future__ import annotations

from bench.rival.grammar import LEAVES, SCALARS, WRONG, Source, Writer, maker, rule
from bench.rival.piece import Piece

TYPES = {
    "int": ["Integer", "Integer()", "BigInteger", "SmallInteger()", "INTEGER"],
    "str": [
        "String",
        "String(20)",
        "Text",
        "Unicode(30)",
        "VARCHAR(10)",
        "CHAR(3)",
        "TEXT()",
        "NVARCHAR(7)",
        "String(12, collation='utf8')",
        "Text(100)",
    ],
    "float": [
        "Float",
        "Float(5)",
        "Double",
        "REAL",
        "Float(asdecimal=True)",
        "DOUBLE_PRECISION()",
        "FLOAT(24)",
    ],
    "num": ["Numeric(10, 2)", "Numeric", "DECIMAL(5, 1)", "Numeric(8, 3, asdecimal=False)", "NUMERIC()"],
    "date": ["Date", "DATE()"],
    "dt": ["DateTime", "DateTime(timezone=True)", "TIMESTAMP", "DATETIME()", "TIMESTAMP(timezone=True)"],
    "time": ["Time", "Time(timezone=True)", "TIME()"],
    "json": ["JSON", "JSON(none_as_null=True)"],
    "enum": ["Enum(Mood)", "Enum('calm', 'wild', name='feel')", "Enum(Mood, native_enum=False)"],
    "bin": ["LargeBinary", "BINARY(4)", "VARBINARY(8)", "BLOB"],
    "uuid": ["Uuid", "Uuid(as_uuid=False)", "UUID", "Uuid(native_uuid=False)"],
    "span": ["Interval", "Interval(native=True)", "Interval(second_precision=3, day_precision=2)"],
    "deco": ["Shout", "Shout()"],
    "wrap": ["Wrapped", "Wrapped()"],
    "bool": ["Boolean", "BOOLEAN()", "Boolean(name='flag')"],
    "arr": ["ARRAY(Integer)", "ARRAY(String(3), dimensions=2)", "postgresql.ARRAY(Integer)"],
}

VALUES = {
    "int": ["1", "0", "-3", "17", "2"],
    "str": ["'ed'", "''", '"it\'s"', "'x%_y'", "'a:b'", "'back\\\\slash'", "'\u00fc'", "'%s ?'", "'/'"],
    "float": ["1.5", "-0.25", "0.0", "1e10"],
    "num": ["decimal.Decimal('7.50')", "decimal.Decimal('-1')", "decimal.Decimal('0.123')"],
    "date": ["datetime.date(1990, 1, 2)", "datetime.date(2024, 2, 29)"],
    "dt": ["datetime.datetime(2020, 2, 3, 4, 5, 6)", "datetime.datetime(2021, 1, 1, 0, 0, 0, 123)"],
    "time": ["datetime.time(1, 2, 3)", "datetime.time(23, 59, 59, 5)"],
    "json": ["dict(a=1)", "[1, 'x', None]", "'text'", "None", "JSON.NULL"],
    "enum": ["Mood.calm", "Mood.wild", "'calm'"],
    "bin": ["b'\\x00\\x01'", 'b"q\'"'],
    "uuid": ["uuid.UUID(int=1)", "uuid.UUID(int=255)"],
    "span": ["datetime.timedelta(days=1)", "datetime.timedelta(seconds=-5, microseconds=3)"],
    "deco": ["'loud'", "'a'", "None"],
    "wrap": ["'Wrap'", "'w'"],
    "bool": ["True", "False"],
    "arr": ["[1, 2]", "[]"],
}

SCALARS.extend(TYPES)
WRONG.extend([*TYPES, "any", "type_any", "py_any", "statement_any", "source_any", "text_any"])

for sort in TYPES:
    LEAVES |= {f"{sort}_col", f"{sort}_lit", f"{sort}_py", f"{sort}_type"}
    rule(f"{sort}_type", *TYPES[sort])
    rule(f"{sort}_py", *VALUES[sort])
    rule(
        f"{sort}_lit",
        f"literal({{{sort}_py}}, {{{sort}_type}})",
        f"literal({{{sort}_py}})",
        f"bindparam(None, {{{sort}_py}}, type_={{{sort}_type}})",
        f"bindparam('b', {{{sort}_py}}, unique=True)",
        f"bindparam({{bind_name}}, {{{sort}_py}}, unique=True, type_={{{sort}_type}})",
        f"literal({{{sort}_py}}, {{{sort}_type}}, literal_execute=True)",
        f"bindparam(None, callable_=lambda: {{{sort}_py}}, type_={{{sort}_type}})",
        "null()",
        f"literal_column({{literal_text}}, {{{sort}_type}})",
        f"type_coerce({{{sort}_py}}, {{{sort}_type}})",
    )

LEAVES |= {"name", "bind_name", "literal_text", "type_any", "py_any", "collation", "cmp", "field"}
rule(
    "bind_name",
    """
    'x'
    'value'
    'a b'
    'id_1'
    'p%q'
    'select'
    'a.b'
    'c[0]'
    '(x)'
    """,
)
rule(
    "literal_text",
    """
    '1'
    "'lit'"
    '2 + 2'
    'null'
    'users.id'
    '50 % 7'
    'a'
    """,
)
rule("type_any", *(template for of_sort in TYPES.values() for template in of_sort))
rule(
    "py_any",
    """
    1
    's'
    None
    True
    1.5
    [1, 2]
    datetime.date(2020, 1, 1)
    object
    decimal.Decimal('1')
    (1, 2)
    b'x'
    dict(a=1)
    """,
)
rule(
    "name",
    """
    'x'
    'total'
    'select'
    'Mixed'
    'a b'
    'a%b'
    'name'
    'id'
    'users_id'
    'x.y'
    'ü'
    'anon_1'
    'param_1'
    'a:b'
    '(x)'
    quoted_name('Quoted', True)
    quoted_name('Plain', False)
    'it"s'
    'id_1'
    'l' * 70
    'order'
    'users'
    '1st'
    None
    """,
)
rule(
    "collation",
    """
    'NOCASE'
    'BINARY'
    'utf8mb4_bin'
    'de_DE'
    'Mixed-Name'
    """,
)
rule("any", *(f"{{{sort}}}" for sort in TYPES))


def _column(writer: Writer, sort: str) -> Piece:
    """Name a column of the sort that is in scope; a constant if there is none."""
    for scope in reversed(writer.scopes):
        found = [
            (source, name) for source in scope for name, column_sort in source.columns if column_sort == sort
        ]
        if found and (scope is writer.scopes[0] or writer.chance(0.85)):
            return Piece(f"{sort}_col", access(*writer.random.choice(found)))
    return writer.piece(f"{sort}_lit")


def access(source: Source, name: str) -> str:
    """Return how the program reads a column of a source."""
    if source.kind == "column":
        return source.name
    if source.kind == "proposed":
        return f"{source.name}.{name}"
    return f"{source.name}.c.{name}" if name.isidentifier() else f"{source.name}.c[{name!r}]"


def _generic(sort: str) -> None:
    @maker(f"{sort}_col")
    def column(writer: Writer) -> Piece:
        return _column(writer, sort)

    rule(sort, f"literal({VALUES[sort][0]})", weight=0.1)
    rule(sort, f"{{{sort}_col}}", weight=8)
    rule(sort, f"{{{sort}_lit}}", weight=2.5)
    for template in GENERIC:
        rule(sort, template.replace("<T>", sort), weight=0.35)
    if sort != "bool":
        for template in BOOLEAN_GENERIC:
            rule("bool", template.replace("<T>", sort), weight=0.2)


GENERIC = [
    "func.coalesce({<T>}, {<T>})",
    "case(({bool}, {<T>}), else_={<T>})",
    "case(({bool}, {<T>_py}), ({bool}, {<T>}))",
    "case(dict([({int_py}, {<T>_py}), ({int_py}, {<T>_py})]), value={int}, else_={<T>_py})",
    "cast({any}, {<T>_type})",
    "{any}.cast({<T>_type})",
    "try_cast({any}, {<T>_type})",
    "type_coerce({any}, {<T>_type})",
    "{<T>}.label({name})",
    "{<T>}.self_group()",
    "func.nullif({<T>}, {<T>_py})",
    "func.max({<T>})",
    "func.min({<T>}, type_={<T>_type})",
    "func.lower({<T>}, type_={<T>_type})",
    "{scalar_<T>}",
    "func.first_value({<T>}).over({over})",
    "func.lag({<T>}, {int_py}, {<T>_py}).over({over})",
    "{<T>}.op({operator})({<T>})",
    "{<T>}.op({operator}, precedence={precedence}, return_type={<T>_type})({<T>_py})",
    "distinct({<T>})",
    "func.pkg.fn({<T>}, type_={<T>_type})",
]
BOOLEAN_GENERIC = [
    "({<T>} {cmp} {<T>})",
    "({<T>} {cmp} {<T>_py})",
    "({<T>_py} {cmp} {<T>})",
    "({<T>} {cmp} None)",
    "{<T>}.is_(None)",
    "{<T>}.is_not(None)",
    "{<T>}.is_({<T>})",
    "{<T>}.is_distinct_from({<T>})",
    "{<T>}.is_not_distinct_from({<T>_py})",
    "{<T>}.in_([{<T>_py*}])",
    "{<T>}.not_in([{<T>_py*}])",
    "{<T>}.in_([{<T>*}])",
    "{<T>}.in_({select_<T>})",
    "{<T>}.not_in({select_<T>})",
    "{<T>}.in_(bindparam({{bind_name}}, [{<T>_py*}], expanding=True, unique=True))",
    "{<T>}.between({<T>}, {<T>})",
    "between({<T>}, {<T>_py}, {<T>}, symmetric={boolean})",
    "({<T>} {cmp} any_({select_<T>}))",
    "({<T>} {cmp} all_({scalar_<T>}))",
    "({<T>} == {select_<T>}.scalar_subquery())",
    "{<T>}.op({operator}, is_comparison=True)({<T>})",
    "{<T>}.bool_op({operator}, precedence={precedence})({<T>})",
]
LEAVES |= {"operator", "precedence", "boolean", "over"}
rule(
    "operator",
    """
    '||'
    '+'
    '&&'
    '->'
    '%%'
    '='
    'AND'
    '<=>'
    '@>'
    ':='
    '%'
    """,
)
rule(
    "precedence",
    """
    0
    5
    8
    15
    100
    -1
    """,
)
rule(
    "boolean",
    """
    True
    False
    """,
)
rule(
    "cmp",
    """
    ==
    !=
    <
    <=
    >
    >=
    """,
)
for sort in TYPES:
    _generic(sort)


LEAVES.add("any_col")


@maker("any_col")
def any_column(writer: Writer) -> Piece:
    """Name any column in scope."""
    scope = writer.scopes[-1] if writer.scopes else []
    found = [(source, name) for source in scope for name, _ in source.columns]
    if not found:
        return writer.piece("int_lit")
    return Piece("any", access(*writer.random.choice(found)))
