"""
Database URLs.

``dialect[+driver]://username:password@host:port/database?key=value&...``
"""

from __future__ import annotations

import collections.abc
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from relvar import exc, util
from relvar.dialect.registry import plugins as _plugins
from relvar.dialect.registry import registry as _registry
from relvar.util.pattern import pattern
from relvar.util.secret import ConnectText, Secret, guarded, masked


class URL(
    NamedTuple(
        "URL",
        [
            ("drivername", str),
            ("username", str | None),
            ("password", Any),
            ("host", str | None),
            ("port", int | None),
            ("database", str | None),
            ("query", util.immutabledict[str, tuple[str, ...] | str]),
        ],
    )
):
    """
    The parts of a database URL; immutable.

    Made by `make_url` from text, or by `create` from parts.  ``str()`` and
    ``repr()`` do not show the password.

    Args:
        drivername: ``dialect`` or ``dialect+driver``.
        username, password, host, port, database: None where there is none.
        query: Arguments of the driver, each a text or a tuple of texts.

    >>> from relvar import make_url
    >>> url = make_url("postgresql+psycopg://scott:tiger@localhost/test")
    >>> url.set(database="other")
    postgresql+psycopg://scott:***@localhost/other
    >>> url.render_as_string(hide_password=False)
    'postgresql+psycopg://scott:tiger@localhost/test'
    """

    __slots__ = ()

    @classmethod
    def create(
        cls,
        drivername: str,
        username: str | None = None,
        password: Any = None,
        host: str | None = None,
        port: int | None = None,
        database: str | None = None,
        query: Mapping[str, Sequence[str] | str] = util.EMPTY_DICT,
    ) -> URL:
        """
        Return a URL of the given parts; nothing in them is escaped.

        Args:
            drivername: Dialect and driver: ``"postgresql+psycopg"``.
            password: Text, or an object whose ``str()`` is the password.
            query: Values are strings or sequences of strings.

        Raises:
            TypeError: a part has the wrong type.
        """
        return cls(
            _checked_str(drivername, "drivername"),
            _checked_str_or_none(username, "username"),
            Secret(password) if isinstance(password, str) else password,
            _checked_str_or_none(host, "host"),
            _checked_port(port),
            _checked_str_or_none(database, "database"),
            _checked_query(query),
        )

    def set(
        self,
        drivername: str | None = None,
        username: str | None = None,
        password: Any = None,
        host: str | None = None,
        port: int | None = None,
        database: str | None = None,
        query: Mapping[str, Sequence[str] | str] | None = None,
    ) -> URL:
        """
        Return the URL with the given parts replaced; ``None`` keeps one.
        """
        changes: dict[str, Any] = {}
        if drivername is not None:
            changes["drivername"] = drivername
        if username is not None:
            changes["username"] = username
        if password is not None:
            changes["password"] = password
        if host is not None:
            changes["host"] = host
        if port is not None:
            changes["port"] = port
        if database is not None:
            changes["database"] = database
        if query is not None:
            changes["query"] = query
        return self._replace_checked(**changes)

    def _replace_checked(self, **changes: Any) -> URL:
        values = self._asdict()
        values.update(changes)
        return type(self).create(**values)

    # ----------------------------------------------------------------- query

    def update_query_string(
        self, query_string: str, append: bool = False, keep_blank_values: bool = False
    ) -> URL:
        """
        Return the URL with the query updated from text: ``"a=1&b=2"``.

        Args:
            append: Keep the values that keys have already, before the new.
            keep_blank_values: Take ``a=`` as an empty string, not as absent.
        """
        from urllib.parse import parse_qsl  # few URLs need it

        pairs = parse_qsl(query_string, keep_blank_values=keep_blank_values)
        return self.update_query_pairs(pairs, append=append)

    def update_query_pairs(
        self, key_value_pairs: Iterable[tuple[str, str | list[str]]], append: bool = False
    ) -> URL:
        """
        Return the URL with the query updated from pairs; keys may repeat.
        """
        new: dict[str, str | list[str]] = {}
        for key, value in key_value_pairs:
            if key in new:
                new[key] = util.to_list(new[key]) + util.to_list(value)
            else:
                new[key] = list(value) if isinstance(value, (list, tuple)) else value
        return self.update_query_dict(new, append=append)

    def update_query_dict(
        self, query_parameters: Mapping[str, str | Sequence[str]], append: bool = False
    ) -> URL:
        """
        Return the URL with the query updated from a mapping.
        """
        new = _checked_query(query_parameters)
        if append:
            merged: dict[str, Any] = {}
            for key, value in new.items():
                if key in self.query:
                    merged[key] = tuple(util.to_list(self.query[key]) + util.to_list(value))
                else:
                    merged[key] = value
            for key, value in self.query.items():
                merged.setdefault(key, value)
            return self._with_query(merged)
        return self._with_query(self.query.union(new))

    def difference_update_query(self, names: Iterable[str]) -> URL:
        """
        Return the URL without the *names* in its query.
        """
        dropped = set(names)
        if not dropped & self.query.keys():
            return self
        return self._with_query({key: value for key, value in self.query.items() if key not in dropped})

    def _with_query(self, query: Mapping[str, Any]) -> URL:
        return type(self)(
            self.drivername,
            self.username,
            self.password,
            self.host,
            self.port,
            self.database,
            util.immutabledict(query),
        )

    @property
    def normalized_query(self) -> Mapping[str, Sequence[str]]:
        """
        The query with every value as a tuple.

        >>> make_url("mysql://?a=1&a=2&b=3").normalized_query
        immutabledict({'a': ('1', '2'), 'b': ('3',)})
        """
        return util.immutabledict(
            {key: value if isinstance(value, tuple) else (value,) for key, value in self.query.items()}
        )

    # ------------------------------------------------------------------ text

    def render_as_string(self, hide_password: bool = True) -> str:
        """
        Return the URL as text.

        Args:
            hide_password: Show ``***`` in place of the password, and of what in the query is as secret:
                ``sslpassword``, ``token``, ``PWD`` of ``odbc_connect``, ...
        """
        from urllib.parse import quote, quote_plus  # few URLs need it

        text = f"{self.drivername}://"
        if self.username is not None:
            text += quote(self.username, safe=" +")
            if self.password is not None:
                text += f":{'***' if hide_password else quote(str(self.password), safe=' +')}"
            text += "@"
        if self.host is not None:
            host = self.host
            if hide_password and "@" in host:
                # of a password with an "@" that was not escaped, the rest
                host = f"***@{host.rpartition('@')[2]}"
            text += f"[{host}]" if ":" in host else host
        if self.port is not None:
            text += f":{self.port}"
        if self.database is not None:
            text += f"/{quote(self.database, safe=' +/')}"
        if self.query:
            text += "?" + "&".join(
                f"{quote_plus(key)}={_shown(key, value) if hide_password else quote_plus(value)}"
                for key in sorted(self.query)
                for value in util.to_list(self.query[key])
            )
        return text

    def __str__(self) -> str:
        return self.render_as_string()

    def __repr__(self) -> str:
        return self.render_as_string()

    @util.deprecated(
        "1.4",
        "The URL.__to_string__ method is deprecated and will be removed in a future "
        "release.  Please use the URL.render_as_string method.",
    )
    def __to_string__(self, hide_password: bool = True) -> str:
        return self.render_as_string(hide_password=hide_password)

    def __copy__(self) -> URL:
        return self

    def __deepcopy__(self, memo: Any) -> URL:
        return self

    def __hash__(self) -> int:
        return hash(self.render_as_string(hide_password=False))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, URL) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    # --------------------------------------------------------------- dialect

    def get_backend_name(self) -> str:
        """
        Return the database part of the driver name: ``"postgresql"``.
        """
        return self.drivername.partition("+")[0]

    def get_driver_name(self) -> str:
        """
        Return the driver: as named, or else the dialect's default.
        """
        _, plus, driver = self.drivername.partition("+")
        if plus:
            return driver
        return cast(str, self.get_dialect().driver)

    def _get_entrypoint(self) -> Any:
        """
        Return what is registered for the driver name, a dialect class.
        """
        found = _registry.load(self.drivername.replace("+", "."))
        # older dialect packages register a module that has the class
        inner = getattr(found, "dialect", None)
        return inner if isinstance(inner, type) else found

    def get_dialect(self, _is_async: bool = False) -> Any:
        """
        Return the dialect class for this URL.

        Raises:
            NoSuchModuleError: the dialect or its driver is not known.
        """
        entrypoint = self._get_entrypoint()
        if _is_async:
            return entrypoint.get_async_dialect_cls(self)
        return entrypoint.get_dialect_cls(self)

    def translate_connect_args(self, names: list[str] | None = None, **kw: Any) -> dict[str, Any]:
        """
        Return the parts that are set, as arguments for a driver.

        Args:
            kw: Names the driver uses: ``username="user"``; ``None`` leaves
                one out.
        """
        if names is not None:
            util.warn_deprecated(
                "The `URL.translate_connect_args.name`s parameter is deprecated. Please pass the "
                "alternate names as kw arguments.",
                "1.4",
            )
            names = list(names)
        translated: dict[str, Any] = {}
        for part in ("host", "database", "username", "password", "port"):
            if names:
                name: str | None = names.pop(0)
            else:
                name = kw.get(part, part)
            value = getattr(self, part)
            if name is not None and value:
                translated[name] = Secret(value) if part == "password" else value
        return translated

    def _instantiate_plugins(self, kwargs: Mapping[str, Any]) -> tuple[URL, list[Any], dict[str, Any]]:
        """
        Make the plugins named in the query and in ``plugins=[...]``.

        Returns:
            The URL without their arguments, the plugins, and *kwargs* without
            theirs.
        """
        remaining = dict(kwargs)
        names = util.to_list(self.query.get("plugin", ()))
        names = [*names, *remaining.get("plugins", ())]
        made = [_plugins.load(name)(self, remaining) for name in names]
        url: URL = self.difference_update_query(["plugin", "plugins"])
        for plugin in made:
            changed = plugin.update_url(url)
            if changed is not None:
                url = changed
        remaining.pop("plugins", None)
        return url, made, remaining


