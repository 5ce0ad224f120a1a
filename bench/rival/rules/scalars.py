"""Columns, constants, parameters, and operators that give a value."""

from __future__ import annotations

from bench.rival.grammar import LEAVES, SCALARS, WRONG, Source, Writer, maker, rule
from bench.rival.piece import Piece

TYPES = {
    "int": ["Integer", "Integer()", "BigInteger", "SmallInteger()", "INTEGER"],
    "str": ["String", "String(20)", "Text", "Unicode(30)", "VARCHAR(10)", "CHAR(3)", "TEXT()", "NVARCHAR(7)",
            "String(12, collation='utf8')", "Text(100)"],
    "float": ["Float", "Float(5)", "Double", "REAL", "Float(asdecimal=True)", "DOUBLE_PRECISION()", "FLOAT(24)"],
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
}  # fmt: skip

VALUES = {
    "int": ["1", "0", "-3", "17", "2"],
    "str": ["'ed'", "''", "\"it's\"", "'x%_y'", "'a:b'", "'back\\\\slash'", "'\u00fc'", "'%s ?'", "'/'"],
    "float": ["1.5", "-0.25", "0.0", "1e10"],
    "num": ["decimal.Decimal('7.50')", "decimal.Decimal('-1')", "decimal.Decimal('0.123')"],
    "date": ["datetime.date(1990, 1, 2)", "datetime.date(2024, 2, 29)"],
    "dt": ["datetime.datetime(2020, 2, 3, 4, 5, 6)", "datetime.datetime(2021, 1, 1, 0, 0, 0, 123)"],
    "time": ["datetime.time(1, 2, 3)", "datetime.time(23, 59, 59, 5)"],
    "json": ["dict(a=1)", "[1, 'x', None]", "'text'", "None", "JSON.NULL"],
    "enum": ["Mood.calm", "Mood.wild", "'calm'"],
    "bin": ["b'\\x00\\x01'", "b\"q'\""],
    "uuid": ["uuid.UUID(int=1)", "uuid.UUID(int=255)"],
    "span": ["datetime.timedelta(days=1)", "datetime.timedelta(seconds=-5, microseconds=3)"],
    "deco": ["'loud'", "'a'", "None"],
    "wrap": ["'Wrap'", "'w'"],
    "bool": ["True", "False"],
    "arr": ["[1, 2]", "[]"],
}  # fmt: skip

SCALARS.extend(TYPES)
WRONG.extend([*TYPES, "any", "type_any", "py_any", "statement_any", "source_any", "text_any"])

for sort in TYPES:
    LEAVES |= {f"{sort}_col", f"{sort}_lit", f"{sort}_py", f"{sort}_type"}
    rule(f"{sort}_type", *TYPES[sort])
    rule(f"{sort}_py", *VALUES[sort])
    rule(
        f"{sort}_lit",
        "literal({%s_py}, {%s_type})" % (sort, sort),
        "literal({%s_py})" % sort,
        "bindparam(None, {%s_py}, type_={%s_type})" % (sort, sort),
        "bindparam('b', {%s_py}, unique=True)" % sort,
        "bindparam({bind_name}, {%s_py}, unique=True, type_={%s_type})" % (sort, sort),
        "literal({%s_py}, {%s_type}, literal_execute=True)" % (sort, sort),
        "bindparam(None, callable_=lambda: {%s_py}, type_={%s_type})" % (sort, sort),
        "null()",
        "literal_column({literal_text}, {%s_type})" % sort,
        "type_coerce({%s_py}, {%s_type})" % (sort, sort),
    )

LEAVES |= {"name", "bind_name", "literal_text", "type_any", "py_any", "collation", "cmp", "field"}
rule("bind_name", "'x'", "'value'", "'a b'", "'id_1'", "'p%q'", "'select'", "'a.b'", "'c[0]'", "'(x)'")
rule("literal_text", "'1'", "\"'lit'\"", "'2 + 2'", "'null'", "'users.id'", "'50 % 7'", "'a'")
rule("type_any", *(template for of_sort in TYPES.values() for template in of_sort))
rule("py_any", "1", "'s'", "None", "True", "1.5", "[1, 2]", "datetime.date(2020, 1, 1)", "object", "decimal.Decimal('1')",
     "(1, 2)", "b'x'", "dict(a=1)")  # fmt: skip
