"""
The attribute that holds a collection too large to load: write-only and dynamic relationships.

It is the collection attribute whose content never arrives: every change waits as *pending* in the state until
the next flush, and what is read is a *face* that asks the database.

Rule 1: reading the attribute makes a new face; nothing is stored in the object.
Rule 2: with a ``loader`` (dynamic), the members are loaded where an operation has to know them all; without
    (write-only), such an operation is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from relvar import exc
from relvar._kernels.attributes import extras
from relvar.orm.state.collection_impl import CollectionAttribute
from relvar.orm.state.flags import CALLABLES_OK, INIT_OK, PASSIVE_NO_RESULT, PASSIVE_OFF, SQL_OK
from relvar.orm.state.history import History
from relvar.orm.state.impl import member_state

__all__ = ["UnloadedCollection"]

_HELD = object()
"""
With the attribute's name, the key of loaded members among a state's pending changes: both end with the flush.
"""


class UnloadedCollection(CollectionAttribute):
    """
    A collection of mapped objects that is changed without being loaded.

    ``face``: ``(attribute, state) -> object``, what reading the attribute returns.
    ``has_table``: Whether the members stand in a table between; a row in it is written once only.
    """

    dynamic = True

    def __init__(
        self,
        class_: type[Any],
        key: str,
        *,
        face: Callable[[Any, Any], Any],
        has_table: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(class_, key, **kw)
        self.face = face
        self.has_table = has_table

    # -- reading ---------------------------------------------------------------

    def get(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> Any:
        if not passive & CALLABLES_OK:
            return PASSIVE_NO_RESULT
        return self.face(self, state)

    def _existing(self, state: Any, passive: int) -> list[Any]:
        """Return the members as of the last flush."""
        if state.pk is None:
            return []
        if self.loader is None:
            raise exc.InvalidRequestError(
                f"Attribute {self} can't load the existing state from the database for this operation; full "
                "iteration is not permitted.  If this is a delete operation, configure passive_deletes=True "
                f"on the {self} relationship in order to resolve this error."
            )
        found = self.loader(state, passive)
        if not isinstance(found, list):
            return []
        # nothing else holds what was loaded, and a flush works with states, which are weak
        extras(state).setdefault("pending", {})[_HELD, self.key] = found
        return found

    def get_history(self, state: Any, obj: Any, passive: int = PASSIVE_OFF) -> History:
        existing = self._existing(state, passive) if passive & SQL_OK and passive & INIT_OK else []
        pending = self._pending(state)
        if pending is None:
            return History([], existing, [])
        changed = {id(item) for item in (*pending.added_items, *pending.deleted_items)}
        gone = list(pending.deleted_items)
        if self.has_table and state.pk is not None:
            # what left and returned may have a row: only one that is deleted can be inserted again
            gone += pending.returned_items
        return History(
            list(pending.added_items), [item for item in existing if id(item) not in changed], gone
        )

    def added_items(self, state: Any) -> list[Any]:
        """
        Return the members that came in since the last flush.
        """
        pending = self._pending(state)
        return [] if pending is None else list(pending.added_items)

    def get_all_pending(self, state: Any, obj: Any, passive: int = 0) -> list[Any]:
        pending = self._pending(state)
        return [] if pending is None else [*pending.added_items, *pending.deleted_items]

    # -- writing -----------------------------------------------------------------

    def append(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        pending = self._pending_to_change(state)
        value = self.fire_append_event(state, obj, value, initiator)
        pending.take(value)

    def remove(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        member_state(value)
        self.fire_remove_event(state, obj, value, initiator)
        self._pending_to_change(state).remove(value)

    def pop(self, state: Any, obj: Any, value: Any, initiator: Any, passive: int = PASSIVE_OFF) -> None:
        self.remove(state, obj, value, initiator, passive)

    def set(
        self,
        state: Any,
        obj: Any,
        value: Any,
        initiator: Any = None,
        passive: int = PASSIVE_OFF,
        check_old: Any = None,
        pop: bool = False,
        _adapt: bool = True,
    ) -> None:
        if initiator is not None and initiator.parent_token is self.parent_token:
            return
        if state.pk is not None and self.loader is None:
            raise exc.InvalidRequestError(
                f'Collection "{self}" does not support implicit iteration; collection replacement '
                "operations can't be used"
            )
        wanted = list(value)
        token = self._bulk_replace_token if initiator is None else initiator
        for fn in self.listeners.bulk_replace:
            fn(state, wanted, token, keys=None)
        before = self.get_history(state, obj, PASSIVE_OFF).non_deleted()
        kept = {id(item) for item in before}
        for item in wanted:
            if id(item) not in kept:
                self.append(state, obj, item, token)
        kept = {id(item) for item in wanted}
        for item in before:
            if id(item) not in kept:
                self.remove(state, obj, item, token)

    def delete(self, state: Any, obj: Any) -> NoReturn:
        raise NotImplementedError(f"{self} is not loaded, so it can't be deleted; remove its members instead")

    def set_committed_value(self, state: Any, obj: Any, value: Iterable[Any]) -> NoReturn:
        self._refuse()

    def initialize(self, state: Any, obj: Any) -> NoReturn:
        self._refuse()

    def get_collection(
        self, state: Any, obj: Any, user_data: Any = None, passive: int = PASSIVE_OFF
    ) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise exc.InvalidRequestError(
            f"'{self}' does not support object population - eager loading cannot be applied."
        )
