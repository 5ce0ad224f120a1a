"""
Turn ``select().join(...)`` along relationships into the joins of Core.

Each call of ``join()`` left an entry in ``_setup_joins``: what to join, ON
what, from where.  Any of these may be an entity, a relationship attribute, or
plain SQL.  Entries are worked off in order over a list of FROM elements:

1. the ON clause is a relationship attribute: its parent is the left side;
2. ``join_from()`` named the left side;
3. nothing says: the one FROM element (or selected entity) that the target can be joined to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import exc
from relvar._kernels.froms import joined_on
from relvar.expr import make
from relvar.expr.boolean import and_
from relvar.inspection import inspect
from relvar.orm.load.adapt import Adapter, adapt, adapter_of, columns_in, mapping_adapter
from relvar.orm.load.items import settled
from relvar.orm.load.shape import fact_of
from relvar.orm.mapping.attribute import QueryableAttribute
from relvar.orm.mapping.traverse import (
    columns_of,
    compares_columns,
    deannotated,
    is_column,
    replaced,
    with_operands,
)
from relvar.util.warning import warn_deprecated

__all__ = [
    "contains_from",
    "entity_of",
    "join_conditions",
    "join_relationship",
    "joined_entity",
    "narrowed_join",
    "order_of",
    "orm_froms",
    "subclass_criteria",
]


def entity_of(thing: Any) -> Any:
    """
    Return the mapper or alias that something stands for, or None.

    Takes mappers and aliases themselves, mapped classes, and the annotated tables that stand for them in
    statements.
    """
    if getattr(thing, "is_mapper", False) or getattr(thing, "is_aliased_class", False):
        return inspect(thing)
    annotations = getattr(thing, "_annotations", None)
    if annotations is not None:
        return annotations.get("parententity") if getattr(thing, "_is_from_clause", False) else None
    found = inspect(thing, raiseerr=False)
    if found is not None and (
        getattr(found, "is_mapper", False) or getattr(found, "is_aliased_class", False)
    ):
        return found
    return None


def is_relationship(thing: Any) -> bool:
    """Tell whether something is a relationship attribute of a class or alias."""
    prop = getattr(thing, "property", None)
    return prop is not None and hasattr(prop, "direction")


def joined_entity(right: Any) -> Any:
    """Return what a ``join()`` to this leads to; None for what is no entity."""
    target = getattr(right, "_of_type", None)
    if target is not None:
        return target
    return right.property.entity if is_relationship(right) else entity_of(right)


def contains_from(tree: Any, wanted: Any) -> bool:
    """Tell whether a FROM element is ``wanted``, or a join that has it in it."""
    if tree is wanted or tree == wanted or getattr(tree, "_annotated_element", None) is wanted:
        return True
    if tree.__visit_name__ == "join":
        return contains_from(tree.left, wanted) or contains_from(tree.right, wanted)
    return bool(tree.__visit_name__ == "grouping" and contains_from(tree.element, wanted))


def _holds_entity(tree: Any, entity: Any) -> bool:
    """Tell whether a FROM element contains the tables of an entity."""
    if contains_from(tree, entity.selectable):
        return True
    selectable = entity.selectable
    if selectable.__visit_name__ == "join":
        # joined inheritance: the whole join, or at least the table that has the entity's own columns
        return contains_from(tree, entity.mapper.local_table) if not entity.is_aliased_class else False
    return False


def orm_froms(
    statement: Any, entities: Sequence[Any], criteria: Any = None, are_plain: bool = False
) -> list[Any]:
    """
    Return the explicit FROM list of an ORM statement, joins made.

    Args:
        entities: The entities that the statement selects (or selects columns of), in order.
        criteria: ``criteria(entity) -> list`` of conditions that hold wherever the entity is joined.
        are_plain: The entities are (`SelectedEntity.is_plain`), and there are no such conditions.
    """
    froms = [_plain_from(item) for item in statement._from_obj] if statement._from_obj else []
    followed: set[Any] = set()
    for right, onclause, from_, flags in statement._setup_joins:
        if not (
            are_plain
            and onclause is None
            and from_ is None
            and _follow(froms, entities, right, flags, followed)
        ):
            _join(froms, statement, entities, right, onclause, from_, flags, criteria, followed)
    return froms


def _follow(froms: list[Any], entities: Sequence[Any], attr: Any, flags: Any, followed: set[Any]) -> bool:
    """
    Work off a call of ``join()`` along a relationship, if that takes no more than comparing two columns.

    Returns:
        Whether it was that; if not, nothing has changed.
    """
    if not isinstance(attr, QueryableAttribute) or attr._extra_criteria:
        return False
    prop, left, target = attr.comparator.prop, attr._parententity, attr._of_type
    if left not in entities or not getattr(prop, "_is_relationship", False) or prop.secondary is not None:
        return False
    if target is None:
        target = prop.entity
    step = (left, prop, target)
    if step in followed:
        return True
    sides, right = _sides_of(prop), settled(target)
    if sides is None or left is target or not right.is_plain:
        return False
    one, other = _moved(sides, settled(left).adapter, right.adapter)
    index = next((i for i, item in enumerate(froms) if _holds_entity(item, left)), None) if froms else None
    from_ = left.selectable if index is None else froms[index]
    made = joined_on(from_, target.selectable, prop.primaryjoin, one, other, flags["isouter"], flags["full"])
    if made is None:
        return False
    followed.add(step)
    if index is None:
        froms.append(made)
    else:
        froms[index] = made
    return True


def _plain_from(item: Any) -> Any:
    entity = entity_of(item)
    return item if entity is None else entity.selectable


def _join(
    froms: list[Any],
    statement: Any,
    entities: Sequence[Any],
    right: Any,
    onclause: Any,
    from_: Any,
    flags: Any,
    criteria: Any,
    followed: set[Any],
) -> None:
    """
    Work off one call of ``join()``.

    Args:
        followed: The relationships followed before: where from, which, where to.  Again it is the same join.
    """
    prop = getattr(right, "property", None)
    if prop is not None and getattr(prop, "_is_relationship", False):
        attr, target = right, right._of_type or prop.entity
        if onclause is not None:
            raise exc.InvalidRequestError(
                "No 'on clause' argument may be passed when joining to a relationship path as a target"
            )
    elif is_relationship(onclause):
        attr, prop = onclause, onclause.property
        target = entity_of(right) or right
        _check_target(attr, target)
    else:
        attr, target = None, entity_of(right) or right
    isouter, full = flags.get("isouter", False), flags.get("full", False)
    if attr is not None:
        left_entity = inspect(attr._parententity)
        if from_ is not None and entity_of(from_) is not None:
            left_entity = entity_of(from_)
            if left_entity.is_aliased_class != attr.parent.is_aliased_class or (
                left_entity is not attr.parent and not left_entity.mapper.isa(attr.parent.mapper)
            ):
                raise exc.InvalidRequestError(
                    f"explicit from clause {left_entity} does not match left side of relationship attribute "
                    f"{attr}"
                )
        for entity in entities:
            if entity.is_aliased_class and entity._use_mapper_path and entity._stands_for(left_entity):
                left_entity = entity
                break
        if not hasattr(target, "mapper"):
            warn_deprecated(
                "An alias is being generated automatically against joined entity "
                f"{attr.property.mapper} for raw clauseelement, which is deprecated and will be removed in a "
                "later release. Use the aliased() construct explicitly, see the linked example.",
                "1.4",
                code="xaj1",
            )
        step = (left_entity, prop, target)
        if step in followed and not attr._extra_criteria:
            return
        followed.add(step)
        if left_entity is target:
            raise exc.InvalidRequestError(
                f"Can't construct a join from {left_entity} to {target}, they are the same entity"
            )
        index = _left_of(froms, entities, left_entity)
        froms[index] = join_relationship(
            froms[index],
            prop,
            left_entity,
            target,
            isouter=isouter,
            full=full,
            extra=_extra(attr, target, criteria),
        )
        return
    selectable = target.selectable if hasattr(target, "mapper") else target
    if from_ is not None:
        left_entity = entity_of(from_)
        left = from_ if left_entity is None else left_entity.selectable
        index = next((i for i, item in enumerate(froms) if contains_from(item, left)), -1)
        if index < 0:
            froms.append(left)
            index = len(froms) - 1
        elif onclause is None and froms[index] is not left:
            # by the keys of the side that was named, not of what was joined to it last
            onclause = make.join_condition(left, selectable)
    else:
        index = _implicit_left(froms, statement, entities, target, onclause)
    if hasattr(target, "mapper"):
        onclause = _with_criteria(froms[index], selectable, onclause, _entity_criteria(target, criteria))
    froms[index] = make.Join(froms[index], selectable, onclause, isouter=isouter, full=full)


def _check_target(attr: Any, target: Any) -> None:
    """Raise when the target of a join is not what the relationship leads to."""
    mapper = getattr(target, "mapper", None)
    if mapper is not None and not (mapper.isa(attr.property.mapper) or attr.property.mapper.isa(mapper)):
        raise exc.InvalidRequestError(
            f"Join target {target} does not correspond to the right side of join condition {attr}"
        )


def _with_criteria(left: Any, right: Any, onclause: Any, extra: list[Any]) -> Any:
    """Return the ON clause with further conditions, finding the clause itself if none is given."""
    if not extra:
        return onclause
    if onclause is None:
        onclause = make.Join(left, right, None).onclause
    return and_(onclause, *extra)


def subclass_criteria(entity: Any) -> list[Any]:
    """Return the condition that rows of a shared table are those of an entity's class, if there is one."""
    single = getattr(entity.mapper, "_single_table_criterion", None)
    return [] if single is None else [adapt(single, adapter_of(entity))]