rule(
    "name", "'x'", "'total'", "'select'", "'Mixed'", "'a b'", "'a%b'", "'name'", "'id'", "'users_id'", "'x.y'", "'\u00fc'",
    "'anon_1'", "'param_1'", "'a:b'", "'(x)'", "quoted_name('Quoted', True)", "quoted_name('Plain', False)",
    "'it\"s'", "'id_1'", "'l' * 70", "'order'", "'users'", "'1st'", "None",
)  # fmt: skip
rule("collation", "'NOCASE'", "'BINARY'", "'utf8mb4_bin'", "'de_DE'", "'Mixed-Name'")
rule("any", *("{%s}" % sort for sort in TYPES))


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

    rule(sort, "literal(%s)" % VALUES[sort][0], weight=0.1)
    rule(sort, "{%s_col}" % sort, weight=8)
    rule(sort, "{%s_lit}" % sort, weight=2.5)
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
    "{<T>}.in_(bindparam({bind_name}, [{<T>_py*}], expanding=True, unique=True))",
    "{<T>}.between({<T>}, {<T>})",
    "between({<T>}, {<T>_py}, {<T>}, symmetric={boolean})",
    "({<T>} {cmp} any_({select_<T>}))",
    "({<T>} {cmp} all_({scalar_<T>}))",
    "({<T>} == {select_<T>}.scalar_subquery())",
    "{<T>}.op({operator}, is_comparison=True)({<T>})",
    "{<T>}.bool_op({operator}, precedence={precedence})({<T>})",
]
LEAVES |= {"operator", "precedence", "boolean", "over"}
rule("operator", "'||'", "'+'", "'&&'", "'->'", "'%%'", "'='", "'AND'", "'<=>'", "'@>'", "':='", "'%'")
rule("precedence", "0", "5", "8", "15", "100", "-1")
rule("boolean", "True", "False")
rule("cmp", "==", "!=", "<", "<=", ">", ">=")
for sort in TYPES:
    _generic(sort)

rule(
    "int",
    "({int} + {int})", "({int} - {int})", "({int} * {int})", "({int} / {int})", "({int} // {int})", "({int} % {int})",
    "({int} + {int_py})", "({int_py} - {int})", "({int_py} / {int})", "({int} // {int_py})", "({int_py} % {int})",
    "(-{int})", "(-(-{int}))", "{int}.bitwise_and({int})", "{int}.bitwise_or({int})", "{int}.bitwise_xor({int})",
    "{int}.bitwise_not()", "bitwise_not({int})", "{int}.bitwise_lshift({int_py})", "{int}.bitwise_rshift({int})",
    "({int} << {int_py})", "extract({field}, {dt})", "extract({field}, {date})", "func.length({str})",
    "func.abs({int})", "func.count({any})", "func.count()", "func.count(distinct({any}))", "func.count({any}.distinct())",
    "func.sum({int})", "func.char_length({str})", "func.pow({int}, {int_py})", "({date} - {date})",
    "{json}[{json_key}].as_integer()", "{arr}[{int_py}]", "func.row_number().over({over})", "func.rank().over({over})",
    "func.ntile({int_py}).over({over})", "func.sum({int}).over({over})", "func.sum({int}).filter({bool})",
    "func.sum({int}).filter({bool*})", "funcfilter(func.count({any}), {bool})", "func.count({any}).filter({bool}).over({over})",
    "func.rank({int_py}).within_group({order+})", "func.dense_rank({int}).within_group({order+})",
    "func.rank().within_group({order})", "func.round({num}, {int_py}, type_=Integer)", "func.cast({int}, Integer)",
    "({int} ** {int_py})" , "operator.pow({int}, {int})",
    weight=0.5,
)  # fmt: skip
rule("field", "'year'", "'month'", "'day'", "'hour'", "'epoch'", "'dow'", "'week'", "'milliseconds'", "'second'",
     "'doy'", "'quarter'", "'bogus'")  # fmt: skip
