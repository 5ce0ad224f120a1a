"""
Load a relationship when it is read.

Three ways, in this order:

1. options forbid it (``raise``, ``raise_on_sql``) or leave it empty (``noload``);
2. one object by its primary key: the identity map first, then the target's select by key;
3. a statement of its own, with the parent's values in place of the parent's columns.

Rule 1: an object without identity loads nothing (but ``load_on_pending``).
Rule 2: values of the parent are those committed when the reader asks for the old value.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar._kernels.attributes import EXPIRED, get_state, probe
from relvar._kernels.loader import made_context
from relvar.expr import make
from relvar.expr.bind import BindParameter
from relvar.expr.boolean import and_
from relvar.orm.exc import DetachedInstanceError
from relvar.orm.load.adapt import adapt, adapter_of
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.facts import load_facts
from relvar.orm.load.heard import RELATIONSHIP
from relvar.orm.load.identity import only_one, path_key, prepared_by_pk
from relvar.orm.load.plan import plan_select
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import new_run, note_site
from relvar.orm.load.shape import finds_by_key
from relvar.orm.load.strategies import Setting, setting_of
from relvar.orm.load.tree import EMPTY, NO_OPTIONS, OptionTree
from relvar.orm.mapping.traverse import columns_of, deannotated, is_column, replaced
from relvar.orm.state import hooks
from relvar.orm.state.flags import (
    ATTR_EMPTY,
    ATTR_WAS_SET,
    INIT_OK,
    LOAD_AGAINST_COMMITTED,
    NO_AUTOFLUSH,
    NO_RAISE,
    NO_VALUE,
    NON_PERSISTENT_OK,
    PASSIVE_NO_RESULT,
    RELATED_OBJECT_OK,
    SQL_OK,
)
from relvar.util.warning import warn

__all__ = ["LazyLoader", "lazy_statement"]


class LazyLoader:
    """
    What an attribute's ``impl.loader`` is for a relationship.

    Called with the state and how far to go; returns the object, the list of objects, or a status.
    """

    def __init__(self, prop: Any) -> None:
        self.prop = prop
        self.key: str = prop.key
        self.use_get: bool = finds_by_key(prop)
        self.default: Setting = setting_of(prop, prop.parent, EMPTY, NO_OPTIONS)
        self._foreign: list[str] | None = None
        self._clause: tuple[Any, list[Any], list[str]] | None = None

    # -- deciding ---------------------------------------------------------------

    def __call__(self, state: Any, passive: int) -> Any:
        options = state.load_options
        setting = self.default
        tree: OptionTree | None = None
        path: tuple[Any, ...] = ()
        if options is not None:
            tree, path = options
            assert tree is not None
            setting = setting_of(
                self.prop, path[-1].entity if len(path) > 1 else path[0], tree.at(path), tree
            )
        strategy = setting.strategy
        if strategy == "noload":
            return ATTR_EMPTY
        persistent = state.pk is not None
        if not persistent and not (self.prop.load_on_pending or (state.extra or {}).get("load_pending")):
            return ATTR_EMPTY
        if not passive & NON_PERSISTENT_OK and not persistent:
            return PASSIVE_NO_RESULT
        by_key = self.use_get and not setting.criteria
        if not passive & SQL_OK and not by_key:
            return PASSIVE_NO_RESULT
        if strategy == "raise" and not passive & NO_RAISE:
            self._raise("raise")
        session = hooks.session_hook[0](state)
        if session is None:
            if not persistent:
                return ATTR_EMPTY
            if passive & NO_RAISE:
                return PASSIVE_NO_RESULT
            raise DetachedInstanceError(
                f"Parent instance {state_text(state)} is not bound to a Session; "
                f"lazy load operation of attribute '{self.key}' cannot proceed"
            )
        if by_key:
            return self._get(session, state, passive, setting, tree, path)
        if strategy == "raise_on_sql" and not passive & NO_RAISE:
            self._raise("raise_on_sql")
        if (session.lazy_loading is not None or strategy == "peers") and self._is_done_otherwise(
            session, state, passive, setting, tree, path
        ):
            return ATTR_WAS_SET
        return self._select(session, state, passive, setting, tree, path)

    def _is_done_otherwise(
        self,
        session: Any,
        state: Any,
        passive: int,
        setting: Setting,
        tree: OptionTree | None,
        path: tuple[Any, ...],
    ) -> bool:
        """
        Do what the session or the strategy wants done about a statement for one object alone.

        Returns:
            Whether the attribute is loaded now.
        """
        mode = session.lazy_loading
        if setting.strategy == "peers" or (mode == "peers" and not setting.is_explicit):
            from relvar.orm.load.peers import load_related  # where it is asked for

            if load_related(self, session, state, passive, tree, path):
                return True
        elif mode == "strict" and not (
            setting.is_explicit or passive & NO_RAISE or session._reading is not None
        ):
            from relvar.orm.load.lazy_modes import refuse  # which ends in an error

            refuse(state, str(self.prop), "selectinload" if self.prop.uselist else "joinedload")
        if mode == "report":
            session.lazy_report.note(state, str(self.prop))
        return False

    def _run(self, session: Any, state: Any, tree: OptionTree | None) -> Any:
        """Return a run for the statement of one object; what it loads belongs to what its peers load."""
        outer = session._reading
        context = made_context(session)
        if outer is not None:
            context.execution_options = outer.context.execution_options
        if session.lazy_loading is not None:
            note_site(context)
        run = new_run(session, context, tree)
        if outer is not None:
            run.queue = outer.queue
        run.token = (state.extra or {}).get("identity_token")
        if run.cohorts is not None and state.peers is not None:
            run.cohorts = state.peers.under(self.key, context)
        return run

    def _raise(self, lazy: str) -> None:
        raise exc.InvalidRequestError(f"'{self.prop}' is not available due to lazy='{lazy}'")

    # -- many to one ------------------------------------------------------------

    def foreign_keys(self) -> list[str]:
        """Return the names of the parent's attributes that hold the target's primary key, in its order."""
        if self._foreign is None:
            prop = self.prop
            local_of = {remote: local for local, remote in prop.local_remote_pairs}
            names = []
            for column in prop.mapper.primary_key:
                local = local_of.get(column)
                if local is None:
                    same = prop.mapper.get_property_by_column(column).columns
                    local = next(local_of[c] for c in same if c in local_of)
                names.append(prop.parent.get_property_by_column(local).key)
            self._foreign = names
        return self._foreign

    def _get(
        self,
        session: Any,
        state: Any,
        passive: int,
        setting: Setting,
        tree: OptionTree | None,
        path: tuple[Any, ...],
    ) -> Any:
        """Return the one object that the parent's foreign key names."""
        values = self._values(state, self.foreign_keys(), passive)
        if values is ATTR_WAS_SET:
            return values
        if values is PASSIVE_NO_RESULT or values is NO_VALUE:
            return PASSIVE_NO_RESULT if values is PASSIVE_NO_RESULT else ATTR_EMPTY
        if None in values and (not self.prop.mapper.allow_partial_pks or all(v is None for v in values)):
            return None
        mapper = self.prop.mapper
        pk = values[0] if len(values) == 1 else tuple(values)
        token = (state.extra or {}).get("identity_token")
        if session.connection_callable is None:
            found = session.identity_map.get_by_pk(mapper.identity_mapper, pk, token)
        else:
            found = session._identity_lookup(mapper, pk, token, state)
        if found is not None:
            return self._checked(found, mapper, passive)
        if not passive & SQL_OK or not passive & RELATED_OBJECT_OK:
            return PASSIVE_NO_RESULT
        if setting.strategy == "raise_on_sql" and not passive & NO_RAISE:
            self._raise("raise_on_sql")
        if (session.lazy_loading is not None or setting.strategy == "peers") and self._is_done_otherwise(
            session, state, passive, setting, tree, path
        ):
            return ATTR_WAS_SET
        if tree is not None and tree.criteria:
            return self._select(session, state, passive, setting, tree, path)
        if not passive & NO_AUTOFLUSH:
            session._autoflush()
        if tree is not None:
            tree = tree.bound
        below = (*path, self.prop) if tree is not None else (self.prop.parent, self.prop)
        prepared = prepared_by_pk(mapper, tree, below, True)
        run = self._run(session, state, tree)
        objects = prepared.objects(run, values, tree, (mapper, RELATIONSHIP, below, state))
        return only_one(objects)

    def _checked(self, found: Any, mapper: Any, passive: int) -> Any:
        """Return an object of the identity map, once it is known that its row still exists."""
        if not isinstance(found, mapper.class_):
            return None
        target = get_state(found)
        if target is not None and target.flags & EXPIRED and target.expired_keys is not None:
            if not passive & SQL_OK or not passive & RELATED_OBJECT_OK:
                return found
            try:
                hooks.load_hook[0](target, target.expired_keys, passive)
            except exc.InvalidRequestError:
                return None
        return found

    # -- by statement -----------------------------------------------------------

    def clause(self) -> tuple[Any, list[Any], list[str]]:
        """
        Return the condition of the lazy load, its bind parameters, and the attributes that give their values.
        """
        if self._clause is None:
            self._clause = lazy_clause(self.prop)
        return self._clause

    def _prepared(self, tree: OptionTree | None, path: tuple[Any, ...], setting: Setting) -> Prepared:
        facts = load_facts(self.prop.parent)
        key: Any = self.prop
        if tree is not None:
            if tree.key is None:
                return self._prepare(tree, path, setting)
            key = (self.prop, tree.key, path_key(path))
        found: Prepared | None = facts.lazy.get(key)
        if found is None:
            found = facts.lazy[key] = self._prepare(tree, path, setting)
        return found

    def _prepare(self, tree: OptionTree | None, path: tuple[Any, ...], setting: Setting) -> Prepared:
        below = self._below(path)

        def plan(statement: Any, tree: OptionTree, given: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
            return plan_select(
                statement, tree=tree, binds=given, path=below, branch=setting.branch, lazy=self.prop
            )

        # taken once: a thread that comes at the same time makes a condition with parameters of its own
        condition, binds, _ = self.clause()
        followed = Followed.options(tree, plan_select)
        return Prepared(lambda: lazy_statement(self.prop, condition, setting), plan, binds, followed)

    def _below(self, path: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return where the target stands, given where the parent does."""
        return (*path, self.prop) if path else (self.prop.parent, self.prop)

    def _select(
        self,
        session: Any,
        state: Any,
        passive: int,
        setting: Setting,
        tree: OptionTree | None,
        path: tuple[Any, ...],
    ) -> Any:
        """Return what the attribute's own statement finds."""
        if not passive & NO_AUTOFLUSH:
            session._autoflush()
        values = self._values(state, self.clause()[2], passive)
        if values is PASSIVE_NO_RESULT or values is ATTR_WAS_SET:
            return values
        if values is NO_VALUE or (values and all(value is None for value in values)):
            return [] if self.prop.uselist else None
        mapper = self.prop.mapper
        if tree is not None:
            tree = tree.bound
        run = self._run(session, state, tree)
        told = (mapper, RELATIONSHIP, self._below(path), state)
        found = self._prepared(tree, path, setting).objects(run, values, tree, told)
        if self.prop.uselist:
            return found
        if len(found) > 1:
            warn(f"Multiple rows returned with uselist=False for lazily-loaded attribute '{self.prop}' ")
        return found[0] if found else None

    def _values(self, state: Any, names: list[str], passive: int) -> Any:
        """
        Return the parent's values for the statement, or a status: one is not to be had, or the relationship
        itself came along when the expired parent was loaded for them.
        """
        obj = state()
        was_expired = state.expired_keys is not None
        impls = state.manager.impls
        committed = passive & LOAD_AGAINST_COMMITTED
        values = []
        for name in names:
            impl = impls[name]
            go = passive & ~INIT_OK
            value = impl.get_committed_value(state, obj, go) if committed else impl.get(state, obj, go)
            if value is PASSIVE_NO_RESULT:
                return PASSIVE_NO_RESULT
            if value is NO_VALUE:
                if state.pk is None:
                    return NO_VALUE
                # never set before the INSERT, which made it NULL
                value = None
            values.append(value)
        if was_expired and not committed and probe(obj, self.key) is not NO_VALUE:
            return ATTR_WAS_SET
        return values


def lazy_clause(prop: Any) -> tuple[Any, list[Any], list[str]]:
    """
    Return a relationship's join condition with bind parameters in place of the parent's columns.

    Returns:
        The condition; its parameters in order; for each, the parent's attribute that has the value.
    """
    binds: dict[Any, BindParameter[Any]] = {}
    names: dict[Any, str] = {}
    annotated = any("remote" in column._annotations for column in columns_of(prop.primaryjoin))

    def replace(node: Any) -> Any:
        if not is_column(node):
            return None
        remote = "remote" in node._annotations if annotated else node in prop.remote_side
        plain = deannotated(node)
        if remote or node not in prop.local_columns:
            return plain
        bind = binds.get(plain)
        if bind is None:
            bind = binds[plain] = BindParameter(None, None, type_=node.type, unique=True)
            names[plain] = prop.parent.get_property_by_column(plain).key
        return bind

    clause = replaced(prop.primaryjoin, replace)
    if prop.secondaryjoin is not None:
        second = replaced(prop.secondaryjoin, lambda node: deannotated(node) if is_column(node) else None)
        clause = and_(clause, second)
    return clause, list(binds.values()), [names[column] for column in binds]


def lazy_statement(prop: Any, clause: Any, setting: Setting) -> Any:
    """Return the SELECT of a lazy load."""
    # of `of_type()` nothing but an alias that conditions name makes a difference here
    target = setting.target if setting.criteria and setting.target is not None else prop.entity
    adapter = adapter_of(target)
    statement = make.Select(target.entity)
    statement._label_style = make.LABEL_STYLE_NONE
    criteria = [adapt(part, adapter) for part in setting.criteria]
    statement._where_criteria = (adapt(clause, adapter), *criteria)
    if prop.secondary is not None:
        statement._from_obj = (target.selectable, prop.secondary)
    if prop.order_by:
        statement._order_by_clauses = tuple(adapt(part, adapter) for part in prop.order_by)
    return statement


def state_text(state: Any) -> str:
    """Return ``<User at 0x7f...>``, which does not touch the object's attributes."""
    obj = state()
    return f"<{state.manager.class_.__name__} at {id(obj):#x}>"