def _entity_criteria(target: Any, criteria: Any) -> list[Any]:
    """Return what holds wherever an entity is joined: its subclass, and what options say."""
    found = subclass_criteria(target)
    if criteria is not None:
        found.extend(criteria(target))
    return found


def _extra(attr: Any, target: Any, criteria: Any) -> list[Any]:
    """Return the conditions that ``attr.and_()`` and the target itself add to a join."""
    own = attr._extra_criteria
    if not own and criteria is None and hasattr(target, "mapper"):
        return subclass_criteria(target)
    if not hasattr(target, "mapper"):
        return list(own)
    found = _entity_criteria(target, criteria)
    if own:
        adapter = adapter_of(target)
        return [*[adapt(clause, adapter) for clause in own], *found]
    return found


def _left_of(froms: list[Any], entities: Sequence[Any], left: Any) -> int:
    """Return the index of the FROM element to join from; added if the entity is only selected so far."""
    for i, item in enumerate(froms):
        if _holds_entity(item, left):
            return i
    froms.append(_selected(entities, left))
    return len(froms) - 1


def _selected(entities: Sequence[Any], left: Any) -> Any:
    """
    Return the selectable that stands for the left side.

    A statement over a subclass may join along a relationship of its superclass; it then joins from the
    subclass.
    """
    for entity in entities:
        if entity is left:
            return left.selectable
    if not left.is_aliased_class:
        for entity in entities:
            if not entity.is_aliased_class and entity.mapper.isa(left):
                return entity.selectable
    return left.selectable


