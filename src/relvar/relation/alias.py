"""
FROM elements under another name: aliases, samples, LATERAL, table valued functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from relvar._kernels.froms import froms_in
from relvar._kernels.parts import anonymous_name, own_column
from relvar.expr import make
from relvar.expr.coerce_rows import from_item, returns_rows
from relvar.expr.column import NamedColumn
from relvar.expr.names import _anonymous_label
from relvar.expr.node import NODE, TYPE, VALUE, Field, memoized
from relvar.expr.roles import Role
from relvar.relation.columns import EarlyView
from relvar.relation.from_ import _C, _X, FromClause
from relvar.types.tuple import TableValueType
from relvar.util.generics import TypeVar

if TYPE_CHECKING:
    from relvar.types.base import TypeEngine

__all__ = [
    "Alias",
    "AliasedReturnsRows",
    "FromClauseAlias",
    "Lateral",
    "NoInit",
    "TableSample",
    "TableValuedAlias",
    "TableValuedColumn",
    "alias",
    "lateral",
    "tablesample",
]

_T = TypeVar("_T", default=Any)


class NoInit:
    """
    Made by a function or a method, not by its class.
    """

    def __init__(self, *arg: Any, **kw: Any) -> None:
        name = type(self).__name__
        raise NotImplementedError(
            f"The {name} class is not intended to be constructed directly.  Please use the "
            f"{name.lower()}() standalone function or the {name.lower()}() method available from "
            "appropriate selectable objects."
        )


class AliasedReturnsRows(NoInit, FromClause[_C]):
    """
    Something with rows, under a name.
    """

    _fields: ClassVar[tuple[Field, ...]] = (Field("element", NODE), Field("name", VALUE))
    named_with_column = True
    _supports_derived_columns = False
    _is_from_container = True

    element: Any
    name: Any

    @classmethod
    def _construct(cls, selectable: Any, *, name: str | None = None, **kw: Any) -> Any:
        made = cls.__new__(cls)
        made._init(selectable, name=name, **kw)
        return made

    @classmethod
    def _factory(cls, returnsrows: Any, name: str | None = None) -> Any:
        """
        Return *returnsrows* under a name.
        """
        raise NotImplementedError

    def _init(self, selectable: Any, *, name: str | None = None) -> None:
        self.element = returns_rows(selectable)
        if self.element._propagate_attrs:
            # a statement from a SELECT of entities concerns these
            self._propagate_attrs = self.element._propagate_attrs
        self._orig_name = name
        if name is None:
            base = (
                getattr(selectable, "name", None) if getattr(selectable, "named_with_column", False) else None
            )
            name = anonymous_name("anon" if base is None or isinstance(base, _anonymous_label) else base)
        self.name = name

    @property
    def description(self) -> str:
        if not isinstance(self.name, _anonymous_label):
            return self.name  # type: ignore[no-any-return]  # a string
        return self._anonymous_description

    @property
    def _anonymous_description(self) -> str:
        return "anon_1"

    @property
    def implicit_returning(self) -> bool:  # type: ignore[override]  # the element's
        return bool(self.element.implicit_returning)

    @property
    def original(self) -> Any:
        """
        The element; for older callers.
        """
        return self.element

    @memoized
    def c(self) -> _C:
        """
        The columns.
        """
        if "_collections" not in self.__dict__:
            below = self._columns_below
            if below is not None:
                return EarlyView(self, below)  # type: ignore[return-value]  # a collection
        return self._collections[0].as_readonly()  # type: ignore[return-value]  # likewise

    @property
    def _source(self) -> Any:
        """
        What has the columns that those here stand for.
        """
        return self.element

    @property
    def _columns_below(self) -> Any:
        """
        The columns that those here stand for, by key; None: see `_columns_by_key`.
        """
        if type(self)._populate_column_collection is not _populate_as_source:
            return None
        return self._source._columns_by_key

    @property
    def _columns_by_key(self) -> Any:
        return None if self._columns_below is None else self.c

    def is_derived_from(self, fromclause: Any) -> bool:
        return hash(fromclause) in {hash(f) for f in self._cloned_set} or self.element.is_derived_from(
            fromclause
        )

    def corresponding_column(self, column: Any, require_embedded: bool = False) -> Any:
        element = self.element
        if element._is_table and column._is_keyed_column_element and column.table is element:
            found = self._own_column(column)
            if found is not None:
                return found
        return super().corresponding_column(column, require_embedded)

    def _own_column(self, column: Any) -> Any:
        """
        Return what stands for a column of the table itself; None if this is no such column.

        While nobody has asked for the columns, this one is made only: a statement names few of them.
        """
        return own_column(self, column)

    def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
        self._source._generate_fromclause_column_proxies(
            self, columns, primary_key=primary_key, foreign_keys=foreign_keys
        )

    def _copy_internals(self, *, clone: Any, **kw: Any) -> None:
        super()._copy_internals(clone=clone, **kw)
        self._reset_column_collection()

    _from_objects: Any = froms_in(follow=False)


_populate_as_source = AliasedReturnsRows._populate_column_collection


class FromClauseAlias(AliasedReturnsRows[_C]):
    """
    A FROM element under a name.
    """

    @property
    def _anonymous_description(self) -> str:
        return f"Anonymous alias of {getattr(self.element, 'description', None) or 'anon_1'}"

    def _init(self, selectable: Any, *, name: str | None = None) -> None:
        AliasedReturnsRows._init(self, from_item(selectable), name=name)


class Alias(FromClauseAlias[_C]):
    """
    ``element AS name``.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> Alias[_X]: ...

    __visit_name__ = "alias"
    _roles = FromClauseAlias._roles | Role.DML_TABLE
    inherit_cache: bool = True

    @classmethod
    def _factory(cls, returnsrows: Any, name: str | None = None, flat: bool = False) -> Any:
        return from_item(returnsrows).alias(name=name, flat=flat)


