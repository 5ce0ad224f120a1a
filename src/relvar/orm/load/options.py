"""
Loader options: ``Load``, and what a program may give to ``options()`` besides.

An option is immutable.  Each call on it returns a new one that has one more
element and stands at the end of the path it just named, so that calls chain::

    joinedload(User.orders).selectinload(Order.items).load_only(Item.name)

The functions that start such a chain are in ``starting.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Self

from relvar import exc
from relvar.expr.bind import literal
from relvar.expr.executable import ExecutableOption
from relvar.expr.node import NODES, VALUE, Field
from relvar.inspection import inspect
from relvar.orm.load.kept_options import again
from relvar.orm.load.links import alias_entity, check_link, check_one_entity, entity_leads_to
from relvar.orm.load.path import COLUMNS, RELATIONSHIPS, Element, Step
from relvar.util.warning import warn_deprecated

__all__ = ["NOWHERE", "Load", "LoaderOption", "UserDefinedOption", "as_expression"]

_STRINGS = (
    "Strings are not accepted for attribute names in loader options; please use class-bound attributes "
    "directly."
)


class LoaderOption(ExecutableOption):
    """
    Base of what ``options()`` takes and the loading layer understands.

    An option takes part in the statement's key through the two fields: its
    shape, and the nodes (criteria, aliases) it brings along.
    """

    __visit_name__ = "loader_option"
    _is_loader_option = True
    propagate_to_loaders = True

    _fields = (Field("_shape", VALUE), Field("_nodes", NODES))

    _shape: Any
    _nodes: tuple[Any, ...]


class UserDefinedOption(ExecutableOption):
    """
    An option that means nothing to loading, for ``do_orm_execute`` listeners to find.

    Attributes:
        payload: Whatever the program gives.
        propagate_to_loaders: Whether lazy loads of the loaded objects have the option as well.

    >>> from relvar import select, text
    >>> from relvar.orm import UserDefinedOption
    >>> class Audited(UserDefinedOption):
    ...     propagate_to_loaders = True
    >>> select(text("1")).options(Audited("by ann"))._with_options[0].payload
    'by ann'
    """

    __visit_name__ = "user_defined_option"
    is_user_defined = True
    propagate_to_loaders = False

    # no statement is compiled differently for it
    _fields = ()

    def __init__(self, payload: Any = None) -> None:
        self.payload = payload

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        cls._cacheable = True


class Load(LoaderOption):
    """Loader options for one entity: ``Load(User).joinedload(User.addresses)``."""

    inherit_cache: bool = True
    _key_memo = True

    is_kept = False
    """Whether the same calls give this very object again."""

    def __init__(self, entity: Any) -> None:
        insp = inspect(entity)
        self._set(insp, (), ())

    def _set(self, root: Any, cursor: tuple[Step, ...], elements: tuple[Element, ...]) -> None:
        self.root = root
        self.cursor = cursor
        self.elements = elements
        nodes: list[Any] = []
        for element in elements:
            for step in element.path:
                nodes.extend(step.nodes())
            nodes.extend(element.nodes)
        if root is not None and root.is_aliased_class:
            nodes.append(root.selectable)
        self._nodes = tuple(nodes)
        self._shape = (
            None if root is None else (root.mapper._key_serial, root.is_aliased_class),
            tuple([element.static_key() for element in elements]),
        )
        self.propagate_to_loaders: bool = any(
            element.strategy not in ("contains", None) for element in elements
        )

    def _made(self, root: Any, cursor: tuple[Step, ...], elements: tuple[Element, ...]) -> Self:
        made = type(self).__new__(type(self))
        made._set(root, cursor, elements)
        return made

    def moved(self, root: Any, elements: tuple[Element, ...]) -> Self:
        """Return an option that says these things, from another entity."""
        return self._made(root, (), elements)

    def joinedload(self, attr: Any, innerjoin: bool | Literal["nested", "unnested"] | None = None) -> Self:
        """Load the attribute by a JOIN in the same SELECT."""
        return self._relationship(attr, "joined", "joinedload", {"innerjoin": innerjoin})

    def selectinload(
        self, attr: Any, recursion_depth: int | None = None, chunksize: int | None = None
    ) -> Self:
        """Load the attribute for all parents at once, by ``IN`` over their keys."""
        if chunksize is not None and chunksize < 1:
            raise exc.ArgumentError(
                f"'chunksize={chunksize!r}' is not an appropriate input, please use a positive non-zero "
                "integer."
            )
        opts = {"recursion_depth": recursion_depth, "chunksize": chunksize}
        return self._relationship(attr, "selectin", "selectinload", opts)

    def subqueryload(self, attr: Any) -> Self:
        """Load the attribute for all parents at once, by a join to the original query."""
        return self._relationship(attr, "subquery", "subqueryload")

    def lazyload(self, attr: Any) -> Self:
        """Load the attribute when it is first read."""
        return self._relationship(attr, "select", "lazyload")

    def peers(self, attr: Any) -> Self:
        """Load the attribute when it is first read, for all objects that came in the same result."""
        if isinstance(attr, str) or hasattr(getattr(attr, "property", None), "direction"):
            return self._relationship(attr, "peers", "peers")
        return self._columns((attr,), "deferred", "peers", {"peers": True})

    def immediateload(self, attr: Any, recursion_depth: int | None = None) -> Self:
        """Load the attribute by one SELECT per parent, right away."""
        return self._relationship(attr, "immediate", "immediateload", {"recursion_depth": recursion_depth})

    def noload(self, attr: Any) -> Self:
        """Leave the attribute empty."""
        warn_deprecated(
            "The noload() option is deprecated and will be removed in a future release.  "
            "This option produces incorrect results by returning ``None`` for related items. "
            "(deprecated since: 2.1)",
            "2.1",
        )
        return self._relationship(attr, "noload", "noload")

    def raiseload(self, attr: Any, sql_only: bool = False) -> Self:
        """Forbid loading the attribute; ``sql_only`` still allows what needs no SQL."""
        return self._relationship(attr, "raise_on_sql" if sql_only else "raise", "raiseload")

    def defaultload(self, attr: Any) -> Self:
        """Keep the attribute's own way of loading; say something about what lies below."""
        return self._relationship(attr, None, "defaultload")

    def contains_eager(self, attr: Any, alias: Any = None) -> Self:
        """Take the attribute from columns that the statement already joins."""
        return self._relationship(attr, "contains", "contains_eager", {"alias": alias})

    def load_only(self, *attrs: Any, raiseload: bool = False) -> Self:
        """Load these columns only; the others on first read, or never with ``raiseload``."""
        check_one_entity(attrs)
        loaded = self._columns(attrs, "column", "undefer")
        return loaded._columns(["*"], "deferred", "load_only", {"raiseload": raiseload, "weak": True})

    def defer(self, key: Any, raiseload: bool = False) -> Self:
        """Load the column on first read."""
        return self._columns((key,), "deferred", "defer", {"raiseload": raiseload})

    def undefer(self, key: Any) -> Self:
        """Load the column with its row."""
        return self._columns((key,), "column", "undefer")

    def undefer_group(self, name: str) -> Self:
        """Load the deferred columns of the group with their row."""
        return self._columns(["*"], "group", "undefer_group", {"group": name})

    def with_expression(self, key: Any, expression: Any) -> Self:
        """Give the ``query_expression()`` attribute its expression for this statement."""
        return self._columns([key], "expression", "with_expression", {"expression": expression})

    def _step(self, attr: Any, wildcard: str) -> tuple[Any, Step]:
        """Return the root entity and the next step that ``attr`` says."""
        if isinstance(attr, str):
            if attr != "*":
                raise exc.ArgumentError(_STRINGS)
            here = self.cursor[-1].entity if self.cursor else self.root
            return self.root, Step(wildcard, here)
        attr = getattr(attr, "_join_attribute", attr)
        prop = getattr(attr, "property", None)
        parent = getattr(attr, "parent", None)
        if prop is None or parent is None:
            raise exc.ArgumentError(
                f"expected ORM mapped attribute for loader strategy argument, got {attr!r}."
            )
        target = attr._of_type if getattr(attr, "_of_type", None) is not None else None
        step = Step(attr.key, parent, prop, target, tuple(getattr(attr, "_extra_criteria", ())))
        if self.cursor:
            check_link(self.cursor[-1], step)
        elif self.root is not None and not entity_leads_to(self.root, parent):
            raise exc.ArgumentError(
                f'ORM mapped attribute "{step}" does not link mapped class '
                f'"{self.root.mapper.class_.__name__}"'
            )
        return (self.root if self.root is not None else parent), step

    def _relationship(
        self, attr: Any, strategy: str | None, name: str, opts: dict[str, Any] | None = None
    ) -> Self:
        given = opts or {}
        if given.get("alias") is not None:
            return self._new_relationship((attr,), strategy, name, given)
        return again(self, self._new_relationship, (attr,), strategy, name, given)

    def _new_relationship(
        self, attrs: tuple[Any], strategy: str | None, name: str, opts: dict[str, Any]
    ) -> Self:
        given = dict(opts)
        root, step = self._step(attrs[0], RELATIONSHIPS)
        alias = given.pop("alias", None)
        if alias is not None:
            step = Step(step.key, step.parent, step.prop, alias_entity(alias, step), step.criteria)
        shape = tuple((key, value) for key, value in given.items() if value is not None)
        path = (*self.cursor, step)
        element = Element(path, strategy, name, shape)
        cursor = self.cursor if step.is_wildcard else path
        return self._made(root, cursor, (*self.elements, element))

    def _columns(
        self, attrs: Iterable[Any], strategy: str, name: str, opts: dict[str, Any] | None = None
    ) -> Self:
        given = opts or {}
        if "expression" in given:
            return self._new_columns(tuple(attrs), strategy, name, given)
        return again(self, self._new_columns, tuple(attrs), strategy, name, given)

    def _new_columns(self, attrs: tuple[Any, ...], strategy: str, name: str, opts: dict[str, Any]) -> Self:
        given = dict(opts)
        expression = given.pop("expression", None)
        nodes = () if expression is None else (as_expression(expression),)
        shape = tuple((key, value) for key, value in given.items() if value)
        root = self.root
        elements = list(self.elements)
        for attr in _columns_of(attrs):
            root, step = self._step(attr, COLUMNS)
            elements.append(Element((*self.cursor, step), strategy, name, shape, nodes))
        return self._made(root, self.cursor, tuple(elements))

    def options(self, *opts: Load) -> Self:
        """Apply further options below the present position of this one."""
        elements = list(self.elements)
        subclasses = tuple(
            mapper
            for opt in opts
            if isinstance(opt, Load)
            for element in opt.elements
            if element.strategy == "polymorphic"
            for mapper in dict(element.opts)["classes"]
        )
        for opt in opts:
            if not isinstance(opt, Load):
                raise exc.ArgumentError(
                    f"Loader option {opt!r} is not compatible with the Load.options() method."
                )
            for element in opt.elements:
                if self.cursor and element.path and not element.path[0].is_wildcard:
                    check_link(self.cursor[-1], element.path[0], subclasses)
                path = (*self.cursor, *element.path)
                elements.append(Element(path, element.strategy, element.name, element.opts, element.nodes))
        root = self.root if self.root is not None or self.cursor else (opts[0].root if opts else None)
        return self._made(root, self.cursor, tuple(elements))

    def selectin_polymorphic(self, classes: Iterable[type[Any]]) -> Self:
        """Load the columns of these subclasses by a further SELECT per class."""
        mappers = tuple(inspect(cls) for cls in classes)
        element = Element(self.cursor, "polymorphic", "selectin_polymorphic", (("classes", mappers),))
        return self._made(self.root, self.cursor, (*self.elements, element))

    def __reduce__(self) -> Any:
        return _restore, (self.root, self.cursor, self.elements)

    @property
    def has_aliases(self) -> bool:
        """Whether it names an alias, which means nothing in another process."""
        steps = [step for element in self.elements for step in element.path]
        entities = [self.root, *[entity for step in steps for entity in (step.parent, step.target)]]
        return any(entity is not None and entity.is_aliased_class for entity in entities)

    def process_compile_state(self, compile_state: Any) -> None:
        """Do nothing: planning reads the elements (the hook is part of the option protocol)."""

    def __iter__(self) -> Iterator[Element]:
        return iter(self.elements)


NOWHERE = Load.__new__(Load)
"""The option that says nothing yet: the first attribute says where it starts."""

NOWHERE._set(None, (), ())
NOWHERE.is_kept = True


def _columns_of(attrs: Iterable[Any]) -> Iterator[Any]:
    """Yield attributes, those of its columns in the place of a composite."""
    for attr in attrs:
        prop = None if isinstance(attr, str) else getattr(attr, "property", None)
        if getattr(prop, "_is_composite", False):
            yield from attr.comparator._parts()
        else:
            yield attr


def _restore(root: Any, cursor: tuple[Step, ...], elements: tuple[Element, ...]) -> Load:
    made = Load.__new__(Load)
    made._set(root, cursor, elements)
    return made


def as_expression(expression: Any) -> Any:
    """Return the SQL element that an attribute, an element or a value stands for."""
    while (clause := getattr(expression, "__clause_element__", None)) is not None:
        resolved = clause()
        if resolved is expression:
            break
        # a composite attribute stands for a bundle, which stands for its columns
        expression = resolved
    return expression if hasattr(expression, "__visit_name__") else literal(expression)
