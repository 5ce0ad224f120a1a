"""
Loader options: ``Load`` and the functions that make one.

An option is immutable.  Each call on it returns a new one that has one more
element and stands at the end of the path it just named, so that calls chain::

    joinedload(User.orders).selectinload(Order.items).load_only(Item.name)

The functions of this module are the same calls without a root entity; the
first attribute says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import is_
from typing import Any, Literal, Self

from relvar import exc
from relvar.expr.bind import literal
from relvar.expr.executable import ExecutableOption
from relvar.expr.node import NODES, VALUE, Field
from relvar.inspection import inspect
from relvar.orm.load.path import COLUMNS, RELATIONSHIPS, Element, Step, entity_name
from relvar.orm.mapping.aliased import aliased
from relvar.util.warning import warn_deprecated

__all__ = [
    "Load",
    "LoaderOption",
    "UserDefinedOption",
    "contains_eager",
    "defaultload",
    "defer",
    "immediateload",
    "joinedload",
    "lazyload",
    "load_only",
    "noload",
    "peers",
    "raiseload",
    "selectin_polymorphic",
    "selectinload",
    "subqueryload",
    "undefer",
    "undefer_group",
    "with_expression",
]

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


class _Calls:
    """The calls that ``Load`` shares with the functions of this module."""

    def _relationship(
        self, attr: Any, strategy: str | None, name: str, opts: dict[str, Any] | None = None
    ) -> Self:
        raise NotImplementedError

    def _columns(
        self, attrs: Iterable[Any], strategy: str, name: str, opts: dict[str, Any] | None = None
    ) -> Self:
        raise NotImplementedError

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
        _check_load_only(attrs)
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


class Load(LoaderOption, _Calls):
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

    def _remembered(self, attr: Any) -> dict[Any, tuple[Any, Load]] | None:
        """
        Return where the options are kept that follow from this one and an attribute, or None.

        Those that start at an attribute of a mapped class are kept with it, those that go on from a kept one
        with that.
        """
        if not self.is_kept:
            return None
        holder: dict[str, Any] = self.__dict__
        if self is NOWHERE and not isinstance(attr, str):
            holder = getattr(attr, "__dict__", holder)
            if getattr(attr, "_of_type", self) is not None or attr._extra_criteria:
                return None
        found = holder.get("_kept")
        if found is None or found[0] != _epoch:
            if holder is not self.__dict__ and attr.parent.is_aliased_class:
                return None
            found = holder["_kept"] = (_epoch, {})
        return found[1]

    def _again(
        self,
        new: Callable[..., Self],
        attrs: tuple[Any, ...],
        strategy: str | None,
        name: str,
        opts: dict[str, Any],
    ) -> Self:
        """
        Return what *new* returned for the same arguments before.

        An option never changes, and a program names the same few again and again.
        """
        kept = self._remembered(attrs[0]) if attrs else None
        if kept is None:
            return new(attrs, strategy, name, opts)
        key = (
            strategy,
            name,
            *opts.values(),
            *[attr if isinstance(attr, str) else id(attr) for attr in attrs],
        )
        found = kept.get(key)
        if found is not None and all(map(is_, found[0], attrs)):
            return found[1]  # type: ignore[return-value]  # of this class, by whose method it was made
        made = new(attrs, strategy, name, opts)
        made.is_kept = True
        kept[key] = attrs, made
        _count_kept()
        return made

    def _relationship(
        self, attr: Any, strategy: str | None, name: str, opts: dict[str, Any] | None = None
    ) -> Self:
        given = opts or {}
        if given.get("alias") is not None:
            return self._new_relationship((attr,), strategy, name, given)
        return self._again(self._new_relationship, (attr,), strategy, name, given)

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
        return self._again(self._new_columns, tuple(attrs), strategy, name, given)

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

# What is kept is forgotten when it is more than programs write by hand (one may compose options from what its
# users ask for): dictionaries of an earlier epoch are not looked into.
_MOST_KEPT = 4096
_epoch = 0
_kept_count = 0


def _count_kept() -> None:
    global _epoch, _kept_count
    _kept_count += 1
    if _kept_count > _MOST_KEPT:
        _epoch += 1
        _kept_count = 0


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


def entity_leads_to(entity: Any, parent: Any) -> bool:
    """Tell whether an attribute of ``parent`` may be named where ``entity`` stands."""
    if entity.is_aliased_class or parent.is_aliased_class:
        return (
            entity is parent
            or getattr(entity, "_use_mapper_path", False)
            and entity._stands_for(parent)
            or (
                entity.is_aliased_class
                and not parent.is_aliased_class
                and parent is not entity.mapper
                and getattr(entity, "with_polymorphic_mappers", ())
                and parent in entity.with_polymorphic_mappers
            )
            or (parent.is_aliased_class and getattr(parent, "_adapted_parent", None) is entity)
            or _is_sub_alias(entity, parent)
        )
    mapper, other = entity.mapper, parent.mapper
    return bool(mapper.isa(other) or other.isa(mapper))


def _is_sub_alias(entity: Any, parent: Any) -> bool:
    """Tell whether ``parent`` is one of the per-class aliases inside ``with_polymorphic()``."""
    if not (entity.is_aliased_class and parent.is_aliased_class):
        return False
    subs = getattr(entity, "_with_polymorphic_entities", ())
    return any(sub is parent for sub in subs)


def check_link(previous: Step, step: Step, subclasses: tuple[Any, ...] = ()) -> None:
    """
    Raise unless ``step`` starts where ``previous`` ends.

    Args:
        subclasses: Those of the entity there whose attributes may be named.
    """
    if previous.prop is None or not hasattr(previous.prop, "direction"):
        raise exc.ArgumentError(
            f'Attribute "{previous}" of entity "{previous.parent}" does not refer to a mapped entity'
        )
    entity, parent = previous.entity, step.parent
    if not entity.is_aliased_class and not parent.is_aliased_class:
        links = entity.mapper.isa(parent.mapper) or any(sub.isa(parent.mapper) for sub in subclasses)
    else:
        links = entity_leads_to(entity, parent)
    if not links:
        of_type = "" if previous.target is None else f".of_type({entity_name(previous.target)})"
        raise exc.ArgumentError(
            f'ORM mapped entity or attribute "{step}" does not link from relationship "{previous}{of_type}".'
            + (
                f'  Did you mean to use "{previous}.of_type({entity_name(parent)})" or '
                f'"loadopt.options(selectin_polymorphic({entity.mapper.class_.__name__}, '
                f'[{entity_name(parent)}]), ...)" ?'
                if previous.target is None and parent.mapper.isa(entity.mapper)
                else ""
            )
        )


def alias_entity(alias: Any, step: Step) -> Any:
    """
    Return the entity that ``contains_eager(alias=...)`` means.

    A plain selectable (a subquery, say) is taken as an alias of the
    relationship's entity.
    """
    from_alias = inspect(alias, raiseerr=False)
    if from_alias is not None and hasattr(from_alias, "mapper"):
        return from_alias
    return inspect(aliased(step.prop.mapper.class_, alias))


def _check_load_only(attrs: Iterable[Any]) -> None:
    """Raise where something other than attributes of one entity is given."""
    parents: list[Any] = []
    for attr in attrs:
        parent = getattr(getattr(attr, "_join_attribute", attr), "parent", None)
        if parent is None:
            raise exc.ArgumentError(
                f"expected ORM mapped attribute for loader strategy argument, got {attr!r}."
            )
        parents.append(parent)
    if any(not entity_leads_to(parents[0], parent) for parent in parents[1:]):
        raise exc.ArgumentError(
            "Can't apply wildcard ('*') or load_only() loader option to multiple entities in the same "
            "option. Use separate options per entity."
        )


def as_expression(expression: Any) -> Any:
    """Return the SQL element that an attribute, an element or a value stands for."""
    while (clause := getattr(expression, "__clause_element__", None)) is not None:
        resolved = clause()
        if resolved is expression:
            break
        # a composite attribute stands for a bundle, which stands for its columns
        expression = resolved
    return expression if hasattr(expression, "__visit_name__") else literal(expression)


def _from_keys(method: Callable[..., Load], keys: tuple[Any, ...], opts: dict[str, Any]) -> Load:
    """Chain several attributes: all but the last keep their own strategy."""
    option = NOWHERE
    for key in keys[:-1]:
        option = option.defaultload(key)
    return method(option, keys[-1], **opts)


def joinedload(*keys: Any, innerjoin: bool | Literal["nested", "unnested"] | None = None) -> Load:
    """
    Load a relationship by a JOIN in the same SELECT.

    Args:
        keys: The attribute, or a chain of attributes whose last is meant.
        innerjoin: ``True`` for INNER JOIN, nested to the right of an outer one; ``"unnested"`` to fall back
            to an
            outer join there.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> print(select(User).options(joinedload(User.posts)))
    SELECT users.id, posts_1.id AS id_1, posts_1.user_id
    FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id
    """
    return _from_keys(Load.joinedload, keys, {"innerjoin": innerjoin})


def selectinload(*keys: Any, recursion_depth: int | None = None, chunksize: int | None = None) -> Load:
    """
    Load a relationship for all parents at once, by ``IN`` over their keys.

    Args:
        keys: The attribute, or a chain of attributes whose last is meant.
        recursion_depth: How many levels of a self-referential relationship; ``-1`` for all.
        chunksize: How many parent keys per SELECT (500 if not said).

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add_all([User(id=1, posts=[Post()]), User(id=2, posts=[Post()])])
    ...     session.commit()
    ...     users = session.scalars(select(User).options(selectinload(User.posts))).all()
    >>> [len(user.posts) for user in users]
    [1, 1]
    """
    return _from_keys(Load.selectinload, keys, {"recursion_depth": recursion_depth, "chunksize": chunksize})


def subqueryload(*keys: Any) -> Load:
    """Load a relationship for all parents at once, by a join to the original query."""
    return _from_keys(Load.subqueryload, keys, {})


def lazyload(*keys: Any) -> Load:
    """
    Load a relationship when it is first read.

    >>> from relvar import ForeignKey, create_engine, inspect, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, lazyload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1, posts=[Post()]))
    ...     session.commit()
    ...     user = session.scalars(select(User).options(lazyload(User.posts))).one()
    ...     "posts" in inspect(user).unloaded, len(user.posts)
    (True, 1)
    """
    return _from_keys(Load.lazyload, keys, {})


def immediateload(*keys: Any, recursion_depth: int | None = None) -> Load:
    """Load a relationship by one SELECT per parent, right away."""
    return _from_keys(Load.immediateload, keys, {"recursion_depth": recursion_depth})


def peers(*keys: Any) -> Load:
    """
    Load a relationship or column when it is first read: for all objects that came in the same result.

    >>> from relvar import ForeignKey, create_engine, event, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, peers, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add_all([User(id=1, posts=[Post()]), User(id=2, posts=[Post(), Post()])])
    ...     session.commit()
    ...     users = session.scalars(select(User).options(peers(User.posts))).all()
    ...     statements = []
    ...     event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    ...     [len(user.posts) for user in users], len(statements)
    ([1, 2], 1)
    """
    return _from_keys(Load.peers, keys, {})


def noload(*keys: Any) -> Load:
    """Leave a relationship empty."""
    return _from_keys(Load.noload, keys, {})


def raiseload(*keys: Any, sql_only: bool = False) -> Load:
    """
    Forbid loading a relationship; ``sql_only`` still allows what needs no SQL.

    >>> from relvar import ForeignKey, create_engine, select
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, raiseload, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(id=1))
    ...     session.commit()
    ...     session.scalars(select(User).options(raiseload(User.posts))).one().posts
    Traceback (most recent call last):
        ...
    relvar.exc.InvalidRequestError: 'User.posts' is not available due to lazy='raise'
    """
    return _from_keys(Load.raiseload, keys, {"sql_only": sql_only})


def defaultload(*keys: Any) -> Load:
    """
    Keep a relationship's own way of loading; say something about what lies below.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, defaultload, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship(lazy="joined")
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ...     body: Mapped[str]
    >>> print(select(User).options(defaultload(User.posts).defer(Post.body)))
    SELECT users.id, posts_1.user_id
    FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id
    """
    return _from_keys(Load.defaultload, keys, {})


def contains_eager(*keys: Any, alias: Any = None) -> Load:
    """
    Take a relationship from columns that the statement already joins.

    Args:
        keys: The attribute, or a chain of attributes, all of which are taken from the statement.
        alias: The alias that the statement joins in place of the relationship's own table.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, contains_eager, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> print(select(User).join(User.posts).options(contains_eager(User.posts)))
    SELECT posts.id, posts.user_id, users.id AS id_1
    FROM users JOIN posts ON users.id = posts.user_id
    """
    option = NOWHERE
    for key in keys[:-1]:
        option = option.contains_eager(key)
    return option.contains_eager(keys[-1], alias=alias)


def load_only(*attrs: Any, raiseload: bool = False) -> Load:
    """
    Load these columns only; the others on first read, or never with ``raiseload``.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, load_only, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User).options(load_only(User.id)))
    SELECT users.id
    FROM users
    """
    return NOWHERE.load_only(*attrs, raiseload=raiseload)


def defer(key: Any, *, raiseload: bool = False) -> Load:
    """
    Load a column on first read.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, defer, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User).options(defer(User.name)))
    SELECT users.id
    FROM users
    """
    return NOWHERE.defer(key, raiseload=raiseload)


def undefer(key: Any) -> Load:
    """
    Load a deferred column with its row.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, undefer
    >>> class Base(DeclarativeBase): ...
    >>> class Page(Base):
    ...     __tablename__ = "page"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     body: Mapped[str] = mapped_column(deferred=True)
    >>> print(select(Page).options(undefer(Page.body)))
    SELECT page.id, page.body
    FROM page
    """
    return NOWHERE.undefer(key)


def undefer_group(name: str) -> Load:
    """Load the deferred columns of a group with their row."""
    return NOWHERE.undefer_group(name)


def with_expression(key: Any, expression: Any) -> Load:
    """Give a ``query_expression()`` attribute its expression for this statement."""
    return NOWHERE.with_expression(key, expression)


def selectin_polymorphic(base_cls: Any, classes: Iterable[type[Any]]) -> Load:
    """Load the columns of these subclasses of ``base_cls`` by a further SELECT per class."""
    return Load(base_cls).selectin_polymorphic(classes)
