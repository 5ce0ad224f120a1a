"""WITH: common table expressions of SELECT, INSERT, UPDATE and DELETE."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import Integer, String, column, delete, insert, literal, select, update, values
from relvar.testing import eq_, fixtures, requires
from relvar.testing.schema import Column, Table


class CTETest(fixtures.TablesTest):
    """A tree of rows, read and changed through WITH."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("ctes",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "node",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("name", String(50)),
            Column("parent_id", Integer),
        )
        Table(
            "copied",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("name", String(50)),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        rows = [(1, "root", None), (2, "left", 1), (3, "right", 1), (4, "leaf", 2)]
        for row in rows:
            connection.execute(
                cls.tables.node.insert(), dict(zip(("id", "name", "parent_id"), row, strict=True))
            )

    def test_select_nonrecursive_round_trip(self, connection: Any) -> None:
        node = self.tables.node
        cte = select(node).where(node.c.name.in_(["left", "right"])).cte("sides")
        eq_(connection.execute(select(cte.c.name).order_by(cte.c.id)).scalars().all(), ["left", "right"])

    def test_select_recursive_round_trip(self, connection: Any) -> None:
        node = self.tables.node
        tree = (
            select(node.c.id, node.c.name, literal(0).label("depth"))
            .where(node.c.id == 1)
            .cte("tree", recursive=True)
        )
        tree = tree.union_all(
            select(node.c.id, node.c.name, tree.c.depth + 1).where(node.c.parent_id == tree.c.id)
        )
        rows = connection.execute(select(tree.c.name, tree.c.depth).order_by(tree.c.id)).all()
        eq_(rows, [("root", 0), ("left", 1), ("right", 1), ("leaf", 2)])

    def test_insert_from_select_round_trip(self, connection: Any) -> None:
        node, copied = self.tables.node, self.tables.copied
        cte = select(node.c.id, node.c.name).where(node.c.id > 2).cte("some")
        connection.execute(insert(copied).from_select(["id", "name"], select(cte.c.id, cte.c.name)))
        eq_(connection.execute(select(copied).order_by(copied.c.id)).all(), [(3, "right"), (4, "leaf")])

    @requires.ctes_with_update_delete
    @requires.update_from
    def test_update_from_round_trip(self, connection: Any) -> None:
        node, copied = self.tables.node, self.tables.copied
        connection.execute(copied.insert(), [{"id": 1, "name": "old"}, {"id": 9, "name": "stays"}])
        cte = select(node.c.id, node.c.name).cte("src")
        connection.execute(update(copied).values(name=cte.c.name).where(copied.c.id == cte.c.id))
        eq_(connection.execute(select(copied).order_by(copied.c.id)).all(), [(1, "root"), (9, "stays")])

    @requires.ctes_with_update_delete
    @requires.delete_from
    def test_delete_from_round_trip(self, connection: Any) -> None:
        node, copied = self.tables.node, self.tables.copied
        connection.execute(copied.insert(), [{"id": 1, "name": "a"}, {"id": 9, "name": "b"}])
        cte = select(node.c.id, node.c.name).cte("src")
        connection.execute(delete(copied).where(copied.c.id == cte.c.id))
        eq_(connection.execute(select(copied)).all(), [(9, "b")])

    @requires.ctes_with_update_delete
    def test_delete_scalar_subq_round_trip(self, connection: Any) -> None:
        node, copied = self.tables.node, self.tables.copied
        connection.execute(copied.insert(), [{"id": 1, "name": "a"}, {"id": 9, "name": "b"}])
        cte = select(node.c.id, node.c.name).cte("src")
        connection.execute(delete(copied).where(copied.c.id.in_(select(cte.c.id))))
        eq_(connection.execute(select(copied)).all(), [(9, "b")])

    @requires.table_value_constructor
    @requires.ctes_with_values
    def test_values_named_via_cte(self, connection: Any) -> None:
        made = values(column("col1", String), column("col2", Integer)).data([("a", 2), ("b", 3)])
        cte = made.cte("cte1")
        eq_(connection.execute(select(cte).where(cte.c.col1 == "b")).all(), [("b", 3)])

    @requires.ctes_on_dml
    def test_dml_in_cte_round_trip(self, connection: Any) -> None:
        copied = self.tables.copied
        added = insert(copied).values(id=5, name="new").returning(copied.c.id, copied.c.name).cte("added")
        eq_(connection.execute(select(added.c.name)).all(), [("new",)])
        eq_(connection.execute(select(copied.c.id)).all(), [(5,)])
