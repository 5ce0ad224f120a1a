"""
Types without a database: families, copies, keys, conversions, variants.
"""

import datetime as dt
import decimal
import enum
import pickle
import typing
import uuid
import weakref

import pytest

from relvar import exc, types
from relvar.types import rules
from relvar.types.schematype import SchemaType


class Preparer:
    _double_percents = False


class Compiler:
    """Knows how the dialect spells true and false."""

    def __init__(self, dialect, statement):
        self.native = dialect.supports_native_boolean

    def visit_true(self, element):
        return "true" if self.native else "1"

    def visit_false(self, element):
        return "false" if self.native else "0"


class Dialect:
    """The part of a dialect that types look at."""

    name = "plain"
    dbapi = None
    colspecs: typing.ClassVar = {}
    supports_native_decimal = False
    supports_native_boolean = False
    supports_native_uuid = False
    supports_native_enum = False
    returns_native_bytes = False
    non_native_boolean_check_constraint = True
    identifier_preparer = Preparer()
    statement_compiler = Compiler
    _legacy_binary_type_literal_encoding = "utf-8"
    binary_literal_template = None
    non_finite_literals = None
    exponent_makes_float = False
    _json_serializer = None
    _json_deserializer = None

    def __init__(self, **kw):
        self._type_memos = weakref.WeakKeyDictionary()
        for name, value in kw.items():
            setattr(self, name, value)

    def type_descriptor(self, typeobj):
        return types.adapt_type(typeobj, self.colspecs)


class Color(enum.Enum):
    red = 1
    green = 2
    crimson = 1  # noqa: PIE796  # an alias, on purpose


def to_db(type_, value, dialect=None):
    processor = type_._cached_bind_processor(dialect or Dialect())
    return value if processor is None else processor(value)


def from_db(type_, value, dialect=None):
    processor = type_._cached_result_processor(dialect or Dialect(), None)
    return value if processor is None else processor(value)


def inline(type_, value, dialect=None):
    return type_._cached_literal_processor(dialect or Dialect())(value)


GENERIC = {
    types.Integer(): (int, types.Integer),
    types.BigInteger(): (int, types.Integer),
    types.SmallInteger(): (int, types.Integer),
    types.Numeric(10, 2): (decimal.Decimal, types.Numeric),
    types.Numeric(asdecimal=False): (float, types.Numeric),
    types.Float(): (float, types.Float),
    types.Float(asdecimal=True): (decimal.Decimal, types.Float),
    types.Double(53): (float, types.Float),
    types.String(5, "C"): (str, types.String),
    types.Text(): (str, types.String),
    types.Unicode(5): (str, types.String),
    types.UnicodeText(): (str, types.String),
    types.Date(): (dt.date, types.Date),
    types.DateTime(True): (dt.datetime, types.DateTime),
    types.Time(): (dt.time, types.Time),
    types.Interval(second_precision=3): (dt.timedelta, types.Interval),
    types.Boolean(name="b"): (bool, types.Boolean),
    types.LargeBinary(5): (bytes, types._Binary),
    types.Uuid(): (uuid.UUID, types.Uuid),
    types.Uuid(as_uuid=False): (str, types.Uuid),
    types.Enum("a", "bb"): (str, types.String),
    types.Enum(Color): (Color, types.String),
    types.PickleType(): (object, types._Binary),
    types.JSON(): (object, types.JSON),
    types.ARRAY(types.Integer): (list, types.ARRAY),
}


