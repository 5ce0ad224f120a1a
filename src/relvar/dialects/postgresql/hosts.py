"""
Several hosts in one URL.

Two spellings, one or the other:

1. ``?host=a:5432&host=b:5433``: a parameter per host, each with its port;
2. ``?host=a,b&port=5432,5433``: a list of hosts and a list of as many ports.

Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from relvar import exc

__all__ = ["hosts_and_ports"]

_IN_BRACKETS = re.compile(r"\[([^\]]*)\](?::(\w*))?")


def hosts_and_ports(query: Mapping[str, str | Sequence[str]]) -> tuple[list[str], list[str]]:
    """
    Return the hosts and ports that the query of a URL names.

    Returns:
        As many ports as hosts, ``""`` where none is named; or no hosts and at most one port.

    Raises:
        ArgumentError: the spellings are mixed, there are more ports than hosts, or fewer, or a
            port is no number.

    >>> hosts_and_ports({"host": ("a:5432", "b")}), hosts_and_ports({"host": "a,b", "port": "1,2"})
    ((['a', 'b'], ['5432', '']), (['a', 'b'], ['1', '2']))
    """
    given = query.get("host") or ()
    named_ports = _items(query.get("port") or ())
    if named_ports and not isinstance(given, str) and len(given) > 1:
        raise exc.ArgumentError(
            "Can't mix 'multihost' formats together; use \"host=h1,h2,h3&port=p1,p2,p3\" or "
            '"host=h1:p1&host=h2:p2&host=h3:p3" separately'
        )
    if named_ports:
        hosts, ports = _items(given), named_ports
        if len(hosts) != len(ports) and (hosts or len(ports) > 1):
            raise exc.ArgumentError(
                f"number of hosts and ports don't match: {len(hosts)} in host={','.join(hosts)!r}, "
                f"{len(ports)} in port={','.join(ports)!r}"
            )
    else:
        pairs = [_with_port(item) for item in _items(given)]
        hosts, ports = [host for host, _ in pairs], [port for _, port in pairs]
    if not all(port.isdigit() or not port for port in ports):
        raise exc.ArgumentError(f"Received non-integer port arguments: {tuple(ports)}")
    return hosts, ports


def _items(value: str | Sequence[str]) -> list[str]:
    return [item for part in ([value] if isinstance(value, str) else value) for item in part.split(",")]


def _with_port(item: str) -> tuple[str, str]:
    """
    Split ``host:port``; an IPv6 address with a port stands in brackets.
    """
    bracketed = _IN_BRACKETS.fullmatch(item)
    if bracketed is not None:
        return bracketed[1], bracketed[2] or ""
    host, _, port = item.partition(":")
    return (item, "") if ":" in port else (host, port)