def _selected_froms(statement: Any, entities: Sequence[Any]) -> list[Any]:
    """Return what a statement without FROM elements selects from: its entities, and what else has columns."""
    found: dict[Any, None] = {entity.selectable: None for entity in entities}
    for column in statement._raw_columns:
        for item in map(_plain_from, column._from_objects):
            if not any(contains_from(known, item) for known in found):
                found[item] = None
    return list(found)


def _implicit_left(
    froms: list[Any], statement: Any, entities: Sequence[Any], target: Any, onclause: Any
) -> int:
    """
    Return the index of the FROM element that the target can be joined to.

    Raises:
        InvalidRequestError: There is none, or several.
    """
    right = target.selectable if hasattr(target, "mapper") else target
    candidates: list[Any] = list(froms)
    if not candidates:
        # what is joined to may be selected from as well; it is not its own left side
        candidates = [item for item in _selected_froms(statement, entities) if item is not right]
    named = target if hasattr(target, "mapper") else repr(getattr(target, "description", None) or target)
    advice = (
        "Please use the .select_from() method to establish an explicit left side, as well as providing "
        "an explicit "
        "ON clause if not present already to help resolve the ambiguity."
    )
    found = _joinable(candidates, right, onclause)
    if len(found) > 1:
        raise exc.InvalidRequestError(
            "Can't determine which FROM clause to join from, there are multiple FROMS which can join to "
            "this entity. " + advice
        )
    if not found:
        described = repr(target) if hasattr(target, "mapper") else named
        raise exc.InvalidRequestError(f"Don't know how to join to {described}. {advice}")
    left = candidates[found[0]]
    if found[0] < len(froms):
        return found[0]
    froms.append(left)
    return len(froms) - 1