@pytest.mark.parametrize("type_", GENERIC, ids=repr)
def test_generic_types_copy_pickle_and_know_their_family(type_):
    python_type, family = GENERIC[type_]
    assert type_.python_type is python_type
    assert type_._type_affinity is family
    for copy in (type_.copy(), pickle.loads(pickle.dumps(type_))):
        assert type(copy) is type(type_)
        assert repr(copy) == repr(type_)
        assert copy._static_cache_key == type_._static_cache_key
    assert type_.dialect_impl(Dialect()).python_type is python_type


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (types.String(50, collation="x"), "String(length=50, collation='x')"),
        (types.Numeric(10, 2), "Numeric(precision=10, scale=2)"),
        (types.Float(), "Float()"),
        (types.TIMESTAMP(timezone=True), "TIMESTAMP(timezone=True)"),
        (types.Enum("a", "b", name="e"), "Enum('a', 'b', name='e')"),
        (types.Enum("a", native_enum=False, length=20), "Enum('a', native_enum=False, length=20)"),
        (types.Enum("a", name="n", schema="s"), "Enum('a', name='n', schema='s')"),
        (types.ARRAY(types.Integer, dimensions=2), "ARRAY(Integer(), dimensions=2)"),
        (types.TupleType(types.Integer(), types.String()), "TupleType(Integer(), String())"),
        (types.Boolean(create_constraint=True, name="x"), "Boolean(create_constraint=True, name='x')"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_repr(type_, text):
    assert repr(type_) == text


@pytest.mark.parametrize(
    ("upper", "generic"),
    [
        (types.BIGINT(), types.BigInteger),
        (types.VARCHAR(3), types.String),
        (types.NCHAR(2), types.Unicode),
        (types.CLOB(), types.Text),
        (types.REAL(), types.Float),
        (types.DOUBLE_PRECISION(), types.Double),
        (types.DECIMAL(3, 1), types.Numeric),
        (types.TIMESTAMP(), types.DateTime),
        (types.BINARY(3), types.LargeBinary),
        (types.BLOB(), types.LargeBinary),
        (types.BOOLEAN(), types.Boolean),
        (types.UUID(), types.Uuid),
        (types.JSON(), types.JSON),
    ],
    ids=repr,
)
def test_as_generic(upper, generic):
    assert type(upper.as_generic()) is generic


def test_null_type_has_no_generic():
    with pytest.raises(NotImplementedError, match="custom as_generic"):
        types.NullType().as_generic()
    assert type(types.NullType().as_generic(allow_nulltype=True)) is types.NullType


def test_every_public_name_is_there():
    for name in (
        "ARRAY BIGINT BINARY BLOB BOOLEAN BigInteger Boolean CHAR CLOB Concatenable DATE DATETIME DECIMAL "
        "DOUBLE DOUBLE_PRECISION Date DateTime Double Enum ExternalType FLOAT Float INT INTEGER Indexable "
        "Integer Interval JSON LargeBinary MatchType NCHAR NULLTYPE NUMERIC NVARCHAR NullType Numeric "
        "NumericCommon OperatorClass PickleType REAL SMALLINT STRINGTYPE SchemaType SmallInteger String "
        "TEXT TIME TIMESTAMP Text Time TupleType TypeDecorator TypeEngine UUID Unicode UnicodeText "
        "UserDefinedType Uuid VARBINARY VARCHAR Variant adapt_type to_instance"
    ).split():
        assert hasattr(types, name), name


# Conversions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "stored"),
    [
        (types.Numeric(), decimal.Decimal("1.5"), 1.5),
        (types.Boolean(), True, 1),
        (types.Boolean(), None, None),
        (types.Interval(), dt.timedelta(1), dt.datetime(1970, 1, 2)),
        (types.Uuid(), uuid.UUID(int=5), "0" * 31 + "5"),
        (types.Uuid(as_uuid=False), "00000000-0000-0000-0000-000000000005", "0" * 31 + "5"),
        (types.JSON(), {"a": 1}, '{"a": 1}'),
        (types.JSON(), None, "null"),
        (types.JSON(none_as_null=True), None, None),
        (types.JSON(none_as_null=True), types.JSON.NULL, "null"),
        (types.Enum(Color), Color.red, "red"),
        (types.Enum(Color), Color.crimson, "red"),
        (types.Enum(Color), "green", "green"),
        (types.Enum("a", "b"), "part", "part"),
    ],
)
def test_values_on_their_way_to_the_driver(type_, value, stored):
    result = to_db(type_, value)
    assert result == stored and type(result) is type(stored)


@pytest.mark.parametrize(
    ("type_", "stored", "value"),
    [
        (types.Numeric(), 1.5, decimal.Decimal("1.5000000000")),
        (types.Numeric(10, 2), 1.555, decimal.Decimal("1.55")),
        (types.Float(asdecimal=True, decimal_return_scale=3), 1.5, decimal.Decimal("1.500")),
        (types.Float(), 1.5, 1.5),
        (types.Boolean(), 1, True),
        (types.Interval(), dt.datetime(1970, 1, 2), dt.timedelta(1)),
        (types.Interval(), None, None),
        (types.Uuid(), "0" * 31 + "5", uuid.UUID(int=5)),
        (types.Uuid(as_uuid=False), "0" * 31 + "5", "00000000-0000-0000-0000-000000000005"),
        (types.LargeBinary(), memoryview(b"x"), b"x"),
        (types.JSON(), '{"a": 1}', {"a": 1}),
        (types.JSON(), None, None),
        (types.Enum(Color), "green", Color.green),
        (types.Enum(Color), None, None),
    ],
)
def test_values_from_the_driver(type_, stored, value):
    result = from_db(type_, stored)
    assert result == value and type(result) is type(value) and str(result) == str(value)


