"""
What can stand in FROM.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from relvar._kernels.froms import froms_in
from relvar._kernels.nodes import Keeps
from relvar._kernels.parts import renamed
from relvar.expr import make
from relvar.expr.column import NamedColumn
from relvar.expr.element import ClauseElement
from relvar.expr.node import NODE, Field, memoized
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.relation.columns import ColumnSet, ReadOnlyColumnCollection, WriteableColumnCollection
from relvar.util.generics import TypeVar
from relvar.util.warning import deprecated

__all__ = ["FromClause", "FromGrouping", "ReturnsRows", "Selectable", "early_column"]

if TYPE_CHECKING:
    from relvar.relation.alias import FromClauseAlias, Lateral, TableSample
    from relvar.relation.join import Join
    from relvar.stmt.select import Select

_X = TypeVar("_X", bound=ReadOnlyColumnCollection[str, Any])
_C = TypeVar(
    "_C",
    bound=ReadOnlyColumnCollection[str, Any],
    default=ReadOnlyColumnCollection[str, NamedColumn[Any]],
    covariant=True,
)


class ReturnsRows(ClauseElement, Keeps):
    """
    Something with rows: a FROM element, a SELECT, a DML statement with RETURNING.
    """

    _is_returns_rows = True

    @property
    def selectable(self) -> Any:
        """
        The element itself.
        """
        return self

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        raise NotImplementedError

    @property
    def exported_columns(self) -> Any:
        """
        The columns others see.
        """
        raise NotImplementedError

    @property
    def _columns_by_key(self) -> Any:
        """
        The columns by the keys that a FROM element around this has them under, if it has no other columns.

        None: names and keys have to be worked out for all of them together.
        """
        return None

    def is_derived_from(self, fromclause: Any) -> bool:
        """
        Tell whether this is made from *fromclause*.
        """
        raise NotImplementedError

    def _generate_fromclause_column_proxies(
        self, fromclause: Any, columns: Any, primary_key: Any, foreign_keys: Any
    ) -> None:
        """
        Fill *columns* with columns of *fromclause* that stand for those of this element.
        """
        raise NotImplementedError

    def _refresh_for_new_column(self, column: Any) -> None:
        """
        Take notice of a column added to the table underneath.
        """


def early_column(fromclause: Any, key: Any, column: Any, primary_key: Any) -> tuple[Any, Any] | None:
    """
    Return a column of a FROM element that was made before the collections, and its key; None: it was not.
    """
    known = fromclause.__dict__.get("_early_columns")
    made = known.get(key) if known else None
    if made is None or made._proxies[0] is not column:
        return None
    if made.primary_key:
        primary_key.add(made)
    return key, made


class Selectable(ReturnsRows):
    """
    Something that can be selected from.
    """

    is_selectable = True

    def corresponding_column(self, column: Any, require_embedded: bool = False) -> Any:
        """
        Return the column here that stands for *column*; None if there is none.
        """
        return self.exported_columns.corresponding_column(column, require_embedded)

    @deprecated(
        "1.4",
        "The :meth:`.Selectable.replace_selectable` method is deprecated, and will be removed in a future "
        "release.  Similar functionality is available via the relvar.sql.visitors module.",
    )
    def replace_selectable(self, old: Any, alias: Any) -> Any:
        """
        Return a copy with *old* replaced by *alias* throughout.
        """
        return make.ClauseAdapter(alias).traverse(self)

    def lateral(self, name: str | None = None) -> Lateral:
        """
        Return this as a LATERAL FROM element.
        """
        return make.Lateral._construct(self, name=name)  # type: ignore[no-any-return]  # registered class

    def _init_collections(self) -> None:
        """
        Forget the collections of columns.
        """


class FromClause(Selectable, Generic[_C]):
    """
    An element of FROM: it has columns.

    Attributes:
        named_with_column: Columns are rendered with its name before theirs.
    """

    __visit_name__ = "fromclause"
    _roles: ClassVar[int] = Role.FROM | Role.JOIN_TARGET | Role.COLUMNS_CLAUSE | Role.IN_ELEMENT
    _is_from_clause = True
    _is_named = True
    _key_memo = True
    _is_atom = True

    named_with_column = False
    schema: str | None = None
    name: Any = None
    implicit_returning = False
    _hide_froms: Sequence[Any] = ()
    _is_join = False
    _is_lateral = False
    _is_textual_column = False
    _use_schema_map = False
    is_selectable = True

    @memoized
    def _collections(self) -> tuple[WriteableColumnCollection, ColumnSet, set[Any]]:
        """
        Columns, primary key and foreign keys.
        """
        made = (WriteableColumnCollection(), ColumnSet(), set[Any]())
        self._populate_column_collection(*made)
        return made

    @memoized
    def _early_columns(self) -> dict[str, Any]:
        """
        Columns that were made before the collections: these take them.
        """
        return {}

    def __getstate__(self) -> dict[str, Any]:
        # Columns go with it: those that a statement names must remain the ones in the collection.
        values = super().__getstate__()
        made = self._collections if "_early_columns" in self.__dict__ else self.__dict__.get("_collections")
        if made is not None:
            values["_collections"] = made
            values["_memoized_names"] = ("_collections",)
        return values

    def _populate_column_collection(self, columns: Any, primary_key: Any, foreign_keys: Any) -> None:
        """
        Fill the collections of columns.
        """

    @memoized
    def _columns(self) -> Any:
        return self._collections[0]

    @memoized
    def c(self) -> _C:
        """
        The columns.
        """
        return self._collections[0].as_readonly()  # type: ignore[return-value]  # a collection

    @memoized
    def columns(self) -> _C:
        """
        The columns.
        """
        return self.c

    @property
    def exported_columns(self) -> _C:
        return self.c

    @memoized
    def primary_key(self) -> Any:
        """
        The columns that stand for those of a primary key.
        """
        return self._collections[1]

    @memoized
    def foreign_keys(self) -> Any:
        """
        The foreign keys of the columns.
        """
        found = self._collections[2]
        for column in self._columns:
            found.update(column.foreign_keys)
        return found

    @property
    def description(self) -> str:
        """
        What messages call it: its name, if it has one.
        """
        return getattr(self, "name", None) or f"{type(self).__name__} object"

    @property
    def entity_namespace(self) -> Any:
        return self.c

    @property
    def _select_iterable(self) -> Iterable[Any]:
        return self.c

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return [c for c in self.c if not c._omit_from_statements]

    if TYPE_CHECKING:

        @property
        def _from_objects(self) -> Sequence[Any]:
            """
            The FROM elements this element needs.
            """

    else:
        _from_objects = froms_in(follow=False)

    @property
    def _cloned_set(self) -> list[Any]:
        found: list[Any] = []
        element: Any = self
        while element is not None:
            found.append(element)
            element = element._is_clone_of
        return found

    def select(self) -> Select[*tuple[Any, ...]]:
        """
        Return a SELECT of all columns.
        """
        return make.select(self)  # type: ignore[no-any-return]  # registered class

    def join(self, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> Join:
        """
        Return a join; without *onclause*, by the foreign keys between both.
        """
        return make.Join(self, right, onclause, isouter, full)  # type: ignore[no-any-return]  # registered class

    def outerjoin(self, right: Any, onclause: Any = None, full: bool = False) -> Join:
        """
        Return a left outer join.
        """
        return make.Join(self, right, onclause, True, full)  # type: ignore[no-any-return]  # registered class

    def alias(self, name: str | None = None, flat: bool = False) -> FromClauseAlias[_C]:
        """
        Return this under another name.

        >>> from relvar import column, select, table
        >>> print(select(table("users", column("id")).alias("u")))
        SELECT u.id
        FROM users AS u
        """
        return renamed(make.Alias, self, name)  # type: ignore[no-any-return]  # registered class

    def _anonymous_fromclause(self, *, name: str | None = None, flat: bool = False) -> Any:
        return self.alias(name=name)

    def with_cols(self, type_: type[_X]) -> FromClause[_X]:
        """
        Return this, its columns typed by a class, for type checkers.
        """
        return self  # type: ignore[return-value]  # as told

    def tablesample(self, sampling: Any, name: str | None = None, seed: Any = None) -> TableSample[_C]:
        """
        Return a sample of the rows.
        """
        return make.TableSample._construct(self, sampling=sampling, name=name, seed=seed)  # type: ignore[no-any-return]  # registered class

    def table_valued(self) -> Any:
        """
        Return a row of this as a column.
        """
        return make.TableValuedColumn(self, make.TableValueType())

    def is_derived_from(self, fromclause: Any) -> bool:
        return fromclause in self._cloned_set

    def _is_lexical_equivalent(self, other: Any) -> bool:
        return bool(set(self._cloned_set) & set(other._cloned_set))

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self

    def _generate_fromclause_column_proxies(
        self, fromclause: Any, columns: Any, primary_key: Any, foreign_keys: Any
    ) -> None:
        columns._populate_separate_keys(
            [
                early_column(fromclause, col.key, col, primary_key)
                or col._make_proxy(fromclause, primary_key=primary_key, foreign_keys=foreign_keys)
                for col in self.c
            ]
        )

    def _reset_column_collection(self) -> None:
        """
        Forget the collections of columns.
        """
        for name in (
            "_collections",
            "_early_columns",
            "_columns",
            "c",
            "columns",
            "primary_key",
            "foreign_keys",
        ):
            self.__dict__.pop(name, None)

    def _get_reference_cte(self, cte: Any) -> Any:
        return cte


class FromGrouping(FromClause[_C]):
    """
    A FROM element in parentheses.
    """

    __visit_name__ = "grouping"
    _fields = (Field("element", NODE),)
    _is_atom = False

    def __init__(self, element: Any) -> None:
        self.element = element

    @property
    def c(self) -> _C:
        return self.element.c  # type: ignore[no-any-return]  # as declared

    @property
    def columns(self) -> _C:
        return self.element.columns  # type: ignore[no-any-return]  # as declared

    @property
    def primary_key(self) -> Any:
        return self.element.primary_key

    @property
    def foreign_keys(self) -> Any:
        return self.element.foreign_keys

    @property
    def _is_join(self) -> bool:  # type: ignore[override]  # the element's
        return bool(self.element._is_join)

    @property
    def _hide_froms(self) -> Any:  # type: ignore[override]  # the element's
        return self.element._hide_froms

    _from_objects: Any = froms_in("element")

    def is_derived_from(self, fromclause: Any) -> bool:
        return bool(self.element.is_derived_from(fromclause))

    def alias(self, name: str | None = None, flat: bool = False) -> FromGrouping[_C]:  # type: ignore[override]  # around the alias
        return FromGrouping(self.element.alias(name=name, flat=flat))

    def _anonymous_fromclause(self, *, name: str | None = None, flat: bool = False) -> Any:
        return FromGrouping(self.element._anonymous_fromclause(name=name, flat=flat))

    def _ungroup(self) -> Any:
        return self.element._ungroup()


make.register(FromGrouping=FromGrouping)