class TableValuedAlias(Alias):
    """
    A function as a FROM element with columns.
    """

    __visit_name__ = "table_valued_alias"
    _supports_derived_columns = True
    _render_derived = False
    _render_derived_w_types = False
    joins_implicitly: bool = False
    _is_table_value_function = True

    _fields = (
        Field("element", NODE),
        Field("name", VALUE),
        Field("_tableval_type", TYPE),
        Field("_render_derived", VALUE),
        Field("_render_derived_w_types", VALUE),
    )

    def _init(
        self,
        selectable: Any,
        *,
        name: str | None = None,
        table_value_type: Any = None,
        joins_implicitly: bool = False,
    ) -> None:
        AliasedReturnsRows._init(self, selectable, name=name)
        self.joins_implicitly = joins_implicitly
        self._tableval_type = (
            TableValueType()
            if table_value_type is None or not getattr(table_value_type, "_is_table_value", False)
            else table_value_type
        )
        self._scalar_type = (
            table_value_type if table_value_type is not None and not self._tableval_type._elements else None
        )

    @memoized
    def column(self) -> TableValuedColumn[Any]:
        """
        The row, or the single value, as a column.
        """
        return TableValuedColumn(self, self._scalar_type or self._tableval_type)

    def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
        made = []
        # Without columns of its own, what it returns is the column.
        for element in self._tableval_type._elements or self.element._all_selected_columns:
            key = None if element._is_named else element._anon_name_label
            proxy_key, proxy = element._make_proxy(
                self, key=key, primary_key=primary_key, foreign_keys=foreign_keys
            )
            made.append((proxy_key, proxy))
        columns._populate_separate_keys(made)

    def alias(self, name: str | None = None, flat: bool = False) -> TableValuedAlias:
        made: TableValuedAlias = TableValuedAlias._construct(
            self, name=name, table_value_type=self._tableval_type, joins_implicitly=self.joins_implicitly
        )
        if self._render_derived:
            made._render_derived = True
            made._render_derived_w_types = self._render_derived_w_types
        return made

    def lateral(self, name: str | None = None) -> TableValuedAlias:  # type: ignore[override]  # keeps its columns
        made = self.alias(name=name)
        made._is_lateral = True
        return made

    def render_derived(self, name: str | None = None, with_types: bool = False) -> TableValuedAlias:
        """
        Return a copy that is rendered with its columns: ``AS name(a, b)``.
        """
        made: TableValuedAlias = TableValuedAlias._construct(
            self.element,
            name=name,
            table_value_type=self._tableval_type,
            joins_implicitly=self.joins_implicitly,
        )
        made._scalar_type = self._scalar_type
        made._is_lateral = self._is_lateral
        made._render_derived = True
        made._render_derived_w_types = with_types
        return made


