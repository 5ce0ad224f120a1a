"""How many rows a statement changed."""

from __future__ import annotations

from typing import Any, ClassVar

from relvar import Integer, MetaData, String, bindparam, delete, select, testing, text, update
from relvar.schema import DropTable
from relvar.testing import eq_, fixtures, in_, requires
from relvar.testing.schema import Column, Table


class RowCountTest(fixtures.TablesTest):
    """``rowcount`` is how many rows matched."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("sane_rowcount",)

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "employees",
            metadata,
            Column("employee_id", Integer, primary_key=True, autoincrement=False),
            Column("name", String(50)),
            Column("department", String(1)),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        rows = [
            ("Angela", "A"),
            ("Andrew", "A"),
            ("Anand", "A"),
            ("Bob", "B"),
            ("Bobette", "B"),
            ("Cora", "C"),
        ]
        connection.execute(
            cls.tables.employees.insert(),
            [{"employee_id": n, "name": name, "department": d} for n, (name, d) in enumerate(rows)],
        )

    def test_basic(self, connection: Any) -> None:
        t = self.tables.employees
        eq_(connection.scalar(select(t.c.name).where(t.c.employee_id == 3)), "Bob")

    def test_update_rowcount1(self, connection: Any) -> None:
        t = self.tables.employees
        eq_(connection.execute(update(t).where(t.c.department == "A").values(department="Z")).rowcount, 3)

    def test_update_rowcount2(self, connection: Any) -> None:
        """Rows that match but do not change are counted as well."""
        t = self.tables.employees
        eq_(connection.execute(update(t).where(t.c.department == "B").values(department="B")).rowcount, 2)

    def test_update_rowcount_none(self, connection: Any) -> None:
        t = self.tables.employees
        eq_(connection.execute(update(t).where(t.c.department == "X").values(department="Y")).rowcount, 0)

    def test_delete_rowcount(self, connection: Any) -> None:
        t = self.tables.employees
        eq_(connection.execute(delete(t).where(t.c.department == "C")).rowcount, 1)

    def test_raw_sql_rowcount(self, connection: Any) -> None:
        eq_(
            connection.exec_driver_sql("update employees set department='Z' where department='A'").rowcount, 3
        )

    def test_text_rowcount(self, connection: Any) -> None:
        stmt = text("update employees set department='Z' where department=:d")
        eq_(connection.execute(stmt, {"d": "B"}).rowcount, 2)

    @requires.sane_multi_rowcount
    def test_multi_update_rowcount(self, connection: Any) -> None:
        t = self.tables.employees
        stmt = update(t).where(t.c.name == bindparam("who")).values(department="Q")
        eq_(connection.execute(stmt, [{"who": "Bob"}, {"who": "Cora"}, {"who": "nobody"}]).rowcount, 2)

    @requires.sane_multi_rowcount
    def test_multi_delete_rowcount(self, connection: Any) -> None:
        t = self.tables.employees
        stmt = delete(t).where(t.c.name == bindparam("who"))
        eq_(connection.execute(stmt, [{"who": "Bob"}, {"who": "Cora"}, {"who": "nobody"}]).rowcount, 2)

    @requires.sane_rowcount_w_returning
    @requires.update_returning
    def test_update_returning_rowcount(self, connection: Any) -> None:
        t = self.tables.employees
        stmt = update(t).where(t.c.department == "A").values(name="x").returning(t.c.employee_id)
        result = connection.execute(stmt)
        eq_(sorted(result.scalars()), [0, 1, 2])

    @testing.variation("implicit_returning", [True, False])
    @testing.variation("dml", ["update", "delete"])
    @requires.sane_rowcount_w_returning
    def test_update_delete_rowcount_return_defaults(
        self, connection: Any, implicit_returning: Any, dml: Any
    ) -> None:
        """The count is right when values are fetched along with the change, too."""
        t = self.tables.employees
        if not implicit_returning:
            t = t.to_metadata(MetaData())
            t.implicit_returning = False
        where = t.c.department == "C"
        stmt: Any
        if dml.update:
            stmt = update(t).where(where).values(name=t.c.department + "Z").return_defaults()
        else:
            stmt = delete(t).where(where).return_defaults()
        eq_(connection.execute(stmt).rowcount, 1)

    @testing.combinations(
        ("select", lambda t: select(t.c.name)),
        ("text_select", lambda t: text("SELECT name FROM employees")),
        (
            "ddl",
            lambda t: DropTable(Table("no_such_table_here", MetaData()), if_exists=True),
            requires.table_ddl_if_exists,
        ),
        ("insert", lambda t: t.insert().values(employee_id=99, name="n", department="Q")),
        argnames="statement",
        id_="ia",
    )
    @testing.variation("close_first", [True, False])
    def test_non_rowcount_scenarios_no_raise(self, connection: Any, statement: Any, close_first: Any) -> None:
        """Where drivers count nothing, -1 or the number of rows is given, not an error."""
        result = connection.execute(statement(self.tables.employees))
        if close_first:
            result.close()
        in_(result.rowcount, (-1, 0, 1, 6))
