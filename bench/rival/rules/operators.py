"""Operators and functions that give a value, by the sort of what they give."""

from __future__ import annotations

from bench.rival.grammar import LEAVES, rule

rule(
    "int",
    """
    ({int} + {int})
    ({int} - {int})
    ({int} * {int})
    ({int} / {int})
    ({int} // {int})
    ({int} % {int})
    ({int} + {int_py})
    ({int_py} - {int})
    ({int_py} / {int})
    ({int} // {int_py})
    ({int_py} % {int})
    (-{int})
    (-(-{int}))
    {int}.bitwise_and({int})
    {int}.bitwise_or({int})
    {int}.bitwise_xor({int})
    {int}.bitwise_not()
    bitwise_not({int})
    {int}.bitwise_lshift({int_py})
    {int}.bitwise_rshift({int})
    ({int} << {int_py})
    extract({field}, {dt})
    extract({field}, {date})
    func.length({str})
    func.abs({int})
    func.count({any})
    func.count()
    func.count(distinct({any}))
    func.count({any}.distinct())
    func.sum({int})
    func.char_length({str})
    func.pow({int}, {int_py})
    ({date} - {date})
    {json}[{json_key}].as_integer()
    {arr}[{int_py}]
    func.row_number().over({over})
    func.rank().over({over})
    func.ntile({int_py}).over({over})
    func.sum({int}).over({over})
    func.sum({int}).filter({bool})
    func.sum({int}).filter({bool*})
    funcfilter(func.count({any}), {bool})
    func.count({any}).filter({bool}).over({over})
    func.rank({int_py}).within_group({order+})
    func.dense_rank({int}).within_group({order+})
    func.rank().within_group({order})
    func.round({num}, {int_py}, type_=Integer)
    func.cast({int}, Integer)
    ({int} ** {int_py})
    operator.pow({int}, {int})
    """,
    weight=0.5,
)
rule(
    "field",
    """
    'year'
    'month'
    'day'
    'hour'
    'epoch'
    'dow'
    'week'
    'milliseconds'
    'second'
    'doy'
    'quarter'
    'bogus'
    """,
)
rule(
    "json_key",
    r"""
    'a'
    'b'
    0
    ('a', 'b')
    (1, 'x')
    'it\'s'
    -1
    ('a',)
    'a b'
    ()
    """,
)
LEAVES.add("json_key")
rule(
    "str",
    """
    ({str} + {str})
    ({str_py} + {str})
    ({str} + {str_py})
    {str}.concat({str})
    {str}.concat({str_py})
    func.lower({str})
    func.upper({str})
    func.concat({str}, {any})
    {str}.collate({collation})
    collate({str}, {collation})
    func.substr({str}, {int}, {int_py})
    func.trim({str})
    {str}.regexp_replace({str_py}, {str_py})
    {str}.regexp_replace({str}, {str}, flags='ig')
    func.aggregate_strings({str}, {str_py})
    func.aggregate_strings({str}, ',').filter({bool})
    {json}[{json_key}].as_string()
    func.replace({str}, {str_py}, {str})
    func.group_concat({str})
    aggregate_order_by(func.group_concat({str}), {order})
    func.string_agg({str}, ',').aggregate_order_by({order+})
    func.aggregate_strings({str}, ', ').aggregate_order_by({order+})
    func.mode().within_group({str})
    """,
    weight=0.5,
)
rule(
    "float",
    """
    ({float} + {float})
    ({float} - {float_py})
    ({float} * {int})
    ({float} / {float})
    ({int} / {float})
    (-{float})
    func.avg({int})
    func.avg({float})
    {json}[{json_key}].as_float()
    ({float} // {int})
    ({float} % {float_py})
    func.percentile_cont({float_py}).within_group({order})
    func.percent_rank().over({over})
    func.percentile_disc({float_py}).within_group({float}.desc())
    func.cume_dist().over({over})
    func.sum({float}).over({over})
    """,
    weight=0.5,
)
rule(
    "num",
    """
    ({num} + {num})
    ({num} - {num_py})
    ({num} * {int})
    ({num} / {int})
    ({num_py} / {num})
    ({int} / {num})
    (-{num})
    func.sum({num})
    {json}[{json_key}].as_numeric(10, 2)
    ({num} // {num})
    ({num} % {int_py})
    func.sum({num}).over({over})
    """,
    weight=0.5,
)
rule(
    "date",
    """
    ({date} + {span_py})
    ({date} - {span_py})
    func.date({dt}, type_=Date)
    """,
    weight=0.4,
)
rule("date", "func.current_date()", weight=0.4, runs=False)
rule(
    "dt",
    """
    ({dt} + {span_py})
    ({dt} - {span_py})
    ({span_py} + {dt})
    ({date} + {time})
    """,
    weight=0.4,
)
rule(
    "dt",
    """
    func.now()
    func.current_timestamp()
    func.localtimestamp()
    func.sysdate()
    """,
    weight=0.2,
    runs=False,
)
rule(
    "time",
    """
    func.current_time()
    func.localtime()
    """,
    weight=0.4,
    runs=False,
)
rule(
    "span",
    """
    ({dt} - {dt})
    ({span} + {span})
    ({span} * {int_py})
    ({dt} - {dt_py})
    """,
    weight=0.4,
)
rule(
    "str",
    """
    func.current_user()
    func.session_user()
    func.user()
    """,
    weight=0.05,
    runs=False,
)
rule("float", "func.random()", weight=0.1, runs=False)
rule(
    "json",
    """
    {json}[{json_key}]
    {json}[{int}]
    {json}[{str}]
    {json}[{json_key}].as_json()
    """,
    weight=0.6,
)
rule("bool", "{json}[{json_key}].as_boolean()", weight=0.2)
rule(
    "arr",
    """
    {arr}[{int_py}:{int_py}]
    func.array_agg({int})
    postgresql.array([{int*}])
    ({arr} + {arr})
    """,
    weight=0.5,
)
