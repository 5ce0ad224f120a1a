"""
PostgreSQL's types as its catalogs spell them, ENUM types and domains.
"""

from __future__ import annotations

import re
from typing import Any

from relvar import types as sqltypes
from relvar.dialect.answers import cache
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.named_types import DOMAIN, ENUM
from relvar.expr.text import text
from relvar.util import warn

__all__ = ["CatalogTypes"]


class CatalogTypes:
    """
    The reflection methods about types.
    """

    ischema_names: Any

    def _reflect_type(
        self,
        type_text: str,
        domains: Lazy,
        enums: Lazy,
        described: str,
        collation: dict[str, Any] | None = None,
    ) -> sqltypes.TypeEngine[Any]:
        """
        Return the type that ``format_type`` spells *type_text*.
        """
        array = re.search(r"(\[\])+$", type_text)
        plain = type_text[: array.start()] if array else type_text
        name, arguments = _split_type(plain)
        cls: Any = self.ischema_names.get(name.lower())
        made: sqltypes.TypeEngine[Any]
        if cls is not None:
            made = _make_type(cls, name.lower(), arguments, collation)
        elif name.lower().startswith("interval"):
            fields = re.match(r"interval (.+)", name.lower(), re.I)
            made = self.ischema_names["interval"](
                precision=arguments[0] if arguments else None,
                fields=None if fields is None else fields.group(1),
            )
        else:
            key = _identifiers(plain)
            if key in enums:
                enum = enums[key]
                made = ENUM(
                    *enum["labels"],
                    name=enum["name"],
                    **({} if enum["visible"] else {"schema": enum["schema"]}),
                )
            elif key in domains:
                made = self._domain_type(domains[key], domains, enums, described)
            else:
                warn(f"Did not recognize type '{plain}' of {described}")
                made = sqltypes.NULLTYPE
        if array and made is not sqltypes.NULLTYPE:
            made = ARRAY(made)
        return made

    def _domain_type(self, domain: dict[str, Any], domains: Lazy, enums: Lazy, described: str) -> DOMAIN:
        data_type = self._reflect_type(domain["type"], domains, enums, described)
        named = next((c for c in domain["constraints"] if c["name"]), None)
        return DOMAIN(
            domain["name"],
            data_type,
            collation=domain["collation"],
            collation_schema=domain["collation_schema"],
            default=domain["default"],
            constraint_name=None if named is None else named["name"],
            not_null=not domain["nullable"],
            check=None if named is None else named["check"],
            # it may have more constraints than the type can say
            create_type=False,
            **({} if domain["visible"] else {"schema": domain["schema"]}),
        )

    def _type_schema(self, schema: str | None) -> tuple[str, dict[str, Any]]:
        if schema == "*":
            return "TRUE", {}
        if schema is None:
            return "pg_catalog.pg_type_is_visible(t.oid) AND n.nspname != 'pg_catalog'", {}
        return "n.nspname = :schema", {"schema": schema}

    @cache
    def _load_enums(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        """
        Return the ENUM types with their labels.
        """
        where, parameters = self._type_schema(schema)
        query = (
            "SELECT t.typname, pg_catalog.pg_type_is_visible(t.oid), n.nspname, CAST(ARRAY(SELECT "
            "e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY "
            "e.enumsortorder) AS TEXT[]) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n "
            f"ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {where} ORDER BY n.nspname, "
            "t.typname"
        )
        return [
            {"name": name, "schema": nsp, "visible": visible, "labels": list(labels)}
            for name, visible, nsp, labels in connection.execute(text(query), parameters)
        ]

    @cache
    def _load_domains(self, connection: Any, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        """
        Return the domains with their constraints.
        """
        where, parameters = self._type_schema(schema)
        query = (
            "SELECT t.typname, pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, "
            "t.typdefault, pg_catalog.pg_type_is_visible(t.oid), n.nspname, co.collname, "
            "CASE WHEN cn.nspname != 'pg_catalog' THEN cn.nspname END, "
            "CAST(ARRAY(SELECT con.conname FROM pg_catalog.pg_constraint con WHERE con.contypid = "
            "t.oid AND con.contype = 'c' ORDER BY con.conname) AS TEXT[]), CAST(ARRAY(SELECT "
            "pg_catalog.pg_get_constraintdef(con.oid, TRUE) FROM pg_catalog.pg_constraint con "
            "WHERE con.contypid = t.oid AND con.contype = 'c' ORDER BY con.conname) AS TEXT[]) "
            "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
            "LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype LEFT JOIN "
            "pg_catalog.pg_collation co ON co.oid = t.typcollation AND t.typcollation != "
            "b.typcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE "
            f"t.typtype = 'd' AND {where} ORDER BY n.nspname, t.typname"
        )
        domains = []
        for row in connection.execute(text(query), parameters):
            name, base, not_null, default, visible, nsp, collation, collation_schema, *checks = row
            constraints = []
            for constraint, definition in zip(*checks):
                match = re.match(r"^CHECK *\((.+)\)(?: NOT VALID)?$", definition, re.S)
                constraints.append({"name": constraint, "check": match.group(1) if match else definition})
            domains.append(
                {
                    "name": name,
                    "schema": nsp,
                    "visible": visible,
                    "type": base,
                    "nullable": not not_null,
                    "default": default,
                    "constraints": constraints,
                    "collation": collation,
                    "collation_schema": collation_schema,
                }
            )
        return domains


class Lazy:
    """
    A dictionary that is asked for only if a type is not one of the well known.
    """

    def __init__(self, load: Any) -> None:
        self._load = load
        self._loaded: dict[Any, Any] | None = None

    def _values(self) -> dict[Any, Any]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def __contains__(self, key: object) -> bool:
        return key in self._values()

    def __getitem__(self, key: Any) -> Any:
        return self._values()[key]


def type_key(described: dict[str, Any]) -> tuple[str, ...]:
    """
    Return the key of a named type: as ``format_type`` names it, unquoted.
    """
    if described["visible"]:
        return (described["name"],)
    return (described["schema"], described["name"])


def _identifiers(text_: str) -> tuple[str, ...]:
    """
    Return the parts of a name that may be qualified and quoted.
    """
    parts = re.findall(r'"((?:[^"]|"")*)"|([^."]+)', text_)
    return tuple(quoted.replace('""', '"') if quoted else plain for quoted, plain in parts)


def _split_type(spelled: str) -> tuple[str, list[int]]:
    """
    Return a type's name and its numbers: ``timestamp(3) with time zone``.
    """
    match = re.search(r"\(([\d, -]+)\)", spelled)
    if match is None:
        return spelled, []
    name = (spelled[: match.start()] + spelled[match.end() :]).strip()
    return name, [int(number) for number in match.group(1).split(",")]


def _make_type(
    cls: Any, name: str, arguments: list[int], collation: dict[str, Any] | None
) -> sqltypes.TypeEngine[Any]:
    made: sqltypes.TypeEngine[Any]
    if name == "double precision":
        made = cls(precision=53)
    elif name in ("timestamp with time zone", "time with time zone"):
        made = cls(timezone=True, precision=arguments[0] if arguments else None)
    elif name in ("timestamp without time zone", "time without time zone", "timestamp", "time"):
        made = cls(timezone=False, precision=arguments[0] if arguments else None)
    elif name == "bit varying":
        made = cls(arguments[0] if arguments else None, varying=True)
    elif name == "interval":
        made = cls(precision=arguments[0] if arguments else None)
    elif collation is not None and issubclass(cls, sqltypes.String):
        made = cls(*arguments, **collation)
    else:
        made = cls(*arguments)
    return made
