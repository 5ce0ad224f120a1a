"""JSON: documents go in and come back, elements are found and compared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, ClassVar

from relvar import JSON, Integer, String, and_, cast, null, select, testing
from relvar.orm import Session, registry
from relvar.testing import config, engines, eq_, fixtures, in_, is_, requires
from relvar.testing.mock import Mock
from relvar.testing.schema import Column, Table
from relvar.testing.suite.round_trips import _LiteralRoundTripFixture

_DOCUMENTS: tuple[Any, ...] = (
    {"key": "value", "list": [1, 2.5, None, True], "nested": {"a": {"b": "c"}}},
    ["one", {"two": 3}],
    {"q\"uote'": "\\ % \n", "": ""},
    {},
    [],
)

# how an element is read, and what it is
_ELEMENTS = (
    ("boolean", True),
    ("boolean", False),
    ("boolean", None),
    ("string", "some string"),
    ("string", None),
    ("string", "réve illé"),
    ("string", "réve🐍 illé"),
    ("integer", 15),
    ("integer", 1),
    ("integer", 0),
    ("integer", None),
    ("float", 28.5),
    ("float", None),
    ("float", 1234567.89),
    ("numeric", Decimal("1234567.89")),
    ("json", {"foo": "bar"}),
)


def _elements(fn: Any) -> Any:
    return testing.combinations(*_ELEMENTS, argnames="datatype, value")(fn)


def _comparable_elements(fn: Any) -> Any:
    # documents are not compared, and null is asked for by IS NULL
    rows = [row for row in _ELEMENTS if row[0] != "json" and row[1] is not None]
    return testing.combinations(*rows, argnames="datatype, value")(fn)


def _read(element: Any, kind: str) -> Any:
    """Return an element as a kind of value."""
    if kind == "numeric":
        return element.as_numeric(10, 2)
    return getattr(element, f"as_{kind}")()


class JSONTest(fixtures.TablesTest):
    """Documents, NULL and null, elements by key, number and path."""

    __backend__ = True
    __requires__: ClassVar[tuple[str]] = ("json_type",)
    datatype: Any = JSON

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "data_table",
            metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("name", String(30)),
            Column("data", cls.datatype, nullable=True),
            Column("nulldata", cls.datatype(none_as_null=True)),
        )

    def _test_round_trip(self, data_element: Any, connection: Any) -> None:
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "name": "row1", "data": data_element})
        eq_(connection.execute(select(t.c.data)).one(), (data_element,))

    def _insert(self, connection: Any, name: str, value: Any) -> Any:
        """Store documents that have *value*, as JSON has it, under *name*; return the table."""
        t = self.tables.data_table
        element = float(value) if isinstance(value, Decimal) else value
        connection.execute(
            t.insert(),
            [
                {
                    "id": 1,
                    "name": "row1",
                    "data": {name: element, "more": {name: element, "list": [element]}},
                },
                {"id": 2, "name": "row2", "data": {"other": "x"}},
            ],
        )
        return t

    def test_round_trip_data1(self, connection: Any) -> None:
        t = self.tables.data_table
        rows = [{"id": n, "data": each, "nulldata": each} for n, each in enumerate(_DOCUMENTS)]
        connection.execute(t.insert(), rows)
        stmt = select(t.c.data, t.c.nulldata).order_by(t.c.id)
        eq_(connection.execute(stmt).all(), [(each, each) for each in _DOCUMENTS])

    @testing.combinations(
        ("scalar", "text"),
        ("number", 42),
        ("negative", -5),
        ("fraction", 0.125),
        ("true", True),
        ("false", False),
        ("empty", ""),
        ("list", [1, [2]]),
        ("object", {"k": None}),
        argnames="element",
        id_="ia",
    )
    def test_single_element_round_trip(self, element: Any) -> None:
        with config.db.begin() as connection:
            self._test_round_trip(element, connection)

    @testing.combinations((True, 100), (True, 5000), (False, 100), (False, 5000), argnames="unicode_, length")
    def test_round_trip_pretty_large_data(self, connection: Any, unicode_: bool, length: int) -> None:
        letters = "réve🐍illé数据" if unicode_ else "abcdefghij"
        self._test_round_trip({"key1": letters * (length // 10), "key2": [letters] * 20}, connection)

    def test_unicode_round_trip(self) -> None:
        with config.db.begin() as connection:
            document = {"ключ": "значение", "réve🐍 illé": ["数据", {"k1": "drôle 🐍"}]}
            self._test_round_trip(document, connection)

    def test_round_trip_custom_json(self) -> None:
        """The engine's own serializer and deserializer do the work."""
        loads = Mock(side_effect=lambda text: {"read": json.loads(text)})
        dumps = Mock(side_effect=lambda value: json.dumps({"written": value}))
        engine = engines.testing_engine(options={"json_serializer": dumps, "json_deserializer": loads})
        t = self.tables.data_table
        # where each engine has a database of its own
        t.create(engine, checkfirst=True)
        with engine.begin() as connection:
            connection.execute(t.insert(), {"id": 1, "name": "row1", "data": {"k": 1}})
            eq_(connection.scalar(select(t.c.data)), {"read": {"written": {"k": 1}}})
        eq_(dumps.call_count, 1)
        eq_(loads.call_count, 1)

    def _nulls(self, connection: Any, column: Any) -> tuple[Any, Any]:
        """Return whether the only row has SQL NULL, and what JSON text it has."""
        row = connection.execute(select(column.is_(null()), cast(column, String))).one()
        return bool(row[0]), row[1]

    @testing.variation("insert_type", ["parameter", "many", "values"])
    def test_round_trip_none_as_sql_null(self, connection: Any, insert_type: Any) -> None:
        self._insert_none(connection, insert_type, "nulldata")
        eq_(self._nulls(connection, self.tables.data_table.c.nulldata), (True, None))

    @testing.variation("insert_type", ["parameter", "many", "values"])
    def test_round_trip_none_as_json_null(self, connection: Any, insert_type: Any) -> None:
        self._insert_none(connection, insert_type, "data")
        eq_(self._nulls(connection, self.tables.data_table.c.data), (False, "null"))
        is_(connection.scalar(select(self.tables.data_table.c.data)), None)

    def _insert_none(self, connection: Any, insert_type: Any, name: str) -> None:
        t = self.tables.data_table
        if insert_type.parameter:
            connection.execute(t.insert(), {"id": 1, name: None})
        elif insert_type.many:
            connection.execute(t.insert(), [{"id": 1, name: None}])
        elif insert_type.values:
            connection.execute(t.insert().values({"id": 1, name: None}))
        else:
            insert_type.fail()

    def test_round_trip_json_null_as_json_null(self, connection: Any) -> None:
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "nulldata": JSON.NULL})
        eq_(self._nulls(connection, t.c.nulldata), (False, "null"))
        is_(connection.scalar(select(t.c.nulldata)), None)

    def test_eval_none_flag_orm(self, connection: Any) -> None:
        """An attribute that is None is null, unless the type takes None for NULL."""

        class Data:
            def __init__(self, **kw: Any) -> None:
                vars(self).update(kw)

        t = self.tables.data_table
        mapping = registry()
        mapping.map_imperatively(Data, t)
        try:
            with Session(connection) as session:
                session.add(Data(id=1, name="d1", data=None, nulldata=None))
                session.flush()
                eq_(self._nulls(connection, t.c.data), (False, "null"))
                eq_(self._nulls(connection, t.c.nulldata), (True, None))
        finally:
            mapping.dispose()

    def _run(self, datatype: str, value: Any, path: Any, compare: bool) -> None:
        with config.db.begin() as connection:
            t = self._insert(connection, "key1", value)
            element = _read(t.c.data[path], datatype)
            if not compare:
                eq_(connection.scalar(select(element).where(t.c.id == 1)), value)
                return
            found = connection.scalars(select(t.c.id).where(element == value, t.c.id == 1)).all()
            eq_(found, [1])

    @_elements
    def test_index_typed_access(self, datatype: str, value: Any) -> None:
        self._run(datatype, value, "key1", compare=False)

    @_comparable_elements
    def test_index_typed_comparison(self, datatype: str, value: Any) -> None:
        self._run(datatype, value, "key1", compare=True)

    @_comparable_elements
    def test_path_typed_comparison(self, datatype: str, value: Any) -> None:
        self._run(datatype, value, ("more", "key1"), compare=True)

    @testing.combinations(
        ("integer", 15, "string"),
        ("float", 28.5, "string"),
        ("integer", 15, "float"),
        ("string", "12", "string"),
        argnames="datatype, value, cross_cast",
    )
    @testing.variation("json_access", ["index", "path"])
    def test_index_cross_casts(
        self, datatype: str, value: Any, cross_cast: str, json_access: Any, connection: Any
    ) -> None:
        """A number is read as text, or as another kind of number."""
        t = self._insert(connection, "key1", value)
        element = t.c.data["key1" if json_access.index else ("more", "key1")]
        wanted = str(value) if cross_cast == "string" else float(value)
        eq_(connection.scalar(select(_read(element, cross_cast)).where(t.c.id == 1)), wanted)

    @requires.json_array_indexes
    def test_array_indexes(self, connection: Any) -> None:
        """Elements of lists, by number and in paths; relvar's own."""
        t = self.tables.data_table
        connection.execute(t.insert(), {"id": 1, "data": _DOCUMENTS[0]})
        eq_(connection.scalar(select(t.c.data["list"][0].as_integer())), 1)
        eq_(connection.scalar(select(t.c.data[("list", 1)].as_float())), 2.5)
        is_(bool(connection.scalar(select(t.c.data["list"][3].as_boolean()))), True)
        in_(connection.scalar(select(t.c.data["missing"])), (None,))


