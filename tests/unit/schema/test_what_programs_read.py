"""
What programs that render schemas as Python, or change them in place, read of schema items.
"""

from __future__ import annotations

import warnings
from unittest import mock

import pytest

from relvar import (
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    column,
    exc,
    func,
    text,
)
from relvar.dialects.postgresql import JSONB, ExcludeConstraint
from relvar.engine import Connection, ConnectionEventsTarget, Engine
from relvar.expr.bind import BindParameter
from relvar.expr.traverse import replacement_traverse
from relvar.ext.compiler import compiles


def test_options_of_dialects_come_in_the_order_in_which_they_were_given() -> None:
    index = Index("ix", postgresql_where=text("x"), postgresql_using="gin")
    assert list(index.dialect_kwargs) == ["postgresql_where", "postgresql_using"]
    assert list(Identity(oracle_order=True, oracle_on_null=True).dialect_kwargs) == [
        "oracle_order",
        "oracle_on_null",
    ]


def test_old_names_of_oracles_options_are_its_options() -> None:
    with pytest.warns(exc.SADeprecationWarning, match="use ``oracle_on_null`` instead"):
        identity = Identity(start=3, on_null=True, oracle_order=False)
    assert (identity.on_null, identity.order) == (True, False)
    assert dict(identity.dialect_kwargs) == {"oracle_order": False, "oracle_on_null": True}
    assert identity._as_dict() == {"always": False, "start": 3}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        copied = identity._copy()
    assert (copied.on_null, copied.order, copied.start) == (True, False, 3)
    with pytest.warns(exc.SADeprecationWarning, match="use ``oracle_order`` instead"):
        assert Sequence("s", order=True).dialect_kwargs["oracle_order"] is True


def test_the_elements_of_an_exclude_constraint() -> None:
    constraint = ExcludeConstraint(("a", "="), (column("b"), "&&"), (text("c || d"), "="))
    assert [(name, operator) for _, name, operator in constraint._render_exprs] == [
        ("a", "="),
        ("b", "&&"),
        (None, "="),
    ]
    table = Table("t", MetaData(), Column("a", Integer), Column("b", Integer), constraint)
    assert constraint._render_exprs[0][0] is table.c.a


def test_columns_of_a_key_can_be_changed_by_what_is_behind_them() -> None:
    table = Table("t", MetaData(), Column("a", Integer, primary_key=True), Column("b", Integer))
    columns = table.primary_key.columns
    with pytest.raises(TypeError, match="immutable"):
        columns._readonly()
    columns._parent.remove(table.c.a)
    assert list(columns) == []


def test_what_a_test_puts_in_the_place_of_a_constraint_is_taken() -> None:
    table = Table("t", MetaData(), Column("a", Integer))
    constraint = mock.MagicMock(spec=ForeignKeyConstraint)
    table.append_constraint(constraint)
    constraint._set_parent_with_dispatch.assert_called_once_with(table)
    with pytest.raises(exc.ArgumentError, match="A Constraint or an Index is needed for table 't'"):
        table.append_constraint(Column("b", Integer))


def test_copies_of_expressions_compare_nothing() -> None:
    table = Table("t", MetaData(), Column("data", JSONB))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = replacement_traverse(func.lower(table.c.data["key"].astext), {}, lambda _: None)
    assert str(made) == str(func.lower(table.c.data["key"].astext))


def test_parameters_of_other_classes_are_not_cached_and_need_not_say_so() -> None:
    class Literal(BindParameter):
        pass

    @compiles(Literal)
    def render(element, compiler, **kw):
        return compiler.render_literal_bindparam(element, **kw)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Literal(None, 5, type_=Integer())._generate_cache_key() is None


def test_connections_and_engines_have_a_base() -> None:
    assert issubclass(Engine, ConnectionEventsTarget) and issubclass(Connection, ConnectionEventsTarget)
