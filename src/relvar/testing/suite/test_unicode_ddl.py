"""Names in any script."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import ForeignKey, Integer, MetaData, Table, inspect, select
from relvar.testing import eq_, fixtures
from relvar.testing.schema import Column


class UnicodeSchemaTest(fixtures.TablesTest):
    """Tables and columns named in Greek, Chinese and French."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("unicode_ddl",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "méil",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("\u6e2c\u8a66", Integer),
        )
        Table(
            "Unitéble2",
            metadata,
            Column("méil", Integer, primary_key=True, autoincrement=False),
            Column("πρώτη", Integer, ForeignKey("méil.id")),
        )

    def test_insert(self, connection: Any) -> None:
        one, two = self.tables("méil", "Unitéble2")
        connection.execute(one.insert(), {"id": 1, "\u6e2c\u8a66": 5})
        connection.execute(two.insert(), {"méil": 1, "πρώτη": 1})
        eq_(connection.execute(select(one)).first(), (1, 5))
        eq_(connection.execute(select(two).where(two.c["πρώτη"] == 1)).first()._mapping["méil"], 1)

    def test_col_targeting(self, connection: Any) -> None:
        """Values are found in rows by such columns and names."""
        one = self.tables["méil"]
        connection.execute(one.insert(), {"id": 1, "\u6e2c\u8a66": 5})
        row = connection.execute(select(one)).first()
        eq_(row._mapping[one.c["\u6e2c\u8a66"]], 5)
        eq_(row._mapping["\u6e2c\u8a66"], 5)

    def test_repr(self) -> None:
        metadata = MetaData()
        t = Table("\u6e2c\u8a66", metadata, Column("\u6e2c\u8a66_id", Integer))
        eq_(
            repr(t),
            "Table('測試', MetaData(), Column('測試_id', Integer(), table=<測試>), schema=None)",
        )

    def test_reflect(self, connection: Any) -> None:
        eq_([c["name"] for c in inspect(connection).get_columns("méil")], ["id", "\u6e2c\u8a66"])
        reflected = Table("Unitéble2", MetaData(), autoload_with=connection)
        eq_([f.target_fullname for f in reflected.c["πρώτη"].foreign_keys], ["méil.id"])
