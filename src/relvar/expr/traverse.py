"""
Walk elements: visit them, copy them, replace parts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from relvar.expr import make
from relvar.expr.nesting import too_deep

__all__ = [
    "ClauseVisitor",
    "CloningExternalTraversal",
    "CloningVisitor",
    "ExternalTraversal",
    "ReplacingCloningVisitor",
    "ReplacingExternalTraversal",
    "cloned_traverse",
    "iterate",
    "replacement_traverse",
    "traverse",
    "traverse_using",
]


def iterate(
    obj: Any, opts: Mapping[str, Any] = {}
) -> Iterator[Any]:  # never changed; the documented signature
    """
    Yield *obj* and all below it, breadth first.

    A statement or FROM element that stands in several places, as a subquery does
    in every column taken from it, is looked into once: nested subqueries would
    take exponential time otherwise.
    """
    if obj is None:
        return
    yield obj
    entered: set[int] = set()
    waiting = deque([obj])
    while waiting:
        element = waiting.popleft()
        if getattr(element, "_is_from_clause", False) or getattr(element, "supports_execution", False):
            if id(element) in entered:
                continue
            entered.add(id(element))
        for child in element.get_children(**opts):
            yield child
            waiting.append(child)


def traverse_using(iterator: Iterable[Any], obj: Any, visitors: Mapping[str, Callable[[Any], Any]]) -> Any:
    """
    Call ``visitors[<visit name>]`` for each element of an iteration; return *obj*.
    """
    for target in iterator:
        visit = visitors.get(target.__visit_name__)
        if visit is not None:
            visit(target)
    return obj


def traverse(obj: Any, opts: Mapping[str, Any], visitors: Mapping[str, Callable[[Any], Any]]) -> Any:
    """
    Call ``visitors[<visit name>]`` for *obj* and all below it; return *obj*.
    """
    return traverse_using(iterate(obj, opts), obj, visitors)


def cloned_traverse(obj: Any, opts: Mapping[str, Any], visitors: Mapping[str, Callable[[Any], Any]]) -> Any:
    """
    Copy *obj* and all below it, calling ``visitors[<visit name>]`` for each copy, leaves first.

    Args:
        opts: ``stop_on``: elements that are not copied.
    """
    cloned: dict[int, Any] = {}
    stop_on = {id(element) for element in opts.get("stop_on", ())}
    kept: list[Any] = []

    def clone(element: Any, **kw: Any) -> Any:
        if id(element) in stop_on:
            return element
        made = cloned.get(id(element))
        if made is None:
            made = cloned[id(element)] = _copy_of(element)
            kept.append(element)
            if made is element:
                return element
            made._copy_internals(clone=clone, **kw)
            visit = visitors.get(made.__visit_name__)
            if visit is not None:
                visit(made)
        return made

    if obj is None:
        return None
    try:
        return clone(obj, **{k: v for k, v in opts.items() if k != "stop_on"})
    except RecursionError:
        raise too_deep("copied") from None


def _copy_of(element: Any) -> Any:
    """
    Return a copy of an element; the element itself when it is always the same one.
    """
    if element._is_immutable or element._is_singleton_constant:
        return element
    if element._is_bind_parameter:
        return element._clone()
    return element._traversal_copy()


def replacement_traverse(obj: Any, opts: Mapping[str, Any], replace: Callable[..., Any]) -> Any:
    """
    Copy *obj* with elements replaced.

    Args:
        replace: Called with each element; returns what takes its place, or None
            to keep (a copy of) it.  What takes a place is not looked into.
        opts: ``stop_on``: elements that are not looked into.

    Only what has something replaced below it is copied.
    """
    cloned: dict[int, Any] = {}
    stop_on = {id(element) for element in opts.get("stop_on", ())}
    kept: list[Any] = []
    wants_element = opts.get("_replace_with_kw", False)

    def substitute(element: Any, **kw: Any) -> Any:
        made = cloned.get(id(element))
        if made is not None:
            return made
        kept.append(element)
        if id(element) in stop_on or "no_replacement_traverse" in element._annotations:
            cloned[id(element)] = element
            return element
        replaced = replace(element, **kw) if wants_element else replace(element)
        if replaced is not None:
            stop_on.add(id(replaced))
            kept.append(replaced)
            cloned[id(element)] = replaced
            return replaced
        made = _copy_of(element)
        cloned[id(element)] = made
        if made is not element:
            made._copy_internals(clone=substitute, **kw)
        return made

    if obj is None:
        return None
    try:
        return substitute(obj, **{k: v for k, v in opts.items() if k not in ("stop_on", "_replace_with_kw")})
    except RecursionError:
        raise too_deep("copied") from None


class ExternalTraversal:
    """
    Base of visitors: ``visit_<name>`` methods are called during a traversal.
    """

    __traverse_options__: dict[str, Any] = {}
    _next: Any = None

    def traverse_single(self, obj: Any, **kw: Any) -> Any:
        """
        Call the method for *obj*, here or along the chain of visitors.
        """
        for visitor in self.visitor_iterator:
            method = getattr(visitor, f"visit_{obj.__visit_name__}", None)
            if method is not None:
                return method(obj, **kw)
        return None

    def iterate(self, obj: Any) -> Iterator[Any]:
        """
        Yield *obj* and all below it.
        """
        return iterate(obj, self.__traverse_options__)

    def traverse(self, obj: Any) -> Any:
        """
        Visit *obj* and all below it; return *obj*.
        """
        return traverse(obj, self.__traverse_options__, self._visitor_dict)

    @property
    def _visitor_dict(self) -> dict[str, Callable[[Any], Any]]:
        return {name[6:]: getattr(self, name) for name in dir(self) if name.startswith("visit_")}

    @property
    def visitor_iterator(self) -> Iterator[Any]:
        """
        Yield this visitor and those chained to it.
        """
        visitor: Any = self
        while visitor is not None:
            yield visitor
            visitor = visitor._next

    def chain(self, visitor: Any) -> Any:
        """
        Add a visitor at the end of the chain; return this one.
        """
        tail = list(self.visitor_iterator)[-1]
        tail._next = visitor
        return self


ClauseVisitor = ExternalTraversal


class CloningExternalTraversal(ExternalTraversal):
    """
    Base of visitors that are called with copies.
    """

    def copy_and_process(self, list_: Iterable[Any]) -> list[Any]:
        """
        Return copies of elements, visited.
        """
        return [self.traverse(x) for x in list_]

    def traverse(self, obj: Any) -> Any:
        """
        Copy *obj* and all below it, visiting the copies.
        """
        return cloned_traverse(obj, self.__traverse_options__, self._visitor_dict)


CloningVisitor = CloningExternalTraversal


class ReplacingExternalTraversal(CloningExternalTraversal):
    """
    Base of visitors that replace elements: override `replace`.
    """

    def replace(self, elem: Any) -> Any:
        """
        Return what takes the place of *elem*; None to keep it.
        """
        return None

    def traverse(self, obj: Any) -> Any:
        """
        Copy *obj* with elements replaced, by this visitor or one chained to it.
        """

        def replace(element: Any, **kw: Any) -> Any:
            for visitor in self.visitor_iterator:
                made = visitor.replace(element)
                if made is not None:
                    return made
            return None

        return replacement_traverse(obj, self.__traverse_options__, replace)


ReplacingCloningVisitor = ReplacingExternalTraversal


def replace_params(obj: Any, values: Mapping[str, Any], unique: bool) -> Any:
    """
    Return a copy of *obj* in which bind parameters of these names have these values.

    Only what holds such a parameter is copied: all else remains the same element in other places too.
    Columns of a FROM element that is copied become those of the copy.
    """

    def given(bind: Any) -> str | None:
        if bind.key in values:
            return bind.key  # type: ignore[no-any-return]  # keys are text
        return bind._orig_key if bind._orig_key in values and not bind.unique else None

    known: dict[int, tuple[Any, bool]] = {}
    copies: dict[int, Any] = {}

    def holds(element: Any) -> bool:
        found = known.get(id(element))
        if found is None:
            known[id(element)] = element, False
            here = element._is_bind_parameter and (unique or given(element) is not None)
            below = [holds(child) for child in (*element.get_children(), *_derived_table(element))]
            found = known[id(element)] = element, here or any(below)
        return found[1]

    def copy(element: Any, **kw: Any) -> Any:
        if not holds(element):
            return element
        made = copies.get(id(element))
        if made is None:
            for table in _derived_table(element):
                made = copies[id(element)] = copy(table, **kw).c.get(element.key, element)
                return made
            made = copies[id(element)] = _copy_of(element)
            made._copy_internals(clone=copy, **kw)
            if made._is_bind_parameter:
                change(made)
        return made

    def change(bind: Any) -> None:
        name = given(bind)
        if name is not None:
            bind.value = values[name]
            bind.required = False
            bind.callable = None
        if unique:
            bind._convert_to_unique()

    try:
        return copy(obj) if holds(obj) else obj._clone()
    except RecursionError:
        raise too_deep("copied") from None


def _derived_table(element: Any) -> tuple[Any, ...]:
    """
    Return the subquery or alias that a column belongs to, if it does.
    """
    table = element.table if element._is_keyed_column_element else None
    return () if table is None or table._is_table else (table,)


make.register(iterate=iterate, replace_params=replace_params)
