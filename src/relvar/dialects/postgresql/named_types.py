"""
Types that are objects of the database: ENUM and DOMAIN, with their CREATE and DROP.

A named type is created before the first table that uses it and dropped with its metadata.  One
``create_all`` touches each type once: what was done is noted with the visitor that runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from relvar import types as sqltypes
from relvar.schema.collection import ddl_expression
from relvar.schema.ddl import CheckFirst, _CreateDropBase
from relvar.schema.emit import InvokeCreateDDLBase, InvokeDropDDLBase
from relvar.types.base import to_instance
from relvar.types.emulated import NativeForEmulated
from relvar.types.schematype import SchemaType
from relvar.util import GenericRepr
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.types.base import TypeEngine
    from relvar.types.operator_class import OperatorClass

__all__ = [
    "DOMAIN",
    "ENUM",
    "CreateDomainType",
    "CreateEnumType",
    "DropDomainType",
    "DropEnumType",
    "NamedType",
]


class CreateEnumType(_CreateDropBase["ENUM"]):
    """
    ``CREATE TYPE ... AS ENUM``.
    """

    __visit_name__ = "create_enum_type"


class DropEnumType(_CreateDropBase["ENUM"]):
    """
    ``DROP TYPE``.
    """

    __visit_name__ = "drop_enum_type"


class CreateDomainType(_CreateDropBase["DOMAIN"]):
    """
    ``CREATE DOMAIN``.
    """

    __visit_name__ = "create_domain_type"


class DropDomainType(_CreateDropBase["DOMAIN"]):
    """
    ``DROP DOMAIN``.
    """

    __visit_name__ = "drop_domain_type"


class _NamedTypeVisitor:
    """
    What creating and dropping have in common.
    """

    dialect: Any
    connection: Any
    checkfirst: CheckFirst

    def _prepare(self, dialect: Any, checkfirst: Any) -> None:
        self.dialect = dialect
        self.checkfirst = CheckFirst._from_argument(checkfirst)

    def _exists(self, type_: NamedType) -> bool:
        schema = self.connection.schema_for_object(type_)
        return bool(self.dialect.has_type(self.connection, type_.name, schema=schema))

    @property
    def _asks(self) -> bool:
        return CheckFirst.TYPES in self.checkfirst


class NamedTypeGenerator(_NamedTypeVisitor, InvokeCreateDDLBase):
    """
    Create a named type.
    """

    statement: ClassVar[Any]

    def __init__(self, dialect: Any, connection: Any, checkfirst: Any = False, **kw: Any) -> None:
        super().__init__(connection, **kw)
        self._prepare(dialect, checkfirst)

    def _create(self, type_: NamedType) -> None:
        if self._asks and self._exists(type_):
            return
        with self.with_ddl_events(type_):
            self.connection.execute(self.statement(type_))


class NamedTypeDropper(_NamedTypeVisitor, InvokeDropDDLBase):
    """
    Drop a named type.
    """

    statement: ClassVar[Any]

    def __init__(self, dialect: Any, connection: Any, checkfirst: Any = False, **kw: Any) -> None:
        super().__init__(connection, **kw)
        self._prepare(dialect, checkfirst)

    def _drop(self, type_: NamedType) -> None:
        if self._asks and not self._exists(type_):
            return
        with self.with_ddl_events(type_):
            self.connection.execute(self.statement(type_))


class EnumGenerator(NamedTypeGenerator):
    statement = CreateEnumType

    def visit_enum(self, enum: ENUM) -> None:
        self._create(enum)


class EnumDropper(NamedTypeDropper):
    statement = DropEnumType

    def visit_enum(self, enum: ENUM) -> None:
        self._drop(enum)


class DomainGenerator(NamedTypeGenerator):
    statement = CreateDomainType

    def visit_DOMAIN(self, domain: DOMAIN) -> None:
        self._create(domain)


class DomainDropper(NamedTypeDropper):
    statement = DropDomainType

    def visit_DOMAIN(self, domain: DOMAIN) -> None:
        self._drop(domain)


class NamedType(SchemaType, sqltypes.TypeEngine[Any]):
    """
    Base of the types that have a name in the database.
    """

    DDLGenerator: ClassVar[type[NamedTypeGenerator]]
    DDLDropper: ClassVar[type[NamedTypeDropper]]

    create_type: bool
    create_drop_stringify_dialect = "postgresql"
    _is_made_in_database = True

    def create(self, bind: Any, checkfirst: Any = True, **kw: Any) -> None:
        """
        Create the type.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it exists already.
        """
        bind._run_ddl_visitor(self.DDLGenerator, self, checkfirst=checkfirst)

    def drop(self, bind: Any, checkfirst: Any = True, **kw: Any) -> None:
        """
        Drop the type.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it does not exist.
        """
        bind._run_ddl_visitor(self.DDLDropper, self, checkfirst=checkfirst)

    def _done_already(self, kw: dict[str, Any]) -> bool:
        """
        Tell whether the running create_all or drop_all came by this type; note that it did.
        """
        if not self.create_type:
            return True
        runner = kw.get("_ddl_runner")
        if runner is None:
            return False
        done = runner.memo.setdefault("_pg_types", set())
        key = (self.schema, self.name)
        if key in done:
            return True
        done.add(key)
        return False

    def _on_table_create(self, target: Any, bind: Any, checkfirst: Any = False, **kw: Any) -> None:
        if not self._done_already(kw):
            self.create(bind, checkfirst=checkfirst)

    def _on_table_drop(self, target: Any, bind: Any, checkfirst: Any = False, **kw: Any) -> None:
        # other tables may use the type: it goes with the metadata
        return None

    def _on_metadata_create(self, target: Any, bind: Any, checkfirst: Any = False, **kw: Any) -> None:
        if not self._done_already(kw):
            self.create(bind, checkfirst=checkfirst)

    def _on_metadata_drop(self, target: Any, bind: Any, checkfirst: Any = False, **kw: Any) -> None:
        if not self._done_already(kw):
            self.drop(bind, checkfirst=checkfirst)


class ENUM(NamedType, NativeForEmulated, sqltypes.Enum):
    """
    An enumeration of PostgreSQL: ``CREATE TYPE name AS ENUM (...)``.

    Args:
        enums: The values, or one Python enum class.
        name: The name of the type; needed.
        create_type: Create it with the table, drop it with the metadata.
    """

    __visit_name__ = "enum"

    native_enum = True
    DDLGenerator: ClassVar[Any] = EnumGenerator
    DDLDropper: ClassVar[Any] = EnumDropper

    def __init__(self, *enums: Any, name: str | None = None, create_type: bool = True, **kw: Any) -> None:
        if kw.pop("native_enum", True) is False:
            warn(
                "the native_enum flag does not apply to the sqlalchemy.dialects.postgresql.ENUM "
                "datatype; this type always refers to ENUM.   Use sqlalchemy.types.Enum for "
                "non-native enum."
            )
        if name is not None:
            kw["name"] = name
        kw["create_type"] = create_type
        sqltypes.Enum.__init__(self, *enums, **kw)

    def coerce_compared_value(self, op: Any, value: Any) -> sqltypes.TypeEngine[Any]:
        return sqltypes.Enum.coerce_compared_value(self, op, value)

    @classmethod
    def adapt_emulated_to_native(cls, impl: Any, **kw: Any) -> ENUM:
        """
        Return PostgreSQL's type for the generic Enum *impl*.
        """
        kw = impl._make_enum_kw(kw)
        kw.pop("native_enum", None)
        kw.pop("create_constraint", None)
        made = cls(*impl._enums_argument, **kw)
        made._is_schema_settled = impl._is_schema_settled
        made.schema = impl.schema
        return made

    def adapt(self, cls: Any, **kw: Any) -> Any:
        if issubclass(cls, ENUM):
            kw.setdefault("_create_events", False)
            kw.setdefault("_adapted_from", self)
            return cls.adapt_emulated_to_native(self, **kw)
        return sqltypes.Enum.adapt(self, cls, **kw)

    def copy(self, **kw: Any) -> Any:
        kw.update(self._copy_arguments(kw))
        kw = self._make_enum_kw(kw)
        kw.pop("native_enum", None)
        kw.pop("create_constraint", None)
        kw.setdefault("_create_events", True)
        made = type(self)(*self._enums_argument, **kw)
        made._variant_mapping = self._variant_mapping
        return made

    def _native_impl(self, dialect: Any) -> Any | None:
        return None


class DOMAIN(NamedType):
    """
    A domain: another type with a name, a default and a constraint.

    Args:
        name: The name of the domain.
        data_type: The type underneath.
        collation: Its collation.
        default: Its DEFAULT, as text or SQL expression.
        constraint_name: The name of its constraint.
        not_null: ``NOT NULL``.
        check: Its CHECK, over ``VALUE``.
        create_type: Create it with the table, drop it with the metadata.
    """

    __visit_name__ = "DOMAIN"

    DDLGenerator: ClassVar[Any] = DomainGenerator
    DDLDropper: ClassVar[Any] = DomainDropper

    def __init__(
        self,
        name: str,
        data_type: Any,
        *,
        collation: str | None = None,
        collation_schema: str | None = None,
        default: Any = None,
        constraint_name: str | None = None,
        not_null: bool | None = None,
        check: Any = None,
        create_type: bool = True,
        **kw: Any,
    ) -> None:
        self.data_type: TypeEngine[Any] = to_instance(data_type)
        self.default = default
        self.collation = collation
        self.collation_schema = collation_schema
        self.constraint_name = constraint_name
        self.not_null: bool = bool(not_null)
        self.check: Any | None = None if check is None else ddl_expression(check)
        self.create_type = create_type
        self.operator_classes: OperatorClass = self.data_type.operator_classes
        super().__init__(name=name, create_type=create_type, **kw)

    @property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        # the rest is DDL, which no statement depends on
        inner = self.data_type._static_cache_key
        return None if inner is None else (type(self), self.name, self.schema, inner)

    def _native_impl(self, dialect: Any) -> Any | None:
        return None

    @property
    def python_type(self) -> type[Any]:
        return self.data_type.python_type

    def bind_processor(self, dialect: Any) -> Any:
        return self.data_type.dialect_impl(dialect).bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        return self.data_type.dialect_impl(dialect).result_processor(dialect, coltype)

    def literal_processor(self, dialect: Any) -> Any:
        return self.data_type.dialect_impl(dialect).literal_processor(dialect)

    def repr_struct(self) -> GenericRepr:
        """
        Return what the repr is made of: the name and the type underneath.
        """
        ddl = (
            "collation",
            "collation_schema",
            "default",
            "constraint_name",
            "not_null",
            "check",
            "create_type",
        )
        return GenericRepr(self, omit_kwarg=ddl)
