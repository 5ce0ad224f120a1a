"""
Write the overloads of stubs that differ in how many things they take: `select`, RETURNING, joins, queries.

A stub says where and which:

    # overloads: returning ReturningUpdate
    ...
    # end of overloads

    python tools/derive_overloads.py            write what stands between
    python tools/derive_overloads.py --check    say which stubs are not what they should be

Rules:

1. Up to ten things selected have a type each; beyond, `select` knows the first ten of fifteen.
2. What is joined by an outer join can be None where it is selected, and so can all by a full one: up to four.
   Of several of one class the last counts: that is where an alias stands, most often.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from derive_faces import SOURCE, declaration

STUBS = (SOURCE / "relvar" / "stmt" / "typed.pyi", SOURCE / "relvar" / "orm" / "query" / "typed.pyi")
REGION = re.compile(r"^( *)# overloads: (\w+)(.*)\n(?:.*\n)*?\n?\1# end of overloads\n", re.MULTILINE)
MOST, BEYOND, JOINED = 10, 15, 4
TABLE = "table: FromClause[HasRowPos[*_Ts]]"
ROW_TYPE = "  # type: ignore[type-var]  # columns as well"
OTHER_PLACE = "  # type: ignore[overload-cannot-match]  # another place"


def types(count: int) -> str:
    """Return the variables of *count* things."""
    return ", ".join(f"_T{i}" for i in range(count))


def things(count: int) -> list[str]:
    """Return the parameters of *count* things."""
    return [f"e{i}: Selected[_T{i}]" for i in range(count)]


def overload(
    indent: str, name: str, parameters: list[str], returned: str, remark: str = "", remarked: str = ""
) -> Iterator[str]:
    """Yield the lines of one overload; where there is an indent, of a method."""
    yield f"{indent}@overload"
    is_bound = not indent or parameters[0].startswith("self")
    yield from declaration(
        f"{indent}def {name}",
        parameters if is_bound else ["self", *parameters],
        returned,
        remark,
        remarked,
    )


def select(indent: str) -> Iterator[str]:
    """Yield the overloads of `select`."""
    for count in range(1, MOST + 1):
        yield from overload(indent, "select", [*things(count), "/"], f"Select[{types(count)}]")
        if count == 1:
            yield from overload(indent, "select", [TABLE, "/"], "Select[*_Ts]", ROW_TYPE, TABLE)
    for count in range(MOST + 1, BEYOND + 1):
        more = [f"e{i}: Any" for i in range(MOST, count)]
        known = f"Select[{types(MOST)}, *tuple[Any, ...]]"
        yield from overload(indent, "select", [*things(MOST), *more, "/"], known)
    yield from overload(indent, "select", ["*entities: Any", "**__kw: Any"], "Select[*tuple[Any, ...]]")


def with_only_columns(indent: str) -> Iterator[str]:
    """Yield the overloads of ``Select.with_only_columns``."""
    option, name = "maintain_column_froms: bool = ...", "with_only_columns"
    for count in range(1, MOST + 1):
        yield from overload(indent, name, [*things(count), "/", "*", option], f"Select[{types(count)}]")
    yield from overload(indent, name, ["*entities: Any", option], "Select[*tuple[Any, ...]]")


def returning(indent: str, statement: str, *options: str) -> Iterator[str]:
    """Yield the overloads of ``returning``, which makes *statement*."""
    named = [f"{option}: bool = ..." for option in options]
    last = ["*", *named] if named else []
    for count in range(1, MOST + 1):
        parameters = [*things(count), "/", *last]
        yield from overload(indent, "returning", parameters, f"{statement}[{types(count)}]")
        if count == 1:
            rows = f"{statement}[*_Ts]"
            yield from overload(indent, "returning", [TABLE, "/", *last], rows, ROW_TYPE, TABLE)
    yield from overload(indent, "returning", ["*entities: Any", *named], f"{statement}[*tuple[Any, ...]]")


def query(indent: str, name: str, *options: str) -> Iterator[str]:
    """Yield the overloads of what makes a query."""
    yield from overload(indent, name, ["entity: type[_T]", "/"], "Query[_T]")
    yield from overload(indent, name, ["e0: TypedOperators[_T0]", "/"], "Query[Row[_T0]]")
    for count in range(2, MOST + 1):
        yield from overload(indent, name, [*things(count), "/"], f"Query[Row[{types(count)}]]")
    yield from overload(
        indent, name, ["*entities: Any", *(f"**{option}: Any" for option in options)], "Query[Any]"
    )


def join(indent: str, name: str) -> Iterator[str]:
    """Yield the overloads of a method that joins."""
    start = ["from_: JoinTarget"] if name.endswith("_from") else []
    is_always_outer = name.startswith("outer")
    outer = [] if is_always_outer else ["isouter: Literal[True]"]
    either = [] if is_always_outer else ["isouter: bool = False"]
    for count in range(1, JOINED + 1):
        parameters = [*start, "target: JoinTarget", "onclause: OnClause = None", "*", *either]
        parameters = [f"self: TypedSelect[{types(count)}]", *parameters, "full: Literal[True]"]
        optional = ", ".join(f"_T{i} | None" for i in range(count))
        yield from overload(indent, name, parameters, f"Select[{optional}]")
    for count in range(2, JOINED + 1):
        for place in reversed(range(count)):
            given = [f"_T{i}" for i in range(count)]
            given[place] = "_Entity"
            parameters = [*start, "target: Joined[_Entity]", "onclause: OnClause = None", "*", *outer]
            parameters = [f"self: TypedSelect[{', '.join(given)}]", *parameters, "full: bool = False"]
            given[place] = "_Entity | None"
            remark = "" if place == count - 1 else OTHER_PLACE
            yield from overload(indent, name, parameters, f"Select[{', '.join(given)}]", remark)
    parameters = [*start, "target: JoinTarget", "onclause: OnClause = None", "*", *either]
    yield from overload(indent, name, [*parameters, "full: bool = False"], "Self")


FAMILIES: dict[str, Callable[..., Iterator[str]]] = {
    each.__name__: each for each in (select, with_only_columns, returning, query, join)
}


def derived(text: str) -> str:
    """Return a stub with the overloads that it asks for."""

    def written(region: re.Match[str]) -> str:
        indent, family, arguments = region.groups()
        lines = [f"{indent}# overloads: {family}{arguments}", *FAMILIES[family](indent, *arguments.split())]
        if not indent:
            lines.append("")
        return "".join(f"{line}\n" for line in [*lines, f"{indent}# end of overloads"])

    return REGION.sub(written, text)


def stubs() -> Iterator[tuple[Path, str]]:
    """Yield where each stub is and what it has to say."""
    for path in STUBS:
        yield path, derived(path.read_text())


def main(arguments: list[str]) -> int:
    """Write, or check; return 1 if a stub is not what it should be."""
    wrong = 0
    for path, text in stubs():
        if "--check" not in arguments:
            path.write_text(text)
        elif path.read_text() != text:
            print(f"{path} is not what tools/derive_overloads.py makes of it: run that")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