def test_pickle_type_round_trip():
    type_ = types.PickleType()
    assert from_db(type_, to_db(type_, {"a": [1]})) == {"a": [1]}
    assert to_db(type_, None) is None
    assert types.PickleType(comparator=lambda a, b: True).compare_values(1, 2)


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (types.Integer(), 5, "5"),
        (types.Numeric(), decimal.Decimal("1.50"), "1.50"),
        (types.String(), "it's 5%", "'it''s 5%'"),
        (types.Date(), dt.date(2000, 1, 2), "'2000-01-02'"),
        (types.DateTime(), dt.datetime(2000, 1, 2, 3, 4, 5, 6), "'2000-01-02 03:04:05.000006'"),
        (types.Time(), dt.time(1, 2, 3), "'01:02:03'"),
        (types.Boolean(), True, "1"),
        (types.LargeBinary(), b"a'b", "'a''b'"),
        (types.Uuid(), uuid.UUID(int=5), f"'{'0' * 31}5'"),
        (types.Enum(Color), Color.red, "'red'"),
    ],
)
def test_inline_literals(type_, value, text):
    assert inline(type_, value) == text


def test_literals_double_percents_where_the_driver_wants_it():
    dialect = Dialect()
    dialect.identifier_preparer = Preparer()
    dialect.identifier_preparer._double_percents = True
    assert inline(types.String(), "5%", dialect) == "'5%%'"


@pytest.mark.parametrize(
    ("type_", "value", "error", "text"),
    [
        (types.Boolean(), "x", TypeError, "Not a boolean value: 'x'"),
        (types.Boolean(), 5, ValueError, "Value 5 is not None, True, or False"),
        (types.Enum(Color), 5, LookupError, "'5' is not among the defined enum values. Enum name: color."),
        (types.Enum("a", validate_strings=True), "b", LookupError, "Possible values: a"),
        (types.Numeric(), "x", ValueError, "could not convert string to float"),
    ],
)
def test_bad_values_are_refused(type_, value, error, text):
    with pytest.raises(error) as caught:
        to_db(type_, value)
    assert text in str(caught.value)


def test_bad_literals_are_refused():
    # text that is not a number must not get into SQL
    with pytest.raises(ValueError):
        inline(types.Integer(), "1; DROP TABLE x")
    with pytest.raises(decimal.InvalidOperation):
        inline(types.Numeric(), "1; DROP TABLE x")


def test_loading_a_value_that_is_no_member():
    with pytest.raises(LookupError, match="'blue' is not among the defined enum values"):
        from_db(types.Enum(Color), "blue")


def test_native_types_need_no_conversion():
    native = Dialect(
        supports_native_decimal=True,
        supports_native_boolean=True,
        supports_native_uuid=True,
        returns_native_bytes=True,
    )
    for type_ in (types.Numeric(), types.Boolean(), types.Uuid(), types.LargeBinary()):
        assert type_._cached_result_processor(native, None) is None
    assert from_db(types.Float(), decimal.Decimal("1.5"), native) == 1.5
    assert inline(types.Boolean(), False, native) == "false"
    assert types.Uuid()._cached_bind_processor(native) is None


def test_json_of_the_dialect():
    dialect = Dialect(_json_serializer=lambda v: f"<{v}>", _json_deserializer=lambda t: t.upper())
    assert to_db(types.JSON(), 5, dialect) == "<5>"
    assert from_db(types.JSON(), "abc", dialect) == "ABC"


def test_array_items_are_converted_in_depth():
    type_ = types.ARRAY(types.Enum(Color))
    assert to_db(type_, [Color.red, None]) == ["red", None]
    assert to_db(type_, [[Color.red], [Color.green]]) == [["red"], ["green"]]
    assert from_db(types.ARRAY(types.Enum(Color), as_tuple=True), [["red"]]) == ((Color.red,),)
    with pytest.raises(ValueError, match="Do not nest ARRAY types"):
        types.ARRAY(types.ARRAY(types.Integer))
    assert not type_.hashable and types.ARRAY(types.Integer, as_tuple=True).hashable


