"""
Strings of MySQL and MariaDB, which may have a character set of their own; bytes.
"""

from __future__ import annotations

from typing import Any

from relvar import types as sqltypes
from relvar.util.reprs import GenericRepr, repr_of

# Options of strings, with their defaults.
STRING_OPTIONS: dict[str, Any] = {
    "charset": None,
    "collation": None,
    "ascii": False,
    "binary": False,
    "unicode": False,
    "national": False,
}


class _StringType(sqltypes.String):
    """
    Base of the strings, which may be given a character set.

    Args:
        charset: ``CHARACTER SET``.
        collation: ``COLLATE``.
        ascii: ``ASCII``, short for latin1.
        binary: ``BINARY``, short for the binary collation.
        unicode: ``UNICODE``, short for ucs2.
        national: ``NATIONAL``, the server's national character set.
    """

    def __init__(
        self,
        charset: str | None = None,
        collation: str | None = None,
        ascii: bool = False,  # as documented
        binary: bool = False,
        unicode: bool = False,
        national: bool = False,
        **kw: Any,
    ) -> None:
        self.charset = charset
        kw.setdefault("collation", kw.pop("collate", collation))
        self.ascii = ascii
        self.unicode = unicode
        self.binary = binary
        self.national = national
        super().__init__(**kw)

    def repr_struct(self) -> GenericRepr:
        return repr_of(
            self,
            charset=None,
            collation=None,
            ascii=False,
            binary=False,
            unicode=False,
            national=False,
            length=None,
        )


class _Sized(_StringType):
    """
    Base of the strings whose length may be given.
    """

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        super().__init__(length=length, **kw)


class _National(_StringType):
    """
    Base of the strings in the national character set.
    """

    def __init__(self, length: int | None = None, **kw: Any) -> None:
        kw["national"] = True
        super().__init__(length=length, **kw)


class TEXT(_Sized, sqltypes.TEXT):
    """
    Text of up to 2**16 bytes.
    """

    __visit_name__ = "TEXT"


class TINYTEXT(_StringType):
    """
    Text of up to 2**8 bytes.
    """

    __visit_name__ = "TINYTEXT"


class MEDIUMTEXT(_StringType):
    """
    Text of up to 2**24 bytes.
    """

    __visit_name__ = "MEDIUMTEXT"


class LONGTEXT(_StringType):
    """
    Text of up to 2**32 bytes.
    """

    __visit_name__ = "LONGTEXT"


class VARCHAR(_Sized, sqltypes.VARCHAR):
    """
    Text of limited length.
    """

    __visit_name__ = "VARCHAR"


class CHAR(_Sized, sqltypes.CHAR):
    """
    Text of fixed length.
    """

    __visit_name__ = "CHAR"


class NVARCHAR(_National, sqltypes.NVARCHAR):
    """
    Text of limited length in the national character set.
    """

    __visit_name__ = "NVARCHAR"


class NCHAR(_National, sqltypes.NCHAR):
    """
    Text of fixed length in the national character set.
    """

    __visit_name__ = "NCHAR"


class TINYBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**8.
    """

    __visit_name__ = "TINYBLOB"


class MEDIUMBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**24.
    """

    __visit_name__ = "MEDIUMBLOB"


class LONGBLOB(sqltypes._Binary):
    """
    Bytes, up to 2**32.
    """

    __visit_name__ = "LONGBLOB"
