"""
Statements that load, unload and move data.

Their arguments are those of the package sqlalchemy-redshift.  Values, and keys too, become part of
the text that is sent and logged: prefer roles.

>>> from relvar import column, select, table
>>> from relvar_redshift import CopyCommand, Format, UnloadFromSelect, dialect
>>> sales, role = table("sales", column("id")), "arn:aws:iam::123456789012:role/loader"
>>> print(CopyCommand(sales, "s3://bucket/sales", format=Format.parquet, iam_role_arns=role))
COPY sales FROM 's3://bucket/sales' IAM_ROLE 'arn:aws:iam::123456789012:role/loader' FORMAT AS PARQUET
>>> print(UnloadFromSelect(select(sales), "s3://bucket/old_", iam_role_arns=role).compile(dialect=dialect()))
UNLOAD ('SELECT sales.id
FROM sales') TO 's3://bucket/old_' IAM_ROLE 'arn:aws:iam::123456789012:role/loader'
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from relvar.schema import ExecutableDDLElement
from relvar_redshift.credentials import Credentials, credentials

__all__ = [
    "AlterTableAppendCommand",
    "Compression",
    "CopyCommand",
    "CreateLibraryCommand",
    "Encoding",
    "Format",
    "Option",
    "RedshiftCommand",
    "UnloadFromSelect",
]


_Member = TypeVar("_Member", bound=enum.Enum)


class Format(enum.Enum):
    """
    How the files of COPY and UNLOAD are written.
    """

    csv = "CSV"
    json = "JSON"
    avro = "AVRO"
    orc = "ORC"
    parquet = "PARQUET"
    fixed_width = "FIXEDWIDTH"


class Compression(enum.Enum):
    """
    How the files of COPY are compressed.
    """

    gzip = "GZIP"
    lzop = "LZOP"
    bzip2 = "BZIP2"
    zstd = "ZSTD"


class Encoding(enum.Enum):
    """
    How the text in the files of COPY is encoded.
    """

    utf8 = "UTF8"
    utf16 = "UTF16"
    utf16le = "UTF16LE"
    utf16be = "UTF16BE"


class Option(NamedTuple):
    """
    A word of a statement, with a value (written as a literal) or without.
    """

    word: str
    value: str | int | None = None


class RedshiftCommand(ExecutableDDLElement):
    """
    Base of statements that only Redshift has.
    """

    inherit_cache = False
    stringify_dialect = "redshift"


def _flags(given: dict[str, bool]) -> list[Option]:
    return [Option(word) for word, is_set in given.items() if is_set]


def _valued(given: dict[str, str | int | None]) -> list[Option]:
    return [Option(word, value) for word, value in given.items() if value is not None]


def _one_character(value: str | None, name: str) -> str | None:
    if value is not None and len(value) != 1:
        raise ValueError(f"{name} is one character, not {value!r}")
    return value


def _widths(fixed_width: Iterable[tuple[str, int]] | None) -> str | None:
    if fixed_width is None:
        return None
    return ",".join(f"{name}:{width:d}" for name, width in fixed_width)


def _member(kind: type[_Member], value: _Member | str | None, name: str) -> _Member | None:
    """Return the member of an enumeration that was given by itself, name or value."""
    if value is None or isinstance(value, kind):
        return value
    for member in kind:
        if str(value).lower() in (member.name, member.value.lower()):
            return member
    raise ValueError(f"{name}={value!r} is none of {', '.join(member.name for member in kind)}")


def _not_negative(value: int | None, name: str) -> int | None:
    if value is not None and (not isinstance(value, int) or value < 0):
        raise ValueError(f"{name} is a whole number from 0 on, not {value!r}")
    return value


class CopyCommand(RedshiftCommand):
    """
    ``COPY``: load a table from files.

    Args:
        to: A table, or columns of one.
        data_location: Where the files, or their manifest, are: ``s3://...``.
        format: A `Format`; delimited text if not given.
        quote: What quotes a field of CSV.
        path_file: Paths in JSON or Avro: "auto", or where the file with them is.
        fixed_width: Name and width of each column.
        dangerous_null_delimiter: Text that stands for NULL.
        comp_update, stat_update: True, False, or None to leave it out; *comp_update* may be "PRESET".

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
    """

    __visit_name__ = "redshift_copy"

    def __init__(
        self,
        to: Any,
        data_location: str,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        session_token: str | None = None,
        aws_partition: str = "aws",
        aws_account_id: str | None = None,
        iam_role_name: str | None = None,
        format: Format | str | None = None,
        quote: str | None = None,
        path_file: str = "auto",
        delimiter: str | None = None,
        fixed_width: Iterable[tuple[str, int]] | None = None,
        compression: Compression | str | None = None,
        accept_any_date: bool = False,
        accept_inv_chars: str | None = None,
        blanks_as_null: bool = False,
        date_format: str | None = None,
        empty_as_null: bool = False,
        encoding: Encoding | str | None = None,
        escape: bool = False,
        explicit_ids: bool = False,
        fill_record: bool = False,
        ignore_blank_lines: bool = False,
        ignore_header: int | None = None,
        dangerous_null_delimiter: str | None = None,
        remove_quotes: bool = False,
        roundec: bool = False,
        time_format: str | None = None,
        trim_blanks: bool = False,
        truncate_columns: bool = False,
        comp_rows: int | None = None,
        comp_update: bool | str | None = None,
        max_error: int | None = None,
        no_load: bool = False,
        stat_update: bool | None = None,
        manifest: bool = False,
        region: str | None = None,
        iam_role_arns: str | Sequence[str] | None = None,
    ) -> None:
        self.table, self.columns = _target(to)
        self.data_location = data_location
        self.credentials: Credentials = credentials(
            access_key_id,
            secret_access_key,
            session_token,
            aws_partition,
            aws_account_id,
            iam_role_name,
            iam_role_arns,
        )
        of_format = _member(Format, format, "format")
        packed = _member(Compression, compression, "compression")
        encoded = _member(Encoding, encoding, "encoding")
        if quote is not None and of_format is not Format.csv:
            raise ValueError("quote is for format=Format.csv only")
        if of_format is Format.fixed_width and fixed_width is None:
            raise ValueError("format=Format.fixed_width needs fixed_width, the name and width of each column")
        self.format: Format | None = None if of_format is Format.fixed_width else of_format
        self.path_file = path_file if of_format in (Format.json, Format.avro) else None
        self.words = [
            *_valued({"QUOTE AS": _one_character(quote, "quote")}),
            *_valued(
                {
                    "DELIMITER AS": _one_character(delimiter, "delimiter"),
                    "FIXEDWIDTH AS": _widths(fixed_width),
                }
            ),
            *_flags({packed.value: True} if packed else {}),
            *_flags({"MANIFEST": manifest, "ACCEPTANYDATE": accept_any_date}),
            *_valued({"ACCEPTINVCHARS AS": _one_character(accept_inv_chars, "accept_inv_chars")}),
            *_flags({"BLANKSASNULL": blanks_as_null}),
            *_valued({"DATEFORMAT AS": date_format}),
            *_flags({"EMPTYASNULL": empty_as_null}),
            *_flags({f"ENCODING AS {encoded.value}": True} if encoded else {}),
            *_flags({"ESCAPE": escape, "EXPLICIT_IDS": explicit_ids, "FILLRECORD": fill_record}),
            *_flags({"IGNOREBLANKLINES": ignore_blank_lines}),
            *_valued({"IGNOREHEADER AS": _not_negative(ignore_header, "ignore_header")}),
            *_valued({"NULL AS": dangerous_null_delimiter}),
            *_flags({"REMOVEQUOTES": remove_quotes, "ROUNDEC": roundec}),
            *_valued({"TIMEFORMAT AS": time_format}),
            *_flags({"TRIMBLANKS": trim_blanks, "TRUNCATECOLUMNS": truncate_columns}),
            *_valued({"COMPROWS": _not_negative(comp_rows, "comp_rows")}),
            *_switch("COMPUPDATE", comp_update),
            *_valued({"MAXERROR AS": _not_negative(max_error, "max_error")}),
            *_flags({"NOLOAD": no_load}),
            *_switch("STATUPDATE", stat_update),
            *_valued({"REGION AS": region}),
        ]


def _switch(word: str, value: bool | str | None) -> list[Option]:
    """Return a word that is followed by ON, OFF or PRESET."""
    if value is None:
        return []
    if isinstance(value, str) and value.upper() not in ("ON", "OFF", "PRESET"):
        raise ValueError(f"{word} is True, False or 'PRESET', not {value!r}")
    return [Option(f"{word} {value.upper() if isinstance(value, str) else 'ON' if value else 'OFF'}")]


def _target(to: Any) -> tuple[Any, list[Any]]:
    """Return the table of COPY, and its columns if they are given."""
    if not isinstance(to, Iterable) or hasattr(to, "c"):
        return to, []
    columns = list(to)
    tables = {id(column.table): column.table for column in columns}
    if len(tables) != 1:
        raise ValueError(f"COPY loads columns of one table, and these are of {len(tables)}")
    return next(iter(tables.values())), columns


class UnloadFromSelect(RedshiftCommand):
    """
    ``UNLOAD``: write what a query gives to files.

    Args:
        select: The query; values in it become part of its text.
        unload_location: Where the files go, the beginning of their names: ``s3://...``.
        parallel: Several files at once, which is the default of Redshift.
        max_file_size: In bytes, from 5 MB to 6.2 GB.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
    """

    __visit_name__ = "redshift_unload"

    def __init__(
        self,
        select: Any,
        unload_location: str,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        session_token: str | None = None,
        aws_partition: str = "aws",
        aws_account_id: str | None = None,
        iam_role_name: str | None = None,
        manifest: bool = False,
        delimiter: str | None = None,
        fixed_width: Iterable[tuple[str, int]] | None = None,
        encrypted: bool = False,
        gzip: bool = False,
        add_quotes: bool = False,
        null: str | None = None,
        escape: bool = False,
        allow_overwrite: bool = False,
        parallel: bool = True,
        header: bool = False,
        region: str | None = None,
        max_file_size: float | None = None,
        format: Format | str | None = None,
        iam_role_arns: str | Sequence[str] | None = None,
        partition_by: Sequence[str] = (),
    ) -> None:
        self.select = select
        self.unload_location = unload_location
        self.partition_by = tuple(partition_by)
        self.credentials: Credentials = credentials(
            access_key_id,
            secret_access_key,
            session_token,
            aws_partition,
            aws_account_id,
            iam_role_name,
            iam_role_arns,
        )
        self.format: Format | None = _member(Format, format, "format")
        if self.format not in (None, Format.csv, Format.json, Format.parquet):
            raise ValueError("UNLOAD writes CSV, JSON, Parquet, or delimited text without a format")
        if max_file_size is not None and not 5 * 2**20 <= max_file_size <= 6.2 * 2**30:
            raise ValueError(f"max_file_size is from 5 MB to 6.2 GB, in bytes, not {max_file_size}")
        size = None if max_file_size is None else f"MAXFILESIZE AS {max_file_size / 2**20:.2f} MB"
        self.words = [
            *_flags({"MANIFEST": manifest, "HEADER": header}),
            *_valued(
                {
                    "DELIMITER AS": _one_character(delimiter, "delimiter"),
                    "FIXEDWIDTH AS": _widths(fixed_width),
                }
            ),
            *_flags({"ENCRYPTED": encrypted, "GZIP": gzip, "ADDQUOTES": add_quotes}),
            *_valued({"NULL AS": null}),
            *_flags({"ESCAPE": escape, "ALLOWOVERWRITE": allow_overwrite, "PARALLEL OFF": not parallel}),
            *_flags({size: True} if size else {}),
            *_valued({"REGION AS": region}),
        ]


class AlterTableAppendCommand(RedshiftCommand):
    """
    ``ALTER TABLE ... APPEND``: move all rows of a table into another; the first is empty afterwards.

    Args:
        ignore_extra: Columns that only the source has are dropped.
        fill_target: Columns that only the target has get their default or NULL.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
    """

    __visit_name__ = "redshift_append"

    def __init__(
        self, source: Any, target: Any, ignore_extra: bool = False, fill_target: bool = False
    ) -> None:
        if ignore_extra and fill_target:
            raise ValueError("APPEND takes ignore_extra or fill_target, not both")
        self.source, self.target_table = source, target
        self.words = _flags({"IGNOREEXTRA": ignore_extra, "FILLTARGET": fill_target})


class CreateLibraryCommand(RedshiftCommand):
    """
    ``CREATE LIBRARY``: install a Python library for functions of the server.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_LIBRARY.html
    """

    __visit_name__ = "redshift_library"

    def __init__(
        self,
        library_name: str,
        location: str,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        session_token: str | None = None,
        aws_account_id: str | None = None,
        iam_role_name: str | None = None,
        replace: bool = False,
        region: str | None = None,
        iam_role_arns: str | Sequence[str] | None = None,
    ) -> None:
        self.library_name, self.location, self.replace = library_name, location, replace
        self.credentials: Credentials = credentials(
            access_key_id,
            secret_access_key,
            session_token,
            "aws",
            aws_account_id,
            iam_role_name,
            iam_role_arns,
        )
        self.words = _valued({"REGION AS": region})