def make_url(name_or_url: str | URL, *, keep_blank_values: bool = False) -> URL:
    """
    Return a `URL` from text; a `URL` is returned as it is.

    Args:
        keep_blank_values: Take ``?a=`` as an empty string, not as absent.

    Raises:
        ArgumentError: it is not a URL. The text is not repeated in the
            message, for it may hold a password.

    >>> from relvar import make_url
    >>> url = make_url("postgresql+psycopg://scott:tiger@localhost:5432/test?sslmode=require")
    >>> url.drivername, url.port, url.query["sslmode"]
    ('postgresql+psycopg', 5432, 'require')
    """
    if isinstance(name_or_url, str):
        # from here on no traceback shows it
        name_or_url = ConnectText(name_or_url)
        return _parse_url(name_or_url, keep_blank_values)
    if isinstance(name_or_url, URL):
        return name_or_url
    raise exc.ArgumentError(f"Expected string or URL object, got {name_or_url!r}")


_URL = pattern(
    r"""
    (?P<name>[\w+]+)://
    (?:
        (?P<username>[^:/]*)
        (?::(?P<password>[^@]*))?
    @)?
    (?:
        (?:\[(?P<ipv6host>[^/?]+)\] | (?P<ipv4host>[^/:?]+))?
        (?::(?P<port>[^/?]*))?
    )?
    (?:/(?P<database>[^?]*))?
    (?:\?(?P<query>.*))?
    """,
    re.VERBOSE,
)