# Enum ------------------------------------------------------------------------------------------------


def test_enum_arguments():
    assert types.Enum(Color).enums == ["red", "green"]
    assert types.Enum(Color, omit_aliases=False).enums == ["red", "green", "crimson"]
    by_value = types.Enum(Color, values_callable=lambda cls: [str(m.value) for m in cls])
    assert by_value.enums == ["1", "2"] and from_db(by_value, "2") is Color.green
    assert types.Enum(Color).name == "color" and types.Enum("a").name is None
    assert types.Enum("a", "long").length == 4
    with pytest.raises(ValueError, match="length must be larger or equal"):
        types.Enum("long", length=2)
    assert repr(types.Enum(Color, length=20).as_generic()) == "Enum('red', 'green', length=20)"
    assert sorted([Color.green, Color.red], key=types.Enum(Color).sort_key_function) == [
        Color.green,
        Color.red,
    ]


def test_enum_from_annotations():
    resolved = rules.type_map[enum.Enum]._resolve_for_python_type(Color, enum.Enum, enum.Enum)
    assert repr(resolved) == "Enum('red', 'green', name='color')" and resolved.enum_class is Color
    literal = typing.Literal["x", "yyy"]
    resolved = rules.type_map[typing.Literal]._resolve_for_python_type(
        literal, typing.Literal, typing.Literal
    )
    assert repr(resolved) == "Enum('x', 'yyy', native_enum=False)" and resolved.length == 3
    with pytest.raises(exc.ArgumentError, match="non-string values"):
        rules.type_map[typing.Literal]._resolve_for_python_type(
            typing.Literal[1, 2], typing.Literal, typing.Literal
        )


def test_two_enums_have_two_keys():
    assert types.Enum("a", "b")._static_cache_key != types.Enum("a", "c")._static_cache_key
    assert types.Enum(Color)._static_cache_key == types.Enum(Color)._static_cache_key


def test_inherit_schema_is_deprecated():
    with pytest.warns(exc.SADeprecationWarning, match="inherit_schema"):
        types.Enum("a", inherit_schema=True)


def test_schema_type_talks_to_its_table(monkeypatch):
    class MetaData:
        schema = "of_metadata"
        registered: typing.ClassVar = []

        def _register_schema_type(self, type_, variants=None):
            self.registered.append(type_)

    class Table:
        schema = "of_table"
        metadata = MetaData()
        registered: typing.ClassVar = []

        def _register_schema_type(self, type_, variants):
            self.registered.append((type_, variants))

    class Column:
        table = Table()

        def __init__(self, type_):
            self.type = type_
            type_._set_parent_with_dispatch(self)

        def _on_table_attach(self, fn):
            fn(self, self.table)

    checks = []
    monkeypatch.setattr(SchemaType, "_attach_check", staticmethod(lambda t, c, tab: checks.append(t)))
    plain = types.Enum("a", create_constraint=True)
    Column(plain)
    assert plain.schema == "of_metadata"
    assert Table.registered == [(plain, None)] and checks == [plain]
    assert MetaData.registered == [plain]
    shared = types.Enum("a", metadata=Table.metadata)
    Column(shared)
    assert MetaData.registered == [plain, shared]
    assert Table.registered == [(plain, None), (shared, None)]
    elsewhere = types.Enum("a", metadata=MetaData())
    Column(elsewhere)  # the other metadata creates it, too
    assert MetaData.registered == [plain, shared, elsewhere, elsewhere]


# Wrapping --------------------------------------------------------------------------------------------


class Doubled(types.TypeDecorator):
    impl = types.Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value * 2

    def process_result_value(self, value, dialect):
        return None if value is None else value // 2


class Packed(types.TypeDecorator):
    impl = types.JSON
    cache_ok = True

    def __init__(self, depth=1):
        super().__init__(none_as_null=True)
        self.depth = depth

    def process_bind_param(self, value, dialect):
        return {"packed": value}

    def process_result_value(self, value, dialect):
        return value["packed"]


