"""
The methods and attributes of a session, passed on: the face of `scoped_session`.

Type checkers read the stub beside this, which ``tools/derive_faces.py`` writes.
"""

from __future__ import annotations

from relvar.orm.session.session import Session
from relvar.util.proxied import Attribute, called

__all__ = ["SessionFace"]


class SessionFace:
    """
    All that the current session has, but for ``query``.
    """

    add = called(Session.add)
    add_all = called(Session.add_all)
    begin = called(Session.begin)
    begin_nested = called(Session.begin_nested)
    bulk_insert_mappings = called(Session.bulk_insert_mappings)
    bulk_save_objects = called(Session.bulk_save_objects)
    bulk_update_mappings = called(Session.bulk_update_mappings)
    close = called(Session.close)
    commit = called(Session.commit)
    connection = called(Session.connection)
    delete = called(Session.delete)
    delete_all = called(Session.delete_all)
    execute = called(Session.execute)
    expire = called(Session.expire)
    expire_all = called(Session.expire_all)
    expunge = called(Session.expunge)
    expunge_all = called(Session.expunge_all)
    flush = called(Session.flush)
    get = called(Session.get)
    get_bind = called(Session.get_bind)
    get_one = called(Session.get_one)
    invalidate = called(Session.invalidate)
    is_modified = called(Session.is_modified)
    merge = called(Session.merge)
    merge_all = called(Session.merge_all)
    refresh = called(Session.refresh)
    reset = called(Session.reset)
    rollback = called(Session.rollback)
    scalar = called(Session.scalar)
    scalars = called(Session.scalars)

    autoflush = Attribute(Session, "autoflush")
    bind = Attribute(Session, "bind")
    binds = Attribute(Session, "binds")
    deleted = Attribute(Session, "deleted")
    dirty = Attribute(Session, "dirty")
    execution_options = Attribute(Session, "execution_options")
    identity_map = Attribute(Session, "identity_map")
    info = Attribute(Session, "info")
    is_active = Attribute(Session, "is_active")
    new = Attribute(Session, "new")
    no_autoflush = Attribute(Session, "no_autoflush")

    identity_key = Session.identity_key
    object_session = Session.object_session