def _joinable(candidates: list[Any], right: Any, onclause: Any) -> list[int]:
    """Return which candidates may be the left side, by the ON clause or else by foreign keys."""
    if onclause is not None:
        if len(candidates) <= 1:
            return list(range(len(candidates)))
        tables = {column.table for column in columns_in([onclause])}
        named = [
            i for i, item in enumerate(candidates) if any(contains_from(item, table) for table in tables)
        ]
        return named or [0]
    found = []
    for i, item in enumerate(candidates):
        try:
            make.Join(item, right, None)
        except exc.AmbiguousForeignKeysError:
            found.append(i)
        except exc.ArgumentError:
            continue
        else:
            found.append(i)
    return found


def join_conditions(
    prop: Any,
    left: Adapter | None,
    right: Adapter | None,
    secondary: Any,
) -> tuple[Any, Any]:
    """
    Return the ON conditions of a relationship between two places.

    Args:
        left: Moves columns of the parent to where it stands; None for its own table.
        right: The same for the target.
        secondary: The alias of the association table, or None for a relationship without one (or its own
            table).

    Returns:
        ``(primary, second)``; ``second`` is None without an association table.
    """
    if prop.secondary is not None:
        columns = {} if secondary is None else columns_between(prop, secondary)

        def place(adapter: Adapter | None, own: Any) -> Any:
            def replace(node: Any) -> Any:
                if not is_column(node):
                    return None
                # a join in between may have the table of one side, too
                if node in columns and not own.c.contains_column(deannotated(node)):
                    return columns[node]
                return node if adapter is None else adapter(node)

            return replace

        return (
            replaced(prop.primaryjoin, place(left, prop.parent.persist_selectable)),
            replaced(prop.secondaryjoin, place(right, prop.entity.persist_selectable)),
        )
    sides = _sides_of(prop)
    if sides is not None:
        # by far the most frequent condition
        return with_operands(prop.primaryjoin, *_moved(sides, left, right)), None
    remote = prop.remote_side
    annotated = fact_of(prop, "is_annotated", lambda: _is_annotated(prop.primaryjoin))

    def replace_direct(node: Any) -> Any:
        if not is_column(node):
            return None
        is_remote = "remote" in node._annotations if annotated else node in remote
        adapter = right if is_remote else left
        if not is_remote and not annotated and node.table is not None and left is None and right is not None:
            # a condition on the target's other columns: primaryjoin="and_(A.id == B.a_id, B.x > 5)"
            if not contains_from(prop.parent.selectable, node.table):
                adapter = right
        return deannotated(node) if adapter is None else adapter(node)

    return replaced(prop.primaryjoin, replace_direct), None


def _sides_of(prop: Any) -> list[tuple[Any, bool]] | None:
    """Return what `_sides` says, found once."""
    facts = prop._load_facts
    if "sides" not in facts:
        facts["sides"] = _sides(prop)
    found: list[tuple[Any, bool]] | None = facts["sides"]
    return found


def _moved(sides: list[tuple[Any, bool]], left: Adapter | None, right: Adapter | None) -> tuple[Any, Any]:
    """Return the two columns that a condition compares, each moved to where its side stands."""
    (one, one_is_remote), (other, _) = sides
    to_one, to_other = (right, left) if one_is_remote else (left, right)
    if to_one is not None:
        one = to_one(one)
    return one, other if to_other is None else to_other(other)


