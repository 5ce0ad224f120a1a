"""
Several columns that a result row shows as one item.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from relvar._kernels.keys import next_serial
from relvar.expr import make
from relvar.inspection import _self_inspects
from relvar.orm.load.options import as_expression
from relvar.orm.mapping.hooks import make_bundle
from relvar.orm.state.inspected import InspectionAttr
from relvar.rows.layout import Layout

__all__ = ["Bundle", "DictBundle"]

_T = TypeVar("_T")
_OWN_STATE = frozenset({"name", "_label", "exprs", "c", "columns", "single_entity"})


class _Columns:
    """The members of a bundle by name, readable as attributes (``bundle.c.name``)."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.__dict__.update(members)

    def __getitem__(self, key: str) -> Any:
        return self.__dict__[key]

    def keys(self) -> list[str]:
        return list(self.__dict__)

    def __iter__(self) -> Any:
        return iter(self.__dict__.values())


@_self_inspects
class Bundle(InspectionAttr, Generic[_T]):
    """
    A group of columns under one name: ``select(Bundle("b", User.id, User.name))``.

    Args:
        name: The name of the item in result rows.
        exprs: Columns, attributes or further bundles.
        single_entity: Where the bundle is all that is selected, give it bare instead of in a row.

    Override `create_row_processor` to give something else than a row for it.

    >>> from relvar import create_engine, select
    >>> from relvar.orm import Bundle, DeclarativeBase, Mapped, Session, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1, name="ann"))
    ...     session.scalars(select(Bundle("who", User.id, User.name))).one()
    (1, 'ann')
    """

    c: _Columns
    columns: _Columns

    is_bundle = True
    is_clause_element = False
    is_mapper = False
    is_aliased_class = False
    single_entity: bool = False
    _serials: ClassVar[dict[tuple[str, bool], int]]

    def __init__(self, name: str, *exprs: Any, single_entity: bool = False) -> None:
        self.name = self._label = name
        self.exprs = exprs
        self.c = self.columns = _Columns({_name_of(expr): expr for expr in exprs})
        self.single_entity = self.single_entity or single_entity

    @property
    def _key_serial(self) -> int:
        """
        What tells the bundle from others over the same columns in the key of a statement.

        Bundles of one class and name make the same items, unless a subclass keeps something of its own in
        them.
        """
        held = self.__dict__
        serial: int | None = held.get("_serial")
        if serial is not None:
            return serial
        if held.keys() <= _OWN_STATE:
            cls = type(self)
            if "_serials" not in cls.__dict__:
                cls._serials = {}
            serial = cls._serials.setdefault((self.name, self.single_entity), next_serial())
        else:
            serial = next_serial()
        held["_serial"] = serial
        return serial

    def __getstate__(self) -> dict[str, Any]:
        # numbers are the process's own
        return {name: value for name, value in self.__dict__.items() if name != "_serial"}

    @property
    def entity(self) -> Any:
        """The entity that the columns belong to, if they are of one."""
        found = [expr.entity if isinstance(expr, Bundle) else _entity_of(expr) for expr in self.exprs]
        return found[0] if found else None

    @property
    def mapper(self) -> Any:
        """The mapper behind `entity`."""
        entity = self.entity
        return None if entity is None else entity.mapper

    def __getattr__(self, name: str) -> Any:
        if name[:1] != "_" and name in self.__dict__.get("c", ()).__dict__:
            return self.c[name]
        raise AttributeError(name)

    def __clause_element__(self) -> Any:
        clauses = [as_expression(expr) for expr in self.exprs]
        annotations = {"bundle": self, "entity_namespace": self}
        made = make.ClauseList(*clauses)._annotate(annotations)
        # a bundle of plain columns is known to loading only
        subject = next((c._propagate_attrs for c in clauses if c._propagate_attrs), None)
        made._propagate_attrs = subject or {"compile_state_plugin": "orm", "plugin_subject": None}
        return made

    @property
    def clauses(self) -> Any:
        """The columns as a clause list."""
        return self.__clause_element__().clauses

    def label(self, name: str) -> Bundle[_T]:
        """Return the bundle under another name."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.__dict__.pop("_serial", None)
        made.name = made._label = name
        return made

    def exprs_for_load(self) -> list[Any]:
        """Return the SQL elements of the members."""
        return [as_expression(expr) for expr in self.exprs]

    def row_maker(self, labels: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
        """
        Return what makes the item of one row, given the members' values in order.
        """
        if type(self).create_row_processor is Bundle.create_row_processor:
            return Layout(labels).make_row
        getters = [_getter(i) for i in range(len(labels))]
        process = self.create_row_processor(None, getters, list(labels))
        return lambda values: process(values)

    def create_row_processor(
        self, query: Any, procs: Sequence[Any], labels: Sequence[str]
    ) -> Callable[[Any], Any]:
        """
        Return a function that makes the item of one row.

        Args:
            query: The statement, where it is known.
            procs: One function per member that reads its value from a row.
            labels: The members' names.
        """
        make_row = Layout(labels).make_row
        return lambda row: make_row([proc(row) for proc in procs])


class DictBundle(Bundle[_T]):
    """A `Bundle` whose item is a dictionary by name."""

    def create_row_processor(
        self, query: Any, procs: Sequence[Any], labels: Sequence[str]
    ) -> Callable[[Any], Any]:
        return lambda row: dict(zip(labels, [proc(row) for proc in procs], strict=True))


def _getter(index: int) -> Callable[[Any], Any]:
    return lambda values: values[index]


def _name_of(expr: Any) -> str:
    if isinstance(expr, Bundle):
        return expr.name
    return str(getattr(expr, "key", None) or getattr(expr, "name", None) or as_expression(expr)._proxy_key)


def _entity_of(expr: Any) -> Any:
    return as_expression(expr)._annotations.get("parententity")


class CompositeBundle(Bundle[Any]):
    """
    The columns of a composite attribute: a row shows the value object.
    """

    def __init__(self, prop: Any, exprs: Sequence[Any], entity: Any) -> None:
        super().__init__(prop.key, *exprs)
        self.prop = prop
        self.__dict__["_serial"] = prop._key_serial

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _serial=state["prop"]._key_serial)

    def create_row_processor(
        self, query: Any, procs: Sequence[Any], labels: Sequence[str]
    ) -> Callable[[Any], Any]:
        prop = self.prop
        return lambda row: prop.value_of(*[proc(row) for proc in procs])


make_bundle[0] = CompositeBundle
