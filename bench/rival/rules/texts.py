"""Textual SQL, and parameters that get their values late."""

from __future__ import annotations

from bench.rival.grammar import Writer, maker, rule
from bench.rival.piece import Piece

rule(
    "textual",
    """
    text('select id, name from users')
    text('select 1 as "a b"')
    text('select count(*) from orders where id > 1')
    """,
)
rule(
    "textual",
    r"""
    text('select id, name from users where id = :num').bindparams(num={int_py})
    text('select id from users where name = :nm').bindparams(bindparam('nm', {str_py}, type_={str_type}))
    text('select id from users where id in :ids').bindparams(bindparam('ids', [{int_py*}], expanding=True))
    text('select id, name from users').columns({text_columns})
    text('select id, made, total from users, orders').columns(users.c.id, users.c.made, orders.c.total)
    text('select :a, :b, \\:c, d::e').bindparams(a={any_lit})
    text('insert into users (name) values (:nm)').bindparams(nm={str_py})
    text('select 50 % 3, :x').bindparams(x={int_py})
    text('select id from users where age = :num and id = :num').bindparams(num={int_py})
    select(text('id, name')).select_from(text('users')).where(text('id > :low').bindparams(low={int_py}))
    select(text('id'), text('name')).select_from(users)
    select(literal_column('users.id').label('q'), text('1')).select_from(users).order_by(text('q desc'))
    text('select id from users').columns(column('id', Integer)).cte('tc').select()
    select(text('select id, name from users').columns(column('id', {int_type}), column('name', {str_type})).subquery('st'))
    """,
)
rule(
    "text_columns",
    """
    column('id', Integer), column('name', Shout)
    id=Integer, name=String
    users.c.id
    column('name'), id=Integer
    """,
)


@maker("any_lit")
def any_literal(writer: Writer) -> Piece:
    """Write a constant of any sort."""
    return writer.piece(f"{writer.random.choice(('int', 'str', 'bool', 'num', 'dt'))}_py")


@maker("text_top")
def textual(writer: Writer) -> Piece:
    """Write a textual statement."""
    return writer.piece("textual")


# Named parameters, with and without values of their own; the program gives them values when it runs.
for sort, name in (("int", "num"), ("str", "nm"), ("dt", "moment")):
    rule(
        sort,
        f"bindparam({name!r})",
        f"bindparam({name!r}, type_={{{sort}_type}})",
        f"bindparam({name!r}, required=False)",
        f"bindparam({name!r}, {{{sort}_py}})",
        f"bindparam({name!r}, {{{sort}_py}}, literal_execute=True)",
        weight=0.05,
    )
rule(
    "bool",
    """
    {int}.in_(bindparam('nums', expanding=True))
    {str}.in_(bindparam('nms', [{str_py*}], expanding=True))
    {int}.in_(bindparam('nums', [{int_py*}], expanding=True, literal_execute=True))
    """,
    weight=0.1,
)