def _sides(prop: Any) -> list[tuple[Any, bool]] | None:
    """
    Return the two columns that a condition compares, each with whether it is the target's; None for other
    conditions.
    """
    condition, remote = prop.primaryjoin, prop.remote_side
    if not compares_columns(condition):
        return None
    columns = condition.left, condition.right
    if _is_annotated(condition):
        found = ["remote" in column._annotations for column in columns]
    else:
        found = [column in remote for column in columns]
    if sum(found) != 1:
        return None
    own = columns[found.index(False)].table
    if own is None or not contains_from(prop.parent.selectable, own):
        return None
    return [(deannotated(column), is_remote) for column, is_remote in zip(columns, found, strict=True)]


def _is_annotated(clause: Any) -> bool:
    """Tell whether the columns of a join condition say which side is remote."""
    return any("remote" in column._annotations for column in columns_of(clause))


def join_relationship(
    left: Any,
    prop: Any,
    left_entity: Any,
    target: Any,
    *,
    isouter: bool = False,
    full: bool = False,
    extra: Sequence[Any] = (),
    secondary: Any = None,
) -> Any:
    """
    Join ``left``, which holds ``left_entity``, to the target of a relationship.

    Args:
        target: An entity, or a plain selectable that has the target's columns.
        extra: Further conditions, already over the target.
        secondary: The alias of the relationship's ``secondary`` to join by way of; a new one by default.
    """
    if hasattr(target, "mapper"):
        selectable, right = target.selectable, adapter_of(target)
    else:
        selectable, right = target, selectable_adapter(target)
    if secondary is None and prop.secondary is None and not extra:
        sides = _sides_of(prop)
        if sides is not None:
            one, other = _moved(sides, adapter_of(left_entity), right)
            made = joined_on(left, selectable, prop.primaryjoin, one, other, isouter, full)
            if made is not None:
                return made
    if secondary is None:
        secondary = alias_between(prop)
    primary, second = join_conditions(prop, adapter_of(left_entity), right, secondary)
    if second is None:
        return make.Join(
            left, selectable, and_(primary, *extra) if extra else primary, isouter=isouter, full=full
        )
    if extra:
        second = and_(second, *extra)
    if isouter or full:
        inner = make.Join(secondary, selectable, second)
        return make.Join(left, inner, primary, isouter=isouter, full=full)
    return make.Join(make.Join(left, secondary, primary), selectable, second)


def alias_between(prop: Any) -> Any:
    """Return a new alias of a relationship's ``secondary``; None without one."""
    return None if prop.secondary is None else prop.secondary._anonymous_fromclause(flat=True)


def columns_between(prop: Any, alias: Any) -> dict[Any, Any]:
    """Return the columns of a relationship's ``secondary``, each with that of an alias of it."""
    # by position: the columns of a join have other keys than its tables have
    return dict(zip(prop.secondary.c, alias.c, strict=True))


def order_of(prop: Any, target: Any, secondary: Any) -> list[Any]:
    """
    Return a relationship's own order.

    Args:
        target: The entity that stands for the relationship's.
        secondary: What stands for its ``secondary``, or None where that stands for itself.
    """
    if not prop.order_by:
        return []
    adapter = adapter_of(target)
    found = [adapt(clause, adapter) for clause in prop.order_by]
    if secondary is not None:
        between = mapping_adapter(columns_between(prop, secondary))
        found = [adapt(clause, between) for clause in found]
    return found


def selectable_adapter(selectable: Any) -> Adapter:
    """Return what moves columns to those of a selectable that derive from them."""

    def replace(node: Any) -> Any:
        return selectable.corresponding_column(node) if is_column(node) else None

    return lambda expression: replaced(expression, replace)


def narrowed_join(join: Any, criteria: Sequence[Any]) -> Any:
    """
    Return a join with more conditions.
    """
    return make.Join(join.left, join.right, and_(join.onclause, *criteria), join.isouter, join.full)
