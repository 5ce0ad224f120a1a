"""Conditions beyond comparing two values of one sort."""

from __future__ import annotations

from bench.rival.grammar import rule

rule(
    "bool",
    """
    and_({bool}, {bool*})
    or_({bool}, {bool*})
    and_({bool*})
    or_({bool*})
    and_(True, {bool*})
    or_(False, {bool*})
    ({bool} & {bool})
    ({bool} | {bool})
    (~{bool})
    not_({bool})
    true()
    false()
    (~(~{bool}))
    ({bool} == {bool})
    ({bool} == True)
    ({bool} == False)
    ({bool} != True)
    {bool}.is_(True)
    {bool}.is_not(false())
    ({bool} == None)
    (~({bool} | {bool}))
    (~({bool} & {bool}))
    """,
    weight=0.7,
)
rule(
    "bool",
    """
    {str}.like({str_py})
    {str}.like({str}, escape='/')
    {str}.not_like({str_py})
    {str}.ilike({str_py})
    {str}.not_ilike({str}, escape='^')
    {str}.startswith({str_py})
    {str}.startswith({str}, autoescape=False)
    {str}.endswith({str_py}, autoescape=True)
    {str}.contains({str_py}, autoescape=True, escape='^')
    {str}.contains({str})
    {str}.istartswith({str_py})
    {str}.iendswith({str})
    {str}.icontains({str_py}, autoescape=True)
    {str}.regexp_match({str_py})
    {str}.regexp_match({str_py}, flags='i')
    (~{str}.regexp_match({str}))
    {str}.match({str_py})
    (~{str}.like({str_py}))
    (~{str}.icontains({str_py}))
    (~{str}.match({str}))
    """,
    weight=0.35,
)
rule(
    "bool",
    """
    exists({select_int})
    (~exists({select_int}))
    {select_int}.exists()
    exists({int_col})
    exists().where({bool})
    exists(text('1')).where({bool})
    exists({int}).where({bool}).correlate(None)
    exists({select_str}).select_from({table_name})
    tuple_({int}, {str}).in_([({int_py}, {str_py}), ({int_py}, {str_py})])
    tuple_({int}, {str}).in_([])
    tuple_({int}, {int}).not_in([({int_py}, {int_py})])
    tuple_({int}, {str}).in_({select_int_str})
    (tuple_({int}, {int}) {cmp} tuple_({int}, {int_py}))
    (tuple_({int}, {str}) == ({int_py}, {str_py}))
    ({int_py} {cmp} any_({arr}))
    ({int} {cmp} all_({arr}))
    (any_({arr}) {cmp} {int_py})
    {arr}.any({int_py})
    text('1 = 1')
    text("users.name = :nm").bindparams(nm={str_py})
    literal(True)
    {bool}.self_group()
    type_coerce({int}, Boolean)
    cast({int}, Boolean)
    literal_column('1 = 0')
    func.bool_fn({any})
    {arr}.contains({arr})
    ({arr} == {arr})
    {str}.in_([{str_py*} None])
    {int}.in_(values(column('q', Integer)).data([({int_py},)]))
    """,
    weight=0.3,
)