def test_type_decorator_converts_before_and_after_its_impl():
    assert to_db(Doubled(), 2) == 4 and from_db(Doubled(), 4) == 2 and inline(Doubled(), 2) == "4"
    assert to_db(Packed(), 1) == '{"packed": 1}' and from_db(Packed(), '{"packed": 1}') == 1
    assert Doubled()._type_affinity is types.Integer
    assert Doubled().coerce_compared_value(None, "x").__class__ is Doubled
    assert Packed().none_as_null is True
    assert repr(Packed(2)) == "Packed(none_as_null=True)"


def test_type_decorator_cache_key_holds_its_own_arguments():
    assert Packed(1)._static_cache_key != Packed(2)._static_cache_key
    assert Packed(1)._static_cache_key == Packed(1)._static_cache_key == Packed(1).copy()._static_cache_key


def test_cache_ok_must_be_said_by_each_class():
    class Silent(types.TypeDecorator):
        impl = types.String

    class Inherits(Doubled):
        pass

    class No(types.TypeDecorator):
        impl = types.String
        cache_ok = False

    for cls in (Silent, Inherits):
        with pytest.warns(
            exc.SAWarning, match=rf"TypeDecorator {cls.__name__}\(\) will not produce a cache key"
        ):
            assert cls()._static_cache_key is None
    assert No()._static_cache_key is None


def test_type_decorator_without_impl_is_refused():
    class Nothing(types.TypeDecorator):
        cache_ok = True

    with pytest.raises(AssertionError, match="class-level variable 'impl'"):
        Nothing()


def test_literal_param_has_precedence():
    class Literal(Doubled):
        cache_ok = True

        def process_literal_param(self, value, dialect):
            return value * 100

    assert inline(Literal(), 2) == "200"


def test_load_dialect_impl_chooses_per_dialect():
    class Either(types.TypeDecorator):
        impl = types.String
        cache_ok = True

        def load_dialect_impl(self, dialect):
            return dialect.type_descriptor(types.Integer() if dialect.name == "numbers" else types.String())

    assert Either().dialect_impl(Dialect()).impl_instance._type_affinity is types.String
    assert Either().dialect_impl(Dialect(name="numbers")).impl_instance._type_affinity is types.Integer
    assert type(Either()._unwrapped_dialect_impl(Dialect(name="numbers"))) is types.Integer


def test_broken_copy_is_named():
    class Broken(Doubled):
        cache_ok = True

        def copy(self, **kw):
            return types.Integer()

        def __str__(self):
            return "Broken"

    with pytest.raises(AssertionError, match="does not properly implement the copy"):
        Broken().dialect_impl(Dialect())


def test_user_defined_type():
    class Point(types.UserDefinedType):
        cache_ok = True

        def __init__(self, srid=0):
            self.srid = srid

        def get_col_spec(self):
            return f"POINT({self.srid})"

        def bind_processor(self, dialect):
            return lambda value: f"{value[0]} {value[1]}"

        def result_processor(self, dialect, coltype):
            return lambda value: tuple(map(int, value.split()))

    assert Point(5).get_col_spec(type_expression=None) == "POINT(5)"
    assert to_db(Point(), (1, 2)) == "1 2" and from_db(Point(), "1 2") == (1, 2)
    assert Point(1)._static_cache_key != Point(2)._static_cache_key
    assert Point()._type_affinity is Point


# Variants and dialects -------------------------------------------------------------------------------


def test_with_variant():
    type_ = types.String(50).with_variant(types.Integer(), "numbers", "others")
    assert type(type_.dialect_impl(Dialect())) is types.String
    assert type(type_.dialect_impl(Dialect(name="numbers"))) is types.Integer
    assert type(type_.copy().dialect_impl(Dialect(name="others"))) is types.Integer
    assert type_._static_cache_key != types.String(50)._static_cache_key
    for arguments, text in [
        ((types.Integer(),), "At least one dialect name is required"),
        ((types.Integer(), "numbers"), "Dialect 'numbers' is already present in the mapping"),
        ((type_, "x"), "can't pass a type that already has variants"),
    ]:
        with pytest.raises(exc.ArgumentError, match=text):
            type_.with_variant(*arguments)


def test_colspecs_choose_the_dialects_own_type():
    class OwnString(types.String):
        pass

    dialect = Dialect(colspecs={types.String: OwnString})
    impl = types.VARCHAR(7).dialect_impl(dialect)
    assert type(impl) is OwnString and impl.length == 7
    own = OwnString(3)
    assert types.adapt_type(own, dialect.colspecs) is own
    assert types.String(7).dialect_impl(dialect) is not types.String(7).dialect_impl(dialect)


