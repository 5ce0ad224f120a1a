"""
What a ``do_orm_execute`` listener gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.orm.load.heard import LoadFacts
from relvar.util.immutable import immutabledict

if TYPE_CHECKING:
    from relvar.orm.session.session import Session

__all__ = ["ORMExecuteState"]

_PLAIN = LoadFacts()


class ORMExecuteState:
    """
    One call of `Session.execute` on its way through the listeners.

    A listener may change ``statement``, ``parameters`` and options, or return the
    result of `invoke_statement`, which runs the listeners that are left.
    """

    def __init__(
        self,
        session: Session,
        statement: Any,
        parameters: Any,
        execution_options: Mapping[str, Any],
        bind_arguments: dict[str, Any],
        compile_state_cls: Any,
        events_todo: Sequence[Any],
        load: Any = None,
    ) -> None:
        self.session = session
        self.statement = statement
        self.parameters = parameters
        self.local_execution_options: Mapping[str, Any] = execution_options
        self.execution_options: Mapping[str, Any] = immutabledict(
            {**getattr(statement, "_execution_options", {}), **execution_options}
        )
        self.bind_arguments = bind_arguments
        self._compile_state_cls = compile_state_cls
        self._events_todo = list(events_todo)
        self._starting_event_idx = 0
        self._load = load

    def _remaining_events(self) -> list[Any]:
        return self._events_todo[self._starting_event_idx + 1 :]

    def invoke_statement(
        self,
        statement: Any = None,
        params: Any = None,
        execution_options: Mapping[str, Any] | None = None,
        bind_arguments: Mapping[str, Any] | None = None,
    ) -> Any:
        """
        Execute the statement, or another one, through the rest of the listeners.

        Args:
            params: Merged into the parameters there are; lists are merged one
                by one.
        """
        if statement is None:
            statement = self.statement
        merged_binds = {**self.bind_arguments, **(bind_arguments or {})}
        merged_binds.pop("_sa_skip_events", None)
        parameters: Any
        if params:
            if self.is_executemany:
                if not isinstance(params, list) or len(params) != len(self.parameters):
                    raise exc.InvalidRequestError(
                        "Can't apply executemany parameters to invoke_statement(): the number "
                        "of parameter sets must match"
                    )
                parameters = [{**mine, **given} for mine, given in zip(self.parameters, params, strict=True)]
            else:
                parameters = {**(self.parameters or {}), **params}
        else:
            parameters = self.parameters
        options = {**self.local_execution_options, **(execution_options or {})}
        return self.session._execute_internal(
            statement,
            parameters,
            execution_options=options,
            bind_arguments=merged_binds,
            _parent_execute_state=self,
        )

    def update_execution_options(self, **opts: Any) -> None:
        """
        Change the options of this execution.
        """
        self.local_execution_options = immutabledict({**self.local_execution_options, **opts})
        self.execution_options = immutabledict({**self.execution_options, **opts})

    # -- what kind of statement it is ----------------------------------------

    @property
    def _judged(self) -> Any:
        """
        What says the kind of statement: for ``from_statement()`` the statement that gives the rows.
        """
        return self.statement.element if self.is_from_statement else self.statement

    @property
    def bind_mapper(self) -> Any:
        """
        The mapper that chose the bind, if any.
        """
        return self.bind_arguments.get("mapper")

    @property
    def all_mappers(self) -> Sequence[Any]:
        """
        The mappers of the entities that the statement names at the top.
        """
        if not self.is_orm_statement:
            return []
        if self.is_select:
            found: dict[Any, None] = {}
            for description in self.statement.column_descriptions:
                entity = description.get("entity")
                if entity is not None:
                    from_entity = getattr(entity, "__mapper__", None) or getattr(
                        getattr(entity, "_sa_class_manager", None), "mapper", None
                    )
                    if from_entity is None:
                        from_entity = getattr(getattr(entity, "_aliased_insp", None), "mapper", None)
                    if from_entity is not None:
                        found[from_entity] = None
            return list(found)
        mapper = self.bind_mapper
        return [mapper] if mapper is not None else []

    @property
    def is_orm_statement(self) -> bool:
        """
        True when mapped entities are involved.
        """
        return self._compile_state_cls is not None

    @property
    def is_executemany(self) -> bool:
        """
        True when the parameters are a list.
        """
        return isinstance(self.parameters, list)

    @property
    def is_select(self) -> bool:
        """
        True for a SELECT.
        """
        return bool(getattr(self._judged, "is_select", False))

    @property
    def is_from_statement(self) -> bool:
        """
        True for ``select(...).from_statement(...)``.
        """
        return bool(getattr(self.statement, "is_from_statement", False))

    @property
    def is_insert(self) -> bool:
        """
        True for an INSERT.
        """
        return bool(getattr(self._judged, "is_insert", False))

    @property
    def is_update(self) -> bool:
        """
        True for an UPDATE.
        """
        return bool(getattr(self._judged, "is_update", False))

    @property
    def is_delete(self) -> bool:
        """
        True for a DELETE.
        """
        return bool(getattr(self._judged, "is_delete", False))

    @property
    def is_column_load(self) -> bool:
        """
        True when expired or deferred columns of an object are loaded.
        """
        return self._load_facts.is_column_load

    @property
    def is_relationship_load(self) -> bool:
        """
        True when a relationship is loaded, lazily or for many parents at once.
        """
        return self._load_facts.is_relationship_load

    @property
    def lazy_loaded_from(self) -> Any:
        """
        The state whose lazy relationship is loaded, if this is such a load.
        """
        return self._load_facts.lazy_loaded_from

    @property
    def loader_strategy_path(self) -> Any:
        """
        The path from the statement's entities to what is loaded, if known.
        """
        return self._load_facts.path

    @property
    def load_options(self) -> Any:
        """
        The internal options of this load.

        Raises:
            InvalidRequestError: the statement is no ORM SELECT.
        """
        if not self.is_select:
            raise exc.InvalidRequestError(
                "This ORM execution is not against a SELECT statement so there are no load options."
            )
        return self._load_facts

    @property
    def _load_facts(self) -> LoadFacts:
        facts: LoadFacts = self.execution_options.get("_sa_orm_load_options", _PLAIN)
        return facts

    @property
    def update_delete_options(self) -> Any:
        """
        The internal options of an UPDATE or DELETE.

        Raises:
            InvalidRequestError: the statement is neither.
        """
        if not (self.is_update or self.is_delete):
            raise exc.InvalidRequestError(
                "This ORM execution is not against an UPDATE or DELETE statement so there are "
                "no update options."
            )
        return self.execution_options.get("_sa_orm_update_options", immutabledict())

    @property
    def identity_token(self) -> Any:
        """
        The identity token of this load, if any.
        """
        return self.execution_options.get("identity_token")

    @property
    def user_defined_options(self) -> Sequence[Any]:
        """
        The `UserDefinedOption` objects of the statement.
        """
        return [
            option
            for option in getattr(self.statement, "_with_options", ())
            if getattr(option, "is_user_defined", False)
        ]
