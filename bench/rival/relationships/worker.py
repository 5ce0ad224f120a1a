"""
Run programs with one library: ``python -m bench.rival.relationships.worker relvar URL``.

Each line of input is a program; each answer says what could be seen at each of its steps.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import warnings
from typing import Any

from bench.rival.outcome import clean
from bench.rival.relationships.mappings import source

# Characters of a message that are compared: further on it may say more.
HEAD = 50


class Runner:
    """One library, and a database for it."""

    def __init__(self, lib: str, url: str) -> None:
        self.sa, self.orm = importlib.import_module(lib), importlib.import_module(f"{lib}.orm")
        self.lib = lib
        self.sent: list[str] = []
        self.server = None
        sa = self.sa
        place = sa.make_url(url)
        self.kind = place.get_backend_name()
        if self.kind == "sqlite":
            self.engine = sa.create_engine(place, poolclass=sa.pool.StaticPool)
        else:
            self.database = f"relationships_{lib}"
            self.server = sa.create_engine(place, isolation_level="AUTOCOMMIT")
            self.engine = sa.create_engine(place.set(database=self.database), poolclass=sa.pool.NullPool)
        sa.event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        words = statement.split()
        verb = words[0]
        if verb in ("INSERT", "UPDATE", "DELETE"):
            rows = len(parameters) if isinstance(parameters, list) else 1
            self.sent += [f"{verb} {words[1] if verb == 'UPDATE' else words[2]}"] * rows

    def clear(self) -> None:
        """Leave nothing in the database."""
        if self.server is None:
            self.engine.dispose()
            return
        with self.server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {self.database}")

    def prepare(self, base: Any, enforced: bool) -> None:
        """Make a new database with the tables of a program."""
        if self.server is not None:
            self.clear()
            with self.server.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {self.database}")
        else:
            self.engine.dispose()
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA foreign_keys = {'ON' if enforced else 'OFF'}")
        base.metadata.create_all(self.engine)

    def run(self, program: dict[str, Any]) -> list[Any]:
        """Run a program; return what each step showed, and what the tables hold at the end."""
        names: dict[str, Any] = {}
        for module in (self.sa, self.orm):
            names |= (
                {name: getattr(module, name) for name in module.__all__}
                if hasattr(module, "__all__")
                else vars(module)
            )
        names["Base"] = type(
            "Base", (self.orm.DeclarativeBase,), {"metadata": self.sa.MetaData(naming_convention=NAMING)}
        )
        names["ONUPDATE"] = program["onupdate"]
        found: list[Any] = []
        text = source(program["classes"], program["links"])
        lines = [text, "configure_mappers()", *program["steps"]]
        for number, line in enumerate(lines):
            if number == 2:
                try:
                    self.prepare(names["Base"], program["enforced"])
                except Exception as error:
                    return [*found, {"create": type(error).__name__}]
                session = names["s"] = self.orm.Session(self.engine, **program["session"])
            found.append(self._step(line, names))
            if number < 2 and "error" in found[-1]:
                break
        else:
            found.append(self._step("s.commit()", names))
            session.close()
            found.append({"rows": self._rows(names["Base"])})
            found.append({"read": self._read(program, names)})
        self.orm.clear_mappers()
        return found

    def _step(self, line: str, names: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        labels = {id(value): name for name, value in names.items() if name[0] == "o" and name[1:].isdigit()}
        names["see"] = lambda value: found.__setitem__("seen", self._seen(value, labels))
        self.sent.clear()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                exec(line, names)
            except Exception as error:
                found["error"] = failure(error)
                if isinstance(error, self.sa.exc.DBAPIError | self.sa.exc.PendingRollbackError):
                    names["s"].rollback()
        if "expunge" in line or "close" in line:
            # what another step finds in the session must not depend on when garbage is collected
            gc.collect()
        said = {f"{each.category.__name__}: {clean(str(each.message))[:HEAD]}" for each in caught}
        if said:
            found["warnings"] = sorted(said)
        if self.sent:
            found["sent"] = sorted(self.sent)
        if "s" in names:
            found["states"] = {
                name: self._state(names[name]) for name in sorted(labels.values()) if names[name] is not None
            }
        return found

    def _state(self, value: Any) -> str:
        state = self.sa.inspect(value)
        for name in ("transient", "pending", "persistent", "deleted", "detached"):
            if getattr(state, name):
                leaving = name == "persistent" and value in state.session.deleted
                return f"{name} to be deleted" if leaving else name
        return "none"

    def _seen(self, value: Any, labels: dict[int, str]) -> Any:
        if value is None or isinstance(value, str | int):
            return value
        if type(value).__name__ == "History":
            return [sorted(map(str, self._seen(list(part or ()), labels))) for part in value]
        if isinstance(value, dict):
            return {
                str(key): self._seen(each, labels)
                for key, each in sorted(value.items(), key=lambda pair: str(pair[0]))
            }
        if isinstance(value, set | frozenset):
            return sorted(str(self._seen(each, labels)) for each in value)
        if hasattr(value, "__iter__"):
            return [self._seen(each, labels) for each in value]
        return labels.get(id(value)) or f"{type(value).__name__} {self.sa.inspect(value).identity}"

    def _rows(self, base: Any) -> dict[str, Any]:
        with self.engine.connect() as connection:
            return {
                table.name: sorted(
                    ([*map(str, row)] for row in connection.execute(self.sa.select(table))),
                )
                for table in base.metadata.tables.values()
            }

    def _read(self, program: dict[str, Any], names: dict[str, Any]) -> Any:
        """Read all objects and what they are related to in a new session."""
        found: dict[str, Any] = {}
        with warnings.catch_warnings(), self.orm.Session(self.engine) as session:
            warnings.simplefilter("ignore")
            try:
                for each in program["classes"]:
                    kind = names[each["name"]]
                    for one in session.scalars(self.sa.select(kind).order_by(kind.id)).unique():
                        for name in self.sa.inspect(type(one)).relationships.keys():
                            value = (
                                getattr(one, name)
                                if "write_only" not in str(getattr(type(one), name).property.lazy)
                                else None
                            )
                            found[f"{self._seen(one, {})}.{name}"] = self._seen(value, {})
            except Exception as error:
                found["error"] = failure(error)
        return found


NAMING = {"fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s"}


def failure(error: BaseException) -> str:
    """Describe an error: its class, and how its message begins unless a driver or Python wrote it."""
    name = type(error).__name__
    if type(error).__module__.partition(".")[0] in ("sqlalchemy", "relvar") and not hasattr(error, "orig"):
        return f"{name}: {clean(str(error))[:HEAD]}"
    return f"{name}: {error}"[:45] if str(error).startswith("Dependency rule") else name


def main() -> None:
    """Answer until the input ends."""
    runner = Runner(*sys.argv[1:3])
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(runner.run(json.loads(line)["program"])) + "\n")
        sys.stdout.flush()
    runner.clear()


if __name__ == "__main__":
    main()
