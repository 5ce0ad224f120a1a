"""Reflection of checks, options of foreign keys, indexes, defaults and arguments of types."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from relvar import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    Unicode,
    UniqueConstraint,
    func,
    inspect,
    testing,
    text,
)
from relvar.testing import ComparesIndexes, config, eq_, fixtures, in_, requires
from relvar.testing.schema import Column, Table


class ComponentReflectionTestExtra(ComparesIndexes, fixtures.TestBase):
    """Checks, options of foreign keys, indexes on expressions, numeric arguments."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("table_reflection",)

    @config.fixture(params=[False, True], ids=["", "schema"])
    def use_schema_fixture(self, request: Any) -> str | None:
        """The default schema and another one."""
        if not request.param:
            return None
        if not config.requirements_in_use().schemas.enabled:
            config.skip_test("no schemas")
        return config.current_config().test_schema

    @config.fixture()
    def inspect_for_table(self, metadata: Any, connection: Any, use_schema_fixture: str | None) -> Any:
        """A function: definition of a table -> its checks, foreign keys or indexes, as reflected."""

        def look(what: str, *elements: Any) -> Any:
            Table("t", metadata, *elements, schema=use_schema_fixture)
            metadata.create_all(connection)
            return getattr(inspect(connection), f"get_{what}")("t", schema=use_schema_fixture)

        return look

    def ck_eq(self, reflected: Any, expected: Any) -> None:
        """Assert the names of checks, and that their texts have the numbers and words given."""
        found = {each["name"]: each["sqltext"] for each in reflected}
        eq_(sorted(found), sorted(name for name, _ in expected))
        for name, parts in expected:
            for part in parts:
                in_(part, re.sub(r"[()\s`\"]", "", found[name]).lower())

    @testing.combinations("plain", "Mixed Name", "quote's", argnames="constraint_name")
    @requires.check_constraint_reflection
    def test_check_constraint_standalone(
        self, metadata: Any, inspect_for_table: Any, constraint_name: str
    ) -> None:
        found = inspect_for_table(
            "check_constraints",
            Column("a", Integer),
            CheckConstraint("a > 1 AND a < 5", name=constraint_name),
            CheckConstraint("a = 1 OR (a > 2 AND a < 5)", name="b_cc2"),
        )
        self.ck_eq(found, [(constraint_name, ["a>1", "a<5"]), ("b_cc2", ["a=1", "a>2anda<5"])])

    @testing.combinations("plain", "Mixed Name", argnames="constraint_name")
    @requires.check_constraint_reflection
    @requires.inline_check_constraint_reflection
    def test_check_constraint_inline(
        self, metadata: Any, inspect_for_table: Any, constraint_name: str
    ) -> None:
        found = inspect_for_table(
            "check_constraints", Column("a", Integer, CheckConstraint("a > 3", name=constraint_name))
        )
        self.ck_eq(found, [(constraint_name, ["a>3"])])

    @testing.combinations(
        ("a in (1, 2, 3)", ["1", "2", "3"]),
        ("(a > 1) and (a < 9)", ["a>1", "a<9"]),
        ("(a = 3 or a = 4) and (a > 0)", ["a=3", "a=4", "a>0"]),
        ("(b > '2') and b <> ')('", ["b>'2'"]),
        argnames="expression, parts",
    )
    @requires.check_constraint_reflection
    def test_check_constraint_parenthesized_expressions(
        self, metadata: Any, inspect_for_table: Any, expression: str, parts: list[str]
    ) -> None:
        found = inspect_for_table(
            "check_constraints",
            Column("a", Integer),
            Column("b", String(9)),
            CheckConstraint(expression, name="ck_parens"),
        )
        (each,) = found
        eq_(each["name"], "ck_parens")
        words = re.sub(r"[()\s`\"]", "", each["sqltext"]).lower().replace("::text", "").replace("char_", "")
        for part in parts:
            in_(part, words)

    @requires.check_constraint_reflection
    @requires.inline_check_constraint_reflection
    def test_check_constraint_mixed(self, metadata: Any, inspect_for_table: Any) -> None:
        found = inspect_for_table(
            "check_constraints",
            Column("a", Integer, CheckConstraint("a > 3", name="inline")),
            CheckConstraint("a < 9", name="standalone"),
        )
        self.ck_eq(found, [("inline", ["a>3"]), ("standalone", ["a<9"])])

    @requires.check_constraint_reflection
    def test_check_constraint_no_constraint(self, metadata: Any, inspect_for_table: Any) -> None:
        eq_(inspect_for_table("check_constraints", Column("a", Integer), UniqueConstraint("a")), [])

    @testing.combinations(
        (None, "CASCADE", None, requires.foreign_key_constraint_option_reflection_ondelete),
        (None, None, "SET NULL", requires.foreign_key_constraint_option_reflection_onupdate),
        ({}, None, "NO ACTION", requires.foreign_key_constraint_option_reflection_onupdate),
        ({}, "NO ACTION", None, requires.fk_constraint_option_reflection_ondelete_noaction),
        (None, None, "RESTRICT", requires.fk_constraint_option_reflection_onupdate_restrict),
        (None, "RESTRICT", None, requires.fk_constraint_option_reflection_ondelete_restrict),
        (
            None,
            "SET NULL",
            "CASCADE",
            requires.foreign_key_constraint_option_reflection_onupdate,
            requires.foreign_key_constraint_option_reflection_ondelete,
        ),
        argnames="expected, ondelete, onupdate",
    )
    def test_get_foreign_key_options(
        self, connection: Any, metadata: Any, expected: Any, ondelete: str | None, onupdate: str | None
    ) -> None:
        """NO ACTION is what the standard does anyhow, and is not told."""
        given: dict[str, Any] = {
            key: value for key, value in (("ondelete", ondelete), ("onupdate", onupdate)) if value
        }
        Table("x", metadata, Column("id", Integer, primary_key=True), test_needs_fk=True)
        Table(
            "user_of_x",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("plain", Integer, ForeignKey("x.id", name="fk_plain")),
            Column("with_options", Integer, ForeignKey("x.id", name="fk_options", **given)),
            test_needs_fk=True,
        )
        metadata.create_all(connection)
        found = {
            each["constrained_columns"][0]: {k: v for k, v in each["options"].items() if v}
            for each in inspect(connection).get_foreign_keys("user_of_x")
        }
        eq_(found, {"plain": {}, "with_options": given if expected is None else expected})

    @requires.indexes_with_expressions
    def test_reflect_expression_based_indexes(self, metadata: Any, connection: Any) -> None:
        t = Table("t", metadata, Column("x", String(30)), Column("y", String(30)))
        Index("t_idx", func.lower(t.c.x), t.c.y)
        Index("t_idx_2", t.c.y)
        metadata.create_all(connection)
        reflects = config.requirements_in_use().reflect_indexes_with_expressions.enabled
        if not reflects:
            # it is passed over, with a warning
            with testing.expect_warnings("Skipped unsupported reflection of expression-based index"):
                found = inspect(connection).get_indexes("t")
            eq_([each["name"] for each in found], ["t_idx_2"])
            return
        by_name = {each["name"]: each for each in inspect(connection).get_indexes("t")}
        eq_(sorted(by_name), ["t_idx", "t_idx_2"])
        eq_(by_name["t_idx"]["column_names"], [None, "y"])
        in_("lower", by_name["t_idx"]["expressions"][0].lower())

    @requires.index_reflects_included_columns
    def test_reflect_covering_index(self, metadata: Any, connection: Any) -> None:
        t = Table("t", metadata, Column("x", String(30)), Column("y", String(30)))
        index = Index("t_idx", t.c.x)
        options: Any = index.dialect_options[connection.engine.name]
        options["include"] = ["y"]
        metadata.create_all(connection)
        (found,) = inspect(connection).get_indexes("t")
        eq_((found["column_names"], found["include_columns"]), (["x"], ["y"]))

    @requires.index_reflection
    def test_index_column_order(self, metadata: Any, inspect_for_table: Any) -> None:
        columns = [Column(name, Integer) for name in "abcd"]
        found = inspect_for_table(
            "indexes",
            *columns,
            Index("one", columns[0], columns[1], columns[2]),
            Index("two", *columns[::-1]),
        )
        eq_(
            {each["name"]: each["column_names"] for each in found},
            {"one": ["a", "b", "c"], "two": ["d", "c", "b", "a"]},
        )

    @testing.combinations(
        (lambda: Integer(), "10", "10"),
        (lambda: Integer(), "-15", "15"),
        (lambda: Numeric(10, 2), "53.2", r"53\.2"),
        (lambda: String(20), "'some default'", "some default"),
        (lambda: String(20), "'it''s'", "it''?s"),
        argnames="datatype, default, expected_reg",
    )
    @requires.server_defaults
    def test_server_defaults(
        self, metadata: Any, connection: Any, datatype: Any, default: str, expected_reg: str
    ) -> None:
        t = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("thecol", datatype(), server_default=text(default)),
            Column("none", datatype()),
        )
        t.create(connection)
        found = {each["name"]: each["default"] for each in inspect(connection).get_columns("t")}
        assert re.search(expected_reg, str(found["thecol"])), found
        in_(found["none"], (None, "NULL"))

    def _type_round_trip(self, connection: Any, metadata: Any, *types: Any) -> list[Any]:
        t = Table("t", metadata, *(Column(f"c{n}", type_) for n, type_ in enumerate(types)))
        t.create(connection)
        return [each["type"] for each in inspect(connection).get_columns("t")]

    def test_numeric_reflection(self, connection: Any, metadata: Any) -> None:
        for found in self._type_round_trip(connection, metadata, Numeric(18, 5)):
            assert isinstance(found, Numeric)
            eq_((found.precision, found.scale), (18, 5))

    @testing.combinations(String, Unicode, Text, argnames="type_")
    def test_string_length_reflection(self, connection: Any, metadata: Any, type_: Any) -> None:
        made = type_() if type_ is Text else type_(52)
        (found,) = self._type_round_trip(connection, metadata, made)
        assert isinstance(found, String)
        if type_ is not Text:
            eq_(found.length, 52)

    def test_nullable_reflection(self, connection: Any, metadata: Any) -> None:
        t = Table(
            "t",
            metadata,
            Column("a", Integer, nullable=True),
            Column("b", Integer, nullable=False),
            Column("c", DateTime),
        )
        t.create(connection)
        found = {each["name"]: each["nullable"] for each in inspect(connection).get_columns("t")}
        eq_(found, {"a": True, "b": False, "c": True})


__all__ = ["ComponentReflectionTestExtra"]