class JSONLegacyStringCastIndexTest(_LiteralRoundTripFixture, fixtures.TablesTest):
    """An element cast to text is its JSON text: strings are in quotes."""

    __backend__ = True
    __requires__: ClassVar[tuple[str, str]] = ("json_type", "legacy_unconditional_json_extract")
    datatype: Any = JSON

    data1: dict[str, str] = {"key1": "value1", "key2": "value2"}
    data2: dict[str, str] = {"Key 'One'": "value1", "key two": "value2", "key three": "value ' three '"}
    data3: Any = {"key1": [1, 2, 3], "key2": ["one", "two", "three"], "key3": [{"four": "five"}]}
    data4: list[str] = ["one", "two", "three"]
    data5: Any = {"nested": {"elem1": [{"a": "b", "c": "d"}], "elem2": {"elem3": {"elem4": "elem5"}}}}
    data6: Any = {"a": 5, "b": "some value", "c": {"foo": "bar"}}

    @classmethod
    def define_tables(cls, metadata: Any) -> None:
        Table(
            "data_table",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("name", String(30), nullable=False),
            Column("data", cls.datatype),
        )

    @classmethod
    def insert_data(cls, connection: Any) -> None:
        rows = [{"id": n, "name": f"r{n}", "data": getattr(cls, f"data{n}")} for n in range(1, 7)]
        connection.execute(cls.tables.data_table.insert(), rows)

    def _test_index_criteria(self, crit: Any, expected: str | None, test_literal: bool = True) -> None:
        t = self.tables.data_table
        stmt = select(t.c.name).where(and_(t.c.name.in_([f"r{n}" for n in range(1, 7)]), crit))
        with config.db.connect() as connection:
            eq_(connection.scalar(stmt), expected)
            if test_literal:
                text = str(stmt.compile(config.db, compile_kwargs={"literal_binds": True}))
                eq_(connection.exec_driver_sql(text).scalar(), expected)

    def test_string_cast_crit_spaces_in_key(self) -> None:
        col = self.tables.data_table.c.data
        self._test_index_criteria(
            and_(cast(col["key two"], String) == '"value2"', cast(col["key two"], String) != '"value3"'), "r2"
        )

    @requires.json_array_indexes
    def test_string_cast_crit_simple_int(self) -> None:
        col = self.tables.data_table.c.data
        self._test_index_criteria(cast(col[1], String) == '"two"', "r4")

    def test_string_cast_crit_mixed_path(self) -> None:
        col = self.tables.data_table.c.data
        self._test_index_criteria(cast(col[("key3", 0, "four")], String) == '"five"', "r3")

    def test_string_cast_crit_string_path(self) -> None:
        col = self.tables.data_table.c.data
        path = ("nested", "elem2", "elem3", "elem4")
        self._test_index_criteria(cast(col[path], String) == '"elem5"', "r5")

    def test_string_cast_crit_against_string_basic(self) -> None:
        col = self.tables.data_table.c.data
        self._test_index_criteria(cast(col["b"], String) == '"some value"', "r6")