class Lateral(FromClauseAlias[_C]):
    """
    ``LATERAL (element) AS name``: may refer to FROM elements before it.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> Lateral[_X]: ...

    __visit_name__ = "lateral"
    _is_lateral = True
    _is_subquery = True
    inherit_cache: bool = True

    def _init(self, selectable: Any, *, name: str | None = None) -> None:
        AliasedReturnsRows._init(self, selectable, name=name)

    @classmethod
    def _factory(cls, returnsrows: Any, name: str | None = None) -> Any:
        return returns_rows(returnsrows).lateral(name=name)


class TableSample(FromClauseAlias[_C]):
    """
    ``element TABLESAMPLE (sampling)``.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> TableSample[_X]: ...

    __visit_name__ = "tablesample"
    _fields = (*FromClauseAlias._fields, Field("sampling", NODE), Field("seed", NODE))

    sampling: Any
    seed: Any = None

    @classmethod
    def _factory(  # type: ignore[override]  # one more is needed
        cls, returnsrows: Any, sampling: Any, name: str | None = None, seed: Any = None
    ) -> Any:
        return from_item(returnsrows).tablesample(sampling, name=name, seed=seed)

    def _init(
        self, selectable: Any, *, name: str | None = None, sampling: Any = None, seed: Any = None
    ) -> None:
        if not hasattr(sampling, "packagenames"):
            sampling = make.func.system(sampling)
        self.sampling = sampling
        if seed is not None:
            self.seed = make.operand(seed)
        AliasedReturnsRows._init(self, selectable, name=name)

    def _get_method(self) -> Any:
        return self.sampling


class TableValuedColumn(NamedColumn[_T]):
    """
    A row of a FROM element as a column.
    """

    scalar_alias: Any

    key: str
    name: str

    __visit_name__ = "table_valued_column"
    _fields = (Field("name", VALUE), Field("type", TYPE), Field("scalar_alias", NODE))

    def __init__(self, scalar_alias: Any, type_: Any) -> None:
        self.scalar_alias = scalar_alias
        self.key = self.name = scalar_alias.name
        self.type: TypeEngine[_T] = type_

    @property
    def _from_objects(self) -> Sequence[Any]:
        return [self.scalar_alias]

    def _copy_internals(self, *, clone: Any = None, **kw: Any) -> None:
        self.scalar_alias = clone(self.scalar_alias, **kw)
        self.key = self.name = self.scalar_alias.name

    def get_children(self, **kw: Any) -> Any:
        return iter((self.scalar_alias,))


def alias(selectable: FromClause[_C], name: str | None = None, flat: bool = False) -> FromClauseAlias[_C]:
    """
    Return a FROM element under another name.

    >>> from relvar import alias, column, select, table
    >>> person = table("person", column("id"), column("boss_id"))
    >>> boss = alias(person, "boss")
    >>> print(select(person.c.id, boss.c.id).join(boss, person.c.boss_id == boss.c.id))
    SELECT person.id, boss.id AS id_1
    FROM person JOIN person AS boss ON person.boss_id = boss.id
    """
    return Alias._factory(selectable, name=name, flat=flat)  # type: ignore[no-any-return]  # made there


def lateral(selectable: Any, name: str | None = None) -> Lateral:
    """
    Return a SELECT, or the like, as a LATERAL FROM element.

    >>> from relvar import column, lateral, select, table, true
    >>> user, post = table("user", column("id")), table("post", column("id"), column("user_id"))
    >>> last = lateral(select(post.c.id).where(post.c.user_id == user.c.id).limit(1), name="last")
    >>> print(select(user.c.id, last.c.id).join(last, true()))
    SELECT "user".id, last.id AS id_1
    FROM "user" JOIN LATERAL (SELECT post.id AS id
    FROM post
    WHERE post.user_id = "user".id
     LIMIT :param_1) AS last ON true
    """
    return Lateral._factory(selectable, name=name)  # type: ignore[no-any-return]  # made there


def tablesample(
    selectable: FromClause[_C], sampling: Any, name: str | None = None, seed: Any = None
) -> TableSample[_C]:
    """
    Return a sample of the rows of a table.

    Args:
        sampling: Percentage, or a function that names the method.
        seed: Seed of the random sample.
    """
    return TableSample._factory(selectable, sampling, name=name, seed=seed)  # type: ignore[no-any-return]  # made there


make.register(
    Alias=Alias,
    Lateral=Lateral,
    TableSample=TableSample,
    TableValuedAlias=TableValuedAlias,
    TableValuedColumn=TableValuedColumn,
    TableValueType=TableValueType,
)
