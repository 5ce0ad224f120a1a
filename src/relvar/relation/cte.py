"""
Common table expressions: ``WITH name AS (...)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from relvar._kernels.parts import renamed
from relvar.expr import make
from relvar.expr.coerce_rows import cte_statement
from relvar.expr.executable import Generative
from relvar.expr.node import NODE, NODES, PAIRS, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.relation.affix import HasPrefixes, HasSuffixes
from relvar.relation.alias import AliasedReturnsRows
from relvar.relation.from_ import _C, _X
from relvar.util.fields import NamedTuple

__all__ = ["CTE", "HasCTE", "cte"]


class CTE(Generative, HasPrefixes, HasSuffixes, AliasedReturnsRows[_C]):
    """
    A SELECT, or a DML statement with RETURNING, in the WITH clause.

    Attributes:
        recursive: ``WITH RECURSIVE``.
        nesting: Rendered in the WITH clause of the statement that uses it.
    """

    if TYPE_CHECKING:

        def with_cols(self, type_: type[_X]) -> CTE[_X]: ...

    __visit_name__ = "cte"
    _fields = (
        *AliasedReturnsRows._fields,
        Field("_cte_alias", NODE),
        Field("_restates", NODE),
        Field("recursive", VALUE),
        Field("nesting", VALUE),
        *HasPrefixes._prefix_fields,
        *HasSuffixes._suffix_fields,
    )
    _is_subquery = False
    _is_cte = True
    _roles = AliasedReturnsRows._roles | Role.DML_TABLE

    recursive: bool = False
    nesting: bool = False
    _cte_alias: Any = None
    _restates: Any = None

    @classmethod
    def _factory(cls, selectable: Any, name: str | None = None, recursive: bool = False) -> Any:
        return cte_statement(selectable).cte(name=name, recursive=recursive)

    def _init(
        self,
        selectable: Any,
        *,
        name: str | None = None,
        recursive: bool = False,
        nesting: bool = False,
        _cte_alias: Any = None,
        _restates: Any = None,
        _prefixes: Any = (),
        _suffixes: Any = (),
    ) -> None:
        self.recursive = recursive
        self.nesting = nesting
        if _cte_alias is not None:
            self._cte_alias = _cte_alias
        if _restates is not None:
            self._restates = _restates
        if _prefixes:
            self._prefixes = _prefixes
        if _suffixes:
            self._suffixes = _suffixes
        super()._init(selectable, name=name)

    def alias(self, name: str | None = None, flat: bool = False) -> CTE[_C]:  # type: ignore[override]  # a CTE, not a part
        """
        Return the CTE under another name: ``FROM cte AS name``.
        """
        return CTE._construct(  # type: ignore[no-any-return]  # as declared
            self.element,
            name=name,
            recursive=self.recursive,
            nesting=self.nesting,
            _cte_alias=self,
            _prefixes=self._prefixes,
            _suffixes=self._suffixes,
        )

    def union(self, *other: Any) -> CTE[_C]:
        """
        Return the CTE as a UNION with others, which may refer to it.
        """
        return self._restated(self.element.union(*other))  # type: ignore[no-any-return]  # as declared

    def union_all(self, *other: Any) -> CTE[_C]:
        """
        Return the CTE as a UNION ALL with others, which may refer to it.
        """
        return self._restated(self.element.union_all(*other))  # type: ignore[no-any-return]  # as declared

    def _restated(self, element: Any) -> Any:
        return CTE._construct(
            element,
            name=self.name,
            recursive=self.recursive,
            nesting=self.nesting,
            _restates=self,
            _prefixes=self._prefixes,
            _suffixes=self._suffixes,
        )

    def _get_reference_cte(self, cte: CTE | None = None) -> Any:
        """
        Return the CTE that this one replaces: the first of the chain.
        """
        return self._restates if self._restates is not None else self

    @property
    def _source(self) -> Any:
        return self.element if self._cte_alias is None else self._cte_alias

    def _copy_internals(self, *, clone: Any, **kw: Any) -> None:
        if self._cte_alias is not None:
            self._cte_alias = clone(self._cte_alias, **kw)
        if self._restates is not None:
            self._restates = clone(self._restates, **kw)
        super()._copy_internals(clone=clone, **kw)

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self


class _CTEOpts(NamedTuple):
    """
    How a CTE is attached to a statement.
    """

    nesting: bool


class HasCTE:
    """
    A statement with a WITH clause, or one that can stand in one.
    """

    _cte_fields = (Field("_independent_ctes", NODES), Field("_independent_ctes_opts", PAIRS))

    _independent_ctes: tuple[CTE, ...] = ()
    _independent_ctes_opts: tuple[_CTEOpts, ...] = ()
    name_cte_columns = False

    def add_cte(self, *ctes: CTE[Any], nest_here: bool = False) -> Self:
        """
        Return a copy with CTEs in its WITH clause, whether it refers to them or not.
        """
        made: Any = self._clone()  # type: ignore[attr-defined]  # all that have CTEs are statements
        taken = tuple([make.clause_element(cte) for cte in ctes])
        made._independent_ctes += taken
        made._independent_ctes_opts += (_CTEOpts(nest_here),) * len(taken)
        return made  # type: ignore[no-any-return]  # as declared

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """
        Return the statement as a CTE.
        """
        return _cte_of(self, name, recursive, nesting)  # type: ignore[no-any-return]  # a CTE


def _cte_of(element: Any, name: str | None, recursive: bool, nesting: bool) -> Any:
    """
    Return a statement as a CTE.
    """
    made = renamed(CTE, element, name)
    if recursive:
        made.recursive = True
    if nesting:
        made.nesting = True
    return made


def cte(selectable: Any, name: str | None = None, recursive: bool = False) -> CTE:
    """
    Return a SELECT, or a DML statement with RETURNING, as a CTE.

    >>> from relvar import column, cte, select, table
    >>> recent = cte(select(table("posts", column("id"))).where(column("id") > 5), name="recent")
    >>> print(select(recent.c.id))
    WITH recent AS
    (SELECT posts.id AS id
    FROM posts
    WHERE id > :id_1)
     SELECT recent.id
    FROM recent
    """
    return CTE._factory(selectable, name=name, recursive=recursive)  # type: ignore[no-any-return]  # an instance


make.register(CTE=CTE, cte_of=_cte_of)