rule("json_key", "'a'", "'b'", "0", "('a', 'b')", "(1, 'x')", "'it\\'s'", "-1", "('a',)", "'a b'", "()")
LEAVES.add("json_key")
rule(
    "str",
    "({str} + {str})", "({str_py} + {str})", "({str} + {str_py})", "{str}.concat({str})", "{str}.concat({str_py})",
    "func.lower({str})", "func.upper({str})", "func.concat({str}, {any})", "{str}.collate({collation})",
    "collate({str}, {collation})", "func.substr({str}, {int}, {int_py})", "func.trim({str})",
    "{str}.regexp_replace({str_py}, {str_py})", "{str}.regexp_replace({str}, {str}, flags='ig')",
    "func.aggregate_strings({str}, {str_py})", "func.aggregate_strings({str}, ',').filter({bool})",
    "{json}[{json_key}].as_string()", "func.replace({str}, {str_py}, {str})", "func.group_concat({str})",
    "aggregate_order_by(func.group_concat({str}), {order})", "func.string_agg({str}, ',').aggregate_order_by({order+})",
    "func.aggregate_strings({str}, ', ').aggregate_order_by({order+})", "func.mode().within_group({str})",
    weight=0.5,
)  # fmt: skip
rule(
    "float",
    "({float} + {float})", "({float} - {float_py})", "({float} * {int})", "({float} / {float})", "({int} / {float})",
    "(-{float})", "func.avg({int})", "func.avg({float})", "{json}[{json_key}].as_float()", "({float} // {int})",
    "({float} % {float_py})", "func.percentile_cont({float_py}).within_group({order})", "func.percent_rank().over({over})",
    "func.percentile_disc({float_py}).within_group({float}.desc())", "func.cume_dist().over({over})",
    "func.sum({float}).over({over})",
    weight=0.5,
)  # fmt: skip
rule(
    "num",
    "({num} + {num})", "({num} - {num_py})", "({num} * {int})", "({num} / {int})", "({num_py} / {num})", "({int} / {num})",
    "(-{num})", "func.sum({num})", "{json}[{json_key}].as_numeric(10, 2)", "({num} // {num})", "({num} % {int_py})",
    "func.sum({num}).over({over})",
    weight=0.5,
)  # fmt: skip
rule("date", "({date} + {span_py})", "({date} - {span_py})", "func.date({dt}, type_=Date)", weight=0.4)
rule("date", "func.current_date()", weight=0.4, runs=False)
rule("dt", "({dt} + {span_py})", "({dt} - {span_py})", "({span_py} + {dt})", "({date} + {time})", weight=0.4)
rule("dt", "func.now()", "func.current_timestamp()", "func.localtimestamp()", "func.sysdate()", weight=0.2, runs=False)
rule("time", "func.current_time()", "func.localtime()", weight=0.4, runs=False)
rule("span", "({dt} - {dt})", "({span} + {span})", "({span} * {int_py})", "({dt} - {dt_py})", weight=0.4)
rule("str", "func.current_user()", "func.session_user()", "func.user()", weight=0.05, runs=False)
rule("float", "func.random()", weight=0.1, runs=False)
rule(
    "json", "{json}[{json_key}]", "{json}[{int}]", "{json}[{str}]", "{json}[{json_key}].as_json()", weight=0.6
)
rule("bool", "{json}[{json_key}].as_boolean()", weight=0.2)
rule("arr", "{arr}[{int_py}:{int_py}]", "func.array_agg({int})", "postgresql.array([{int*}])", "({arr} + {arr})", weight=0.5)
rule("over",
     "",
     "partition_by={any}", "order_by={order}", "partition_by=[{any*}], order_by=[{order*}]",
     "order_by={order}, rows=({bound}, {bound})", "order_by={order}, range_=({bound}, {bound})",
     "order_by={int}, groups=({bound}, {bound})", "partition_by={any}, order_by={order}, rows=(None, 0)",
     "order_by={order}, rows=({bound}, {bound}), exclude={exclude}",
     "order_by={int}, rows=FrameClause({frame}, {frame}, {frame_type}, {frame_type})")  # fmt: skip
LEAVES |= {"bound", "exclude", "frame", "frame_type"}
rule("bound", "None", "0", "-1", "2", "5", "-17")
rule("exclude", "'CURRENT ROW'", "'TIES'", "'GROUP'", "'NO OTHERS'", "'nonsense'")
rule("frame", "None", "1", "2")
rule("frame_type", "FrameClauseType.UNBOUNDED", "FrameClauseType.CURRENT", "FrameClauseType.PRECEDING", "FrameClauseType.FOLLOWING")
rule("order", "{any_col}", weight=3)
rule("order", "{any}.desc()", "{any}.asc()", "desc({any})", "asc({any})", "{any}.desc().nulls_last()", "nulls_first({any})",
     "{any}.nulls_first()", "nulls_last({any}.asc())", "{any}", "{str}.collate({collation}).desc()")  # fmt: skip
LEAVES.add("any_col")


@maker("any_col")
def any_column(writer: Writer) -> Piece:
    """Name any column in scope."""
    scope = writer.scopes[-1] if writer.scopes else []
    found = [(source, name) for source in scope for name, _ in source.columns]
    if not found:
        return writer.piece("int_lit")
    return Piece("any", access(*writer.random.choice(found)))
