"""
What relationships mean in SQL: comparing with an object, asking whether related rows exist.
"""

from __future__ import annotations

from typing import Any, NoReturn

from relvar import exc
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.boolean import and_, or_
from relvar.expr.column import literal_column
from relvar.inspection import inspect
from relvar.orm.mapping.aliased import AliasedClass
from relvar.orm.mapping.interfaces import MANYTOMANY, MANYTOONE, ONETOMANY, PropComparator
from relvar.orm.mapping.traverse import deannotated, is_column, replaced
from relvar.orm.state.flags import (
    INIT_OK,
    LOAD_AGAINST_COMMITTED,
    NO_VALUE,
    PASSIVE_NO_FETCH,
    PASSIVE_NO_RESULT,
    PASSIVE_OFF,
)
from relvar.orm.state.instance import state_str
from relvar.relation.adapt import ClauseAdapter
from relvar.util.warning import warn

__all__ = ["Comparator", "compare_with_object", "related_criterion", "value_of_parent", "with_parent"]


class Comparator(PropComparator[Any]):
    """
    The operators of a relationship.

    Args:
        of_type: A subclass or alias that stands for the related class.
        extra_criteria: Criteria added to the ON clause by ``and_()``.
    """

    __slots__ = ("_extra_criteria", "_of_type")

    _is_stable = False

    def __init__(
        self,
        prop: Any,
        parentmapper: Any,
        adapt_to_entity: Any = None,
        of_type: Any = None,
        extra_criteria: tuple[Any, ...] = (),
    ) -> None:
        PropComparator.__init__(self, prop, parentmapper, adapt_to_entity)
        self._of_type = of_type
        self._extra_criteria = extra_criteria

    __hash__: Any = object.__hash__

    def adapt_to_entity(self, adapt_to_entity: Any) -> Comparator:
        return type(self)(
            self.prop,
            self._parententity,
            adapt_to_entity=adapt_to_entity,
            of_type=self._of_type,
            extra_criteria=self._extra_criteria,
        )

    # -- what it leads to ----------------------------------------------------------------

    @property
    def entity(self) -> Any:
        """The related mapper or alias."""
        self.prop.parent._check_configure()
        return self._of_type if self._of_type is not None else self.prop.entity

    @property
    def mapper(self) -> Any:
        """The related mapper."""
        self.prop.parent._check_configure()
        return self.prop.mapper

    def of_type(self, class_: Any) -> Comparator:
        return type(self)(
            self.prop,
            self._parententity,
            self._adapt_to_entity,
            inspect(class_),
            self._extra_criteria,
        )

    def and_(self, *criteria: Any) -> Comparator:
        return type(self)(
            self.prop,
            self._parententity,
            adapt_to_entity=self._adapt_to_entity,
            of_type=self._of_type,
            extra_criteria=self._extra_criteria + criteria,
        )

    def __clause_element__(self) -> Any:
        """Return the ON clause of the relationship."""
        self.prop.parent._check_configure()
        condition = self.prop._join_condition
        joined = condition.deannotated_primaryjoin
        if condition.deannotated_secondaryjoin is not None:
            joined = and_(joined, condition.deannotated_secondaryjoin)
        if self._extra_criteria:
            joined = and_(joined, *self._extra_criteria)
        return self._from_source(joined)

    def _from_source(self, clause: Any) -> Any:
        """Express a clause over the parent's table in terms of its alias, if it is one."""
        entity = self._parententity
        return entity._adapt_element(clause) if entity.is_aliased_class else clause

    # -- comparing with an object ---------------------------------------------------------

    def in_(self, other: Any) -> NoReturn:
        raise NotImplementedError(
            "in_() not yet supported for relationships.  For a simple many-to-one, use in_() against the "
            "set of foreign key values."
        )

    def __eq__(self, other: Any) -> Any:
        prop = self._configured()
        if other is None or _is_null(other):
            if prop.direction in (ONETOMANY, MANYTOMANY):
                return ~self._exists()
            return self._compare(None)
        if prop.uselist:
            raise exc.InvalidRequestError(
                "Can't compare a collection to an object or collection; use contains() to test for "
                "membership."
            )
        return self._compare(other)

    def __ne__(self, other: Any) -> Any:
        prop = self._configured()
        if other is None or _is_null(other):
            if prop.direction is MANYTOONE:
                return ~self._compare(None)
            return self._exists()
        if prop.uselist:
            raise exc.InvalidRequestError(
                "Can't compare a collection to an object or collection; use contains() to test for "
                "membership."
            )
        return self._differs(other)

    def contains(self, other: Any, **kwargs: Any) -> Any:
        """
        Return whether an object is a member of the collection.
        """
        prop = self._configured()
        if not prop.uselist:
            raise exc.InvalidRequestError("'contains' not implemented for scalar attributes.  Use ==")
        if prop.secondary is not None:
            clause = compare_with_object(prop, other, value_is_parent=False)
            alias = ClauseAdapter(prop.secondary._anonymous_fromclause())
            made = self._from_source(replaced(clause, alias.replace))
            # NOT of a condition on rows of the secondary table would find all the other rows there
            made._negated = self._differs(other)
            return _of_mapping(made)
        return self._compare(other)

    def _configured(self) -> Any:
        self.prop.parent._check_configure()
        return self.prop

    def _compare(self, other: Any) -> Any:
        clause = compare_with_object(self.prop, other, value_is_parent=False)
        return _of_mapping(self._from_source(clause))

    def _differs(self, other: Any) -> Any:
        prop = self.prop
        if prop.direction is not MANYTOONE:
            criterion = and_(
                *(
                    x == y
                    for x, y in zip(
                        prop.mapper.primary_key, prop.mapper.primary_key_from_instance(other), strict=True
                    )
                )
            )
            return ~self._exists(criterion)
        state = _state_of(prop, other)
        parts = []
        for local, remote in prop.local_remote_pairs:
            column = self._from_source(local)
            bind = _value_bind(prop.mapper, state, remote, compared_to=local)
            parts.append(or_(column != bind, column.is_(None)))
        return _of_mapping(and_(*parts) if len(parts) > 1 else parts[0])

    # -- related rows --------------------------------------------------------------------------

    def any(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: any member meets the criterion.
        """
        if not self._configured().uselist:
            raise exc.InvalidRequestError("'any()' not implemented for scalar attributes. Use has().")
        return self._exists(criterion, **kwargs)

    def has(self, criterion: Any = None, **kwargs: Any) -> Any:
        """
        Return ``EXISTS``: the related object meets the criterion.
        """
        if self._configured().uselist:
            raise exc.InvalidRequestError("'has()' not implemented for collections. Use any().")
        return self._exists(criterion, **kwargs)

    def _exists(self, criterion: Any = None, **kwargs: Any) -> Any:
        self._configured()
        entity = self.entity
        mapper = entity.mapper
        target = entity.selectable if entity.is_aliased_class else None
        if target is None and self._shares_table(mapper):
            target = mapper.selectable._anonymous_fromclause()
        single = mapper._single_table_criterion
        if single is not None:
            if entity.is_aliased_class:
                single = ClauseAdapter(target).traverse(single)
            criterion = single if criterion is None else and_(single, criterion)
        for key, value in kwargs.items():
            matched = getattr(mapper.class_, key) == value
            criterion = matched if criterion is None else and_(criterion, matched)
        return self._exists_in(mapper, target, criterion, entity.is_aliased_class)

    def _shares_table(self, mapper: Any) -> bool:
        """Tell whether the related rows come from a table of the outer statement and need an alias."""
        if self._parententity.is_aliased_class:
            return False
        return self.prop._is_self_referential or bool(
            set(self._parententity.mapper.tables).intersection(mapper.tables)
        )

    def _exists_in(self, mapper: Any, target: Any, criterion: Any, is_alias: bool) -> Any:
        condition = self.prop._join_condition
        dest = target if target is not None else mapper.selectable
        secondary = condition.secondary
        primary, second = condition.primaryjoin, condition.secondaryjoin
        source = self._parententity if self._parententity.is_aliased_class else None
        secondary_target = secondary
        if secondary is not None and target is not None:
            secondary_target = secondary._anonymous_fromclause()

        def move(node: Any) -> Any:
            if not is_column(node):
                return None
            plain = deannotated(node)
            if secondary is not None and secondary.c.contains_column(plain):
                return (
                    secondary_target.corresponding_column(plain)
                    if secondary_target is not secondary
                    else plain
                )
            if "remote" in node._annotations and secondary is None:
                found = target.corresponding_column(plain) if target is not None else None
                return found if found is not None else plain
            if source is not None:
                moved = source.selectable.corresponding_column(plain)
                return moved if moved is not None else plain
            return plain

        joined = replaced(primary, move)
        if second is not None:

            def move_far(node: Any) -> Any:
                if not is_column(node):
                    return None
                plain = deannotated(node)
                if secondary.c.contains_column(plain):
                    return (
                        secondary_target.corresponding_column(plain)
                        if secondary_target is not secondary
                        else plain
                    )
                found = target.corresponding_column(plain) if target is not None else None
                return found if found is not None else plain

            joined = and_(joined, replaced(second, move_far))
        if criterion is not None:
            criterion = _as_element(criterion)
            if target is not None and not is_alias:
                criterion = ClauseAdapter(target).traverse(criterion)
            joined = and_(joined, criterion)
        if self._extra_criteria:
            joined = and_(joined, *self._extra_criteria)
        entity: Any = mapper
        if is_alias:
            entity = self.entity
        elif target is not None:
            entity = inspect(AliasedClass(mapper.class_, target, use_mapper_path=True))
        dest = dest._annotate({"parententity": entity, "parentmapper": mapper, "has_own_criterion": True})
        dest = dest._set_propagate_attrs({"compile_state_plugin": "orm", "plugin_subject": entity})
        froms = (dest,) if secondary is None else (dest, secondary_target)
        statement = (
            make.select(literal_column("1")).where(joined).select_from(*froms).correlate_except(*froms)
        )
        return _of_mapping(statement.exists())

    # last in the class: its name hides the decorator from here on
    @property  # type: ignore[misc]  # only comparators of programs set theirs
    def property(self) -> Any:
        """The property, with all mappers configured first."""
        self.prop.parent._check_configure()
        return self.prop


def _of_mapping(clause: Any) -> Any:
    """Return a clause whose columns are those of mapped tables in a pickle too."""
    clause._pickled_by = "orm"
    return clause


def _as_element(criterion: Any) -> Any:
    return criterion.__clause_element__() if hasattr(criterion, "__clause_element__") else criterion


def _is_null(value: Any) -> bool:
    return getattr(value, "__visit_name__", None) == "null"


def _state_of(prop: Any, obj: Any) -> Any:
    target = inspect(obj, raiseerr=False)
    if target is not None and getattr(target, "is_aliased_class", False):
        target = None
    if target is None or not getattr(target, "is_instance", False):
        raise exc.ArgumentError(
            "Mapped instance expected for relationship comparison to object.   Classes, queries and other "
            "SQL elements are not accepted in this context; for comparison with a subquery, use "
            f"{prop}.has(**criteria)."
        )
    return target


def compare_with_object(prop: Any, obj: Any, *, value_is_parent: bool, alias_secondary: bool = True) -> Any:
    """
    Return the criterion that a row belongs together with an object.

    Args:
        value_is_parent: The object is the one that has the relationship, and related rows are looked for;
            otherwise it is the related one.  None stands for "no object".
        alias_secondary: The table between both stands under a name of its own.
    """
    condition = prop._join_condition
    state = None if obj is None else _state_of(prop, obj)
    mapper = prop.parent if value_is_parent else prop.mapper
    side = "local" if value_is_parent else "remote"
    secondary = condition.secondary
    binds: dict[Any, Any] = {}

    def bind(node: Any) -> Any:
        if not is_column(node):
            return None
        plain = deannotated(node)
        if not _is_of_side(node, side, secondary, condition, value_is_parent):
            return plain
        if state is None:
            return make.Null._instance()
        if plain not in binds:
            binds[plain] = _value_bind(mapper, state, plain)
        return binds[plain]

    if secondary is None:
        clause = replaced(condition.primaryjoin, bind)
    elif value_is_parent:
        clause = and_(replaced(condition.primaryjoin, bind), replaced(condition.secondaryjoin, _plain))
        if alias_secondary:
            clause = ClauseAdapter(secondary._anonymous_fromclause()).traverse(clause)
    else:
        clause = and_(replaced(condition.primaryjoin, _plain), replaced(condition.secondaryjoin, bind))
    return _with_is_null(clause) if state is None else clause


def related_criterion(prop: Any, obj: Any) -> Any:
    """
    Return the criterion of the rows that an object is related to, as that of a lazy load.
    """
    return compare_with_object(prop, obj, value_is_parent=True, alias_secondary=False)


def value_of_parent(prop: Any, obj: Any, column: Any) -> Any:
    """
    Return a parameter that takes the value of an object's column when the statement runs.
    """
    return _value_bind(prop.parent, _state_of(prop, obj), column)


def _plain(node: Any) -> Any:
    return deannotated(node) if is_column(node) else None


def _is_of_side(node: Any, side: str, secondary: Any, condition: Any, value_is_parent: bool) -> bool:
    if secondary is None:
        if side == "local":
            return "remote" not in node._annotations and "local" in node._annotations
        return "remote" in node._annotations
    # with a table between, the object's columns are those that are not in that table
    return not secondary.c.contains_column(deannotated(node))


def _value_bind(mapper: Any, state: Any, column: Any, compared_to: Any = None) -> Any:
    """Return a bind parameter that takes an attribute's value when the statement runs."""
    prop = mapper.get_property_by_column(column)
    key = prop.key
    obj = state.obj()
    impl = state.manager.impls[key]
    # the object may be gone when the statement runs
    fixed = impl.get(state, obj, PASSIVE_NO_FETCH & ~INIT_OK)

    def known(value: Any, held: Any) -> Any:
        if value is NO_VALUE:
            why = "no value has been set for this column"
        elif value is PASSIVE_NO_RESULT:
            why = "the object is detached and the value was expired"
        else:
            return value
        name = (
            f"object {state_str(state)}" if held is not None else f"a {mapper.class_.__name__} that is gone"
        )
        raise exc.InvalidRequestError(f"Can't resolve value for column {column} on {name}; {why}")

    def current() -> Any:
        held = state.obj()
        if held is None:
            return known(fixed, None)
        passive = (PASSIVE_OFF if state.pk is not None and state._attached else PASSIVE_NO_FETCH) & ~INIT_OK
        if state.pk is not None and state.old and key in state.old:
            value = impl.get_committed_value(state, held, passive | LOAD_AGAINST_COMMITTED)
        else:
            value = impl.get(state, held, passive)
        known(value, held)
        if value is None:
            warn(
                f"Got None for value of column {column}; this is unsupported for a relationship comparison "
                "and will not currently produce an IS comparison (but may in a future release)"
            )
        return value

    name = None
    made = make.BindParameter(name, None, type_=column.type, unique=True, callable_=current)
    if compared_to is not None:
        made._orig_key = compared_to._bind_name
    return made


def _with_is_null(clause: Any) -> Any:
    """Turn comparisons with NULL into IS."""

    def change(node: Any) -> Any:
        if node.__visit_name__ != "binary":
            return None
        if _is_null(node.left) and not _is_null(node.right):
            return _is(node.right, node)
        if _is_null(node.right) and not _is_null(node.left):
            return _is(node.left, node)
        return None

    return replaced(clause, change)


def _is(column: Any, node: Any) -> Any:
    return column.is_not(None) if node.operator is op.ne else column.is_(None)


def with_parent(instance: Any, prop: Any, from_entity: Any = None) -> Any:
    """
    Return the criterion that rows belong to an object by one of its relationships.

    Args:
        prop: The relationship, as class attribute.
        from_entity: The class or alias that has the relationship, if not that of *prop*.

    >>> from relvar import ForeignKey, select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship, with_parent
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship()
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    >>> print(select(Post.id).where(with_parent(User(id=5), User.posts)))
    SELECT posts.id
    FROM posts
    WHERE :param_1 = posts.user_id
    """
    if isinstance(prop, str):
        raise exc.ArgumentError("with_parent() accepts class-bound mapped attributes, not strings")
    entity = prop._of_type if getattr(prop, "_of_type", None) is not None else None
    relation = prop.property
    relation.parent._check_configure()
    clause = compare_with_object(relation, instance, value_is_parent=True)
    target = inspect(from_entity) if from_entity is not None else entity
    if target is not None and target.is_aliased_class:
        clause = target._adapt_element(clause)
    return _of_mapping(clause)