def _unquoted(part: Any) -> Any:
    if part is None or "%" not in part:
        return part
    from urllib.parse import unquote  # as above

    return unquote(part)


def _parse_url(text: str, keep_blank_values: bool) -> URL:
    match = _URL.match(text)
    if match is None:
        raise exc.ArgumentError("Could not parse SQLAlchemy URL from given URL string")
    parts = match.groupdict()
    del match

    query: dict[str, Any] | None = None
    if parts["query"] is not None:
        from urllib.parse import parse_qsl  # few URLs need it

        query = {}
        for key, value in parse_qsl(parts["query"], keep_blank_values=keep_blank_values):
            if key in query:
                query[key] = [*util.to_list(query[key]), value]
            else:
                query[key] = value
        query = guarded(query)

    username, password, port = parts["username"], parts["password"], parts["port"]
    if port is not None and not port.strip().isdecimal():
        # the text is not shown: it is the rest of a password, when that has
        # a special character that was not escaped
        del parts, username, password, port
        raise ValueError(
            "The port of the URL is not a number; special characters in the password "
            "must be escaped, '@' as %40 and '/' as %2F"
        )
    return URL.create(
        parts["name"],
        _unquoted(username),
        Secret(_unquoted(password)) if password is not None else None,
        parts["ipv4host"] or parts["ipv6host"],
        int(port) if port is not None else None,
        _unquoted(parts["database"]),
        query or util.EMPTY_DICT,
    )


def _shown(key: str, value: str) -> str:
    """
    Return a value of the query as text for people.
    """
    from urllib.parse import quote_plus  # as above

    value = guarded(str(value), key)
    if isinstance(value, ConnectText):
        return quote_plus(masked(str(value)), safe="*")
    return "***" if isinstance(value, Secret) else quote_plus(value)


# -------------------------------------------------------------------- checks


def _checked_str(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string")
    return value


def _checked_str_or_none(value: Any, name: str) -> str | None:
    return None if value is None else _checked_str(value, name)


def _checked_port(port: Any) -> int | None:
    if port is None:
        return None
    try:
        return int(port)
    except TypeError:
        raise TypeError("Port argument must be an integer or None") from None
    except ValueError:
        raise ValueError(f"Port argument must be an integer or None, got {port!r}") from None


def _checked_query(query: Any) -> util.immutabledict[str, tuple[str, ...] | str]:
    if not query:
        return cast("util.immutabledict[str, tuple[str, ...] | str]", util.EMPTY_DICT)
    items = query.items() if isinstance(query, collections.abc.Mapping) else query
    checked: dict[str, tuple[str, ...] | str] = {}
    for key, value in items:
        if not isinstance(key, str):
            raise TypeError("Query dictionary keys must be strings")
        if isinstance(value, str):
            checked[key] = guarded(value, key)
        elif isinstance(value, collections.abc.Sequence) and all(isinstance(v, str) for v in value):
            checked[key] = guarded(tuple(value), key)
        else:
            raise TypeError("Query dictionary values must be strings or sequences of strings")
    return util.immutabledict(checked)
