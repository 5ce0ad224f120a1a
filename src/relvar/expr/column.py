"""
Columns: names with a type, belonging to a table or to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.parts import NAMED, ProxyKey, stands_by
from relvar.expr import make
from relvar.expr.element import ColumnElement
from relvar.expr.immutable import Uncopied
from relvar.expr.names import _anonymous_label, _template, _truncated_label
from relvar.expr.node import NODE, TYPE, VALUE, Field, memoized
from relvar.expr.roles import Role
from relvar.types.base import NULLTYPE, to_instance
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.expr.typed import TypeArgument
    from relvar.types.base import TypeEngine

__all__ = ["ColumnClause", "column", "literal_column"]

_T = TypeVar("_T", default=Any)


class NamedColumn(Uncopied, ColumnElement[_T]):
    """
    What has a name and acts as a column.

    Columns by name and rows as columns are two kinds, neither of them above the other: Python
    would ask the more special one first in ``a == b``, and turn the sides around.

    Attributes:
        table: The FROM element it belongs to, or None.
        is_literal: The name is a piece of SQL.
    """

    _roles = ColumnElement._roles | Role.LABELED
    _key_memo = True
    _is_named = True
    _never_grouped = True
    _is_keyed_column_element = True
    _bind_name_from = "key"

    name: str
    key: str
    table: Any = None
    is_literal: bool = False
    _is_multiparam_column = False
    _render_label_in_columns_clause = True
    _key_serial: int | None = None
    "Number of a column of a table; columns of anything else are told by name and table."
    _anon_origin: Any = None
    "What an anonymous name stands for."

    onupdate: Any = None
    default: Any = None
    server_default: Any = None
    server_onupdate: Any = None
    _insert_sentinel = False
    _omit_from_statements = False
    _is_real_column = False

    @property
    def description(self) -> str:
        """
        The name.
        """
        return self.name

    @property
    def _bind_name(self) -> str:  # type: ignore[override]  # computed here
        key = self.key
        # a column inside a class body has no name yet
        return "param" if key is None or isinstance(key, _anonymous_label) else key

    @property
    def _is_star(self) -> bool:  # type: ignore[override]  # computed here
        return self.is_literal and self.name == "*"

    @property
    def entity_namespace(self) -> Any:
        if self.table is not None:
            return self.table.entity_namespace
        return super().entity_namespace

    if TYPE_CHECKING:

        @property
        def _from_objects(self) -> Sequence[Any]:
            """
            The FROM elements this element needs.
            """

    else:
        _from_objects = froms_in("table", follow=False)

    if TYPE_CHECKING:

        @property
        def _label_name(self) -> str | None:
            """
            The name.
            """

        @property
        def _proxy_key(self) -> str | None:
            """
            The key, None if it is anonymous.
            """

    else:
        _label_name = property(attrgetter("name"))
        _proxy_key = ProxyKey()

    @property
    def _anon_base(self) -> str:
        return self.name

    @memoized
    def _anon_name_label(self) -> _anonymous_label:
        name = self.name
        if name.__class__ is str and name.isidentifier():
            # what the general way comes to
            return _template(f"%({self._anon_serial} {name})s")
        return super()._anon_name_label

    @memoized
    def _tq_label(self) -> str | None:
        return self._qualified(self.name)

    @memoized
    def _tq_key_label(self) -> str | None:
        return self._qualified(self.key)

    _label = property(lambda self: self._tq_label)

    def _qualified(self, name: str) -> str | None:
        """
        Return *name* with the names of schema and table before it: ``users_id``.
        """
        table = self.table
        if self.is_literal:
            return None
        if table is None or not table.named_with_column:
            return name
        schema = getattr(table, "schema", None)
        if table.name.__class__ is _anonymous_label and name.__class__ is str and not schema:
            # what the sums below come to
            return _template(str.__add__(table.name, "_" + name.replace("%", "%%")), table.name.quote)
        if isinstance(table.name, _anonymous_label) or isinstance(name, _anonymous_label):
            label: str = _anonymous_label(table.name) + "_" + name
            if schema:
                label = schema.replace(".", "_") + "_" + label
            return label
        label = f"{schema.replace('.', '_')}_{table.name}_{name}" if schema else f"{table.name}_{name}"
        quote = getattr(name, "quote", None)
        if quote is None:
            quote = getattr(table.name, "quote", None)
        if label in table.c:
            # A column is called what this label would be: number it.
            counter = 1
            free = label
            while free in table.c:
                free = f"{label}_{counter}"
                counter += 1
            label = free
        made: str = _truncated_label(label, quote)
        return made

    @property
    def _pickling_plugin(self) -> str | None:
        own = self._pickled_by or self._propagate_attrs.get("compile_state_plugin")
        table = getattr(self, "table", None)
        return own if own is not None or table is None else table._pickling_plugin

    def get_children(self, *, column_tables: bool = False, **kw: Any) -> Any:
        # A column's table is not part of the column: walking it would never end.
        return iter(())

    def _copy_internals(self, **kw: Any) -> None:
        pass

    def _compare_special(self, other: Any, kw: dict[str, Any]) -> bool | None:
        if kw.get("use_proxies"):
            return isinstance(other, NamedColumn) and self.shares_lineage(other)
        if not isinstance(other, NamedColumn):
            return False
        if self.table is None and other.table is None:
            return (
                self.name == other.name
                and self.is_literal == other.is_literal
                and self.type._compare_type_affinity(other.type)
            )
        return hash(self) == hash(other) or (
            self.name == other.name
            and self.table is not None
            and other.table is not None
            and self._key_serial is None
            and bool(self.table.compare(other.table))
        )

    def _compare_name_for_result(self, other: Any) -> bool:
        if (
            self.is_literal
            or self.table is None
            or self.table._is_textual_column
            or (not hasattr(other, "proxy_set"))
        ):
            return (hasattr(other, "name") and self.name == other.name) or (
                hasattr(other, "_tq_label") and self._tq_label == other._tq_label
            )
        return other.proxy_set.intersection(self.proxy_set)  # type: ignore[no-any-return]  # truth of it

    @stands_by(NAMED)
    def _make_proxy(
        self,
        selectable: Any,
        *,
        primary_key: Any = None,
        foreign_keys: Any = None,
        name: str | None = None,
        key: str | None = None,
        name_is_truncatable: bool = False,
        compound_select_cols: Sequence[Any] | None = None,
        **kw: Any,
    ) -> tuple[str, Any]:
        if key is None:
            key = self.key if name is None else name
        if name is None:
            name = self.name
        made: Any = ColumnClause.__new__(ColumnClause)
        values = {"name": name, "key": key, "type": self.type, "table": selectable, "_proxies": (self,)}
        made.__dict__ = values
        if compound_select_cols:
            made._stand_for(compound_select_cols)
        if self.is_literal and name == self.name:
            values["is_literal"] = True
        if selectable._propagate_attrs:
            values["_propagate_attrs"] = selectable._propagate_attrs
        if isinstance(name, _anonymous_label):
            values["_anon_origin"] = self
        if selectable._is_clone_of is not None:
            values["_is_clone_of"] = selectable._is_clone_of.columns.get(key)
        return key, made

    def _stand_for(self, columns: Sequence[Any]) -> None:
        """
        Let a proxy stand for these columns: those at its place in each part of a UNION, or a label.
        """
        self._proxies = tuple(columns)


class ColumnClause(NamedColumn[_T]):
    """
    A column by name.
    """

    key: str
    name: str

    __visit_name__ = "column"
    _fields: ClassVar[tuple[Field, ...]] = (
        Field("name", VALUE),
        Field("type", TYPE),
        Field("table", NODE),
        Field("is_literal", VALUE),
        Field("_anon_origin", NODE),
    )

    def __init__(
        self,
        text: str,
        type_: TypeArgument[_T] | None = None,
        is_literal: bool = False,
        _selectable: Any = None,
    ) -> None:
        self.key = self.name = text
        if _selectable is not None:
            self.table = _selectable
        self.type: TypeEngine[_T] = to_instance(type_) if type_ is not None else NULLTYPE
        if is_literal:
            self.is_literal = True


def column(
    text: str, type_: TypeArgument[_T] | None = None, is_literal: bool = False, _selectable: Any = None
) -> ColumnClause[_T]:
    """
    Return a column known by its name only.

    >>> from relvar import String, column, select
    >>> print(select(column("name")).where(column("name", String).startswith("a")))
    SELECT name
    WHERE (name LIKE :name_1 || '%')
    """
    if not isinstance(text, str):
        raise exc.ArgumentError(f"column() takes the name of a column, got {text!r}")
    return ColumnClause(text, type_, is_literal, _selectable)


def literal_column(text: str, type_: TypeArgument[_T] | None = None) -> ColumnClause[_T]:
    """
    Return a piece of SQL that acts as a column; it is rendered as it is.

    The text must not come from users.

    >>> from relvar import literal_column, select
    >>> print(select(literal_column("1 + 1").label("two")))
    SELECT 1 + 1 AS two
    """
    return ColumnClause(text, type_=type_, is_literal=True)


make.register(ColumnClause=ColumnClause)
