"""
The functions that declare relationships.
"""

from __future__ import annotations

from typing import Any

from relvar.orm.mapping.interfaces import NO_ARG, AttributeOptions
from relvar.orm.mapping.relationship import Relationship

__all__ = ["backref", "dynamic_loader", "relationship"]


def relationship(
    argument: Any = None,
    secondary: Any = None,
    *,
    uselist: bool | None = None,
    collection_class: Any = None,
    primaryjoin: Any = None,
    secondaryjoin: Any = None,
    back_populates: Any = None,
    order_by: Any = False,
    backref: Any = None,
    overlaps: str | None = None,
    post_update: bool = False,
    cascade: str = "save-update, merge",
    viewonly: bool = False,
    init: Any = NO_ARG,
    repr: Any = NO_ARG,
    default: Any = NO_ARG,
    default_factory: Any = NO_ARG,
    compare: Any = NO_ARG,
    kw_only: Any = NO_ARG,
    hash: Any = NO_ARG,
    lazy: Any = "select",
    passive_deletes: Any = False,
    passive_updates: bool = True,
    active_history: bool = False,
    enable_typechecks: bool = True,
    foreign_keys: Any = None,
    remote_side: Any = None,
    join_depth: int | None = None,
    comparator_factory: Any = None,
    single_parent: bool = False,
    innerjoin: Any = False,
    distinct_target_key: bool | None = None,
    load_on_pending: bool = False,
    query_class: Any = None,
    info: dict[Any, Any] | None = None,
    omit_join: bool | None = None,
    sync_backref: bool | None = None,
    dataclass_metadata: Any = NO_ARG,
    doc: str | None = None,
    **kw: Any,
) -> Any:
    """
    Relate a mapped class to another.

    Args:
        argument: The related class, its name, or a function that returns it; with an annotation it may be
            left out.
        secondary: The table between both, of a many-to-many relationship.
        uselist: Whether the attribute holds a collection; default: by direction, or the annotation.
        primaryjoin, secondaryjoin: How rows belong together, where foreign keys do not say.
        back_populates: The relationship on the other class that is its counterpart.
        backref: The same, made by this.
        cascade: Which operations go on to related objects.
        order_by: How a loaded collection is ordered.
        remote_side: The columns of the related rows, in a self-referential relationship.
        foreign_keys: The columns that refer to others, where several do.
        lazy: How it is loaded: ``select``, ``joined``, ``selectin``, ``subquery``, ``raise``,
            ``write_only``, ...
        viewonly: It is only read, never written.
        passive_deletes: Leave unloaded related rows to the database's ON DELETE.
        single_parent: A related object may have one parent only.

    >>> from relvar import ForeignKey
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     posts: Mapped[list["Post"]] = relationship(back_populates="user")
    >>> class Post(Base):
    ...     __tablename__ = "posts"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ...     user: Mapped["User"] = relationship(back_populates="posts")
    >>> ann = User(posts=[Post()])
    >>> ann.posts[0].user is ann
    True
    """
    return Relationship(
        argument,
        secondary,
        uselist=uselist,
        collection_class=collection_class,
        primaryjoin=primaryjoin,
        secondaryjoin=secondaryjoin,
        back_populates=back_populates,
        order_by=order_by,
        backref=backref,
        overlaps=overlaps,
        post_update=post_update,
        cascade=False if viewonly and cascade == "save-update, merge" else cascade,
        viewonly=viewonly,
        attribute_options=AttributeOptions(
            init, repr, default, default_factory, compare, kw_only, hash, dataclass_metadata
        ),
        lazy=lazy,
        passive_deletes=passive_deletes,
        passive_updates=passive_updates,
        active_history=active_history,
        enable_typechecks=enable_typechecks,
        foreign_keys=foreign_keys,
        remote_side=remote_side,
        join_depth=join_depth,
        comparator_factory=comparator_factory,
        single_parent=single_parent,
        innerjoin=innerjoin,
        distinct_target_key=distinct_target_key,
        load_on_pending=load_on_pending,
        query_class=query_class,
        info=info,
        omit_join=omit_join,
        sync_backref=sync_backref,
        doc=doc,
        **kw,
    )


def backref(name: str, **kwargs: Any) -> tuple[str, dict[str, Any]]:
    """
    Describe the relationship that ``relationship(backref=...)`` makes on the other class.

    >>> from relvar import ForeignKey
    >>> from relvar.orm import DeclarativeBase, Mapped, backref, mapped_column, relationship
    >>> class Base(DeclarativeBase): ...
    >>> class Node(Base):
    ...     __tablename__ = "node"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    ...     children = relationship("Node", backref=backref("parent", remote_side=[id]))
    >>> root = Node(children=[Node()])
    >>> root.children[0].parent is root
    True
    """
    return (name, kwargs)


def dynamic_loader(argument: Any = None, **kw: Any) -> Any:
    """
    Relate a class to another by an attribute that is read as a query: ``relationship(lazy="dynamic")``.
    """
    kw["lazy"] = "dynamic"
    return relationship(argument, **kw)