def test_memos_do_not_keep_types_alive():
    dialect = Dialect()
    type_ = types.Integer()
    impl = type_.dialect_impl(dialect)
    assert type_.dialect_impl(dialect) is impl and impl is not type_
    del type_, impl
    assert len(dialect._type_memos) == 0


def test_native_for_emulated():
    class OwnInterval(types.NativeForEmulated, types._AbstractInterval):
        def __init__(self, precision=None):
            self.precision = precision

        @classmethod
        def adapt_emulated_to_native(cls, impl, **kw):
            return cls(precision=impl.second_precision)

    dialect = Dialect(colspecs={types.Interval: OwnInterval})
    impl = types.Interval(second_precision=3).dialect_impl(dialect)
    assert type(impl) is OwnInterval and impl.precision == 3
    assert type(types.Interval(native=False).dialect_impl(dialect)) is types.Interval


def test_evaluates_none_is_a_copy():
    type_ = types.String()
    changed = type_.evaluates_none()
    assert changed.should_evaluate_none and not type_.should_evaluate_none
    assert changed.copy().should_evaluate_none
    assert types.JSON().should_evaluate_none and not types.JSON(none_as_null=True).should_evaluate_none


# Rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("add", types.Integer(), types.BigInteger(), "BigInteger()"),
        ("add", types.SmallInteger(), types.BigInteger(), "SmallInteger()"),
        ("add", types.Integer(), types.Numeric(5, 2), "Numeric(precision=5, scale=2)"),
        ("add", types.Integer(), types.Date(), "Date()"),
        ("add", types.Date(), types.Interval(), "DateTime()"),
        ("add", types.Date(), types.Time(), "DateTime()"),
        ("add", types.Interval(), types.Time(), "Time()"),
        ("sub", types.Date(), types.Date(), "Integer()"),
        ("sub", types.DateTime(), types.DateTime(), "Interval()"),
        ("sub", types.Time(), types.Time(), "Interval()"),
        ("mul", types.Numeric(), types.Interval(), "Interval()"),
        ("truediv", types.Integer(), types.Integer(), "Numeric()"),
        ("truediv", types.Float(), types.Double(), "Double()"),
        ("floordiv", types.Integer(), types.Integer(), "Integer()"),
        ("mod", types.Integer(), types.Numeric(), "Integer()"),
        ("add", types.NullType(), types.Integer(), "Integer()"),
        ("sub", types.NullType(), types.Integer(), "NullType()"),
        ("add", types.Enum("a"), types.String(), "String(length=1)"),
    ],
)
def test_result_types(op, left, right, result):
    assert repr(rules.result_type(op, left, right)) == result


def test_adding_strings_concatenates():
    assert rules.adapt("add", types.String(), types.Text())[0] == "concat_op"
    assert rules.adapt("add", types.String(), types.Integer())[0] == "add"
    assert rules.adapt("add", types.NullType(), types.String())[0] == "concat_op"


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (1, "Integer()"),
        (2**31 - 1, "Integer()"),
        (2**31, "BigInteger()"),
        (True, "Boolean()"),
        (1.5, "Double()"),
        (decimal.Decimal(1), "Numeric()"),
        ("x", "String()"),
        ("é", "Unicode()"),
        (b"x", "LargeBinary()"),
        (dt.date(2000, 1, 1), "Date()"),
        (dt.datetime(2000, 1, 1), "DateTime()"),
        (dt.datetime(2000, 1, 1, tzinfo=dt.UTC), "DateTime(timezone=True)"),
        (dt.time(1), "Time()"),
        (dt.timedelta(1), "Interval()"),
        (uuid.UUID(int=1), "Uuid()"),
        (Color.red, "NullType()"),
        (None, "NullType()"),
        ([1], "NullType()"),
    ],
)
def test_type_for_value(value, result):
    assert repr(rules.type_for_value(value)) == result


def test_coerce_compared_value():
    assert type(types.Integer().coerce_compared_value(None, "x")) is types.String
    wide = types.String(50)
    assert wide.coerce_compared_value(None, "x") is wide
    assert wide.coerce_compared_value(None, object()) is wide
    binary, identifier = types.LargeBinary(), types.Uuid()
    assert binary.coerce_compared_value(None, "x") is binary
    assert identifier.coerce_compared_value(None, "x") is identifier
