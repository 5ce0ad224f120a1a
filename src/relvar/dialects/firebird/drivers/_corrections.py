"""
What firebirdsql gets wrong about values, put right in a class that derives from its connections'.

1. Floats are sent as a whole number and a power of ten in one byte: 1e-200 arrives as 1e+56, 1e200 is a
   ValueError, and others lose their last digit.  Here they are sent as the 64 bits they are.
2. Whole numbers and Decimals of more than 64 bits lose the upper ones.  They are sent as text, which the
   server reads, or refuses as too large.
3. The server's description of a statement has room for some 16 parameters, less where many columns are
   described before them; the driver then asks for more.  Release 1.5.0 (``parse_xsqlda`` in
   ``firebirdsql/xsqlvar.py``) takes only an answer that begins with 8, which is none: what begins with 5,
   ``isc_info_sql_bind``, is an AssertionError.
4. Bytes of CHAR and VARCHAR columns whose character set is OCTETS are decoded as text, if they can be; and
   of CHAR columns, ends of lines and tabs are lost like the blanks that fill them up.
5. The message of an error may have a character cut in two, which can't be decoded, and so may columns of the
   character set NONE: the rest of the answer was then taken for the next one.  Messages are decoded as far as
   that goes; for columns, the error is raised when the answer was read.
6. For asyncio, what is too long for a text and goes as a blob is a BlockingIOError, as the driver does not
   await the server while it makes one.
7. For asyncio, statements other than SELECT stay with the server until the connection ends; DDL then finds
   their tables in use.

``tests/dialects/firebird/test_drivers.py`` fails without this: ``test_numbers_arrive_as_they_are``,
``test_any_number_of_parameters``, ``test_texts_and_bytes_of_a_length``,
``test_an_error_that_can_not_be_decoded`` and ``test_the_driver_of_asyncio``.

Source: ``params_to_blr`` in ``firebirdsql/wireprotocol.py``, version 1.5.0; the codes are those of Firebird's
``src/include/firebird/impl/blr.h`` and ``inf_pub.h``.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

__all__ = ["correct", "drop_all_statements", "with_blobs"]

# isc_info_sql_bind and isc_info_sql_describe_vars, and what release 1.5.0 takes them for
_SAID, _EXPECTED = b"\x05\x07", b"\x08\x07"
_MISREADS = "1.5.0"
# Types of parameters begin behind these bytes.  Each ends with that of its NULL indicator.
_HEAD, _INDICATOR = 6, b"\x07\x00"
# bytes of a type: text and varying text have a length, whole numbers and blobs a scale; others are one code
_SIZES = {14: 3, 37: 3, 7: 2, 8: 2, 9: 2, 16: 2, 26: 2}
_DOUBLE, _BLOB = b"\x1b", b"\x09\x00"
# what 64 bits hold in any case, and the scale a byte
_MOST, _DIGITS, _SCALES = 1 << 63, 18, range(-128, 128)

# types of columns, and the character set of those that are bytes
_TEXT, _VARYING, _OCTETS = 452, 448, 1


class _Raw:
    """
    A value as it is sent, and its type.

    The driver sends what it does not know as text, the bytes that ``__repr__`` gives.
    """

    def __init__(self, type_: bytes, sent: bytes) -> None:
        self.type = type_
        self._sent = sent

    def __repr__(self) -> bytes:  # type: ignore[override]  # the driver takes bytes, and nobody prints it
        return self._sent


class _Text:
    """
    A number that goes as text.
    """

    def __init__(self, value: Any) -> None:
        self._text = str(value)

    def __repr__(self) -> str:
        return self._text


def _sent(value: Any) -> Any:
    """
    Return what the driver is given for a value.
    """
    kind = type(value)
    if kind is float:
        return _Raw(_DOUBLE, struct.pack("!d", value))
    if kind is int and not -_MOST <= value < _MOST:
        return _Text(value)
    if kind is Decimal:
        _, digits, exponent = value.as_tuple()
        if exponent not in _SCALES or len(digits) > _DIGITS:
            return _Text(value)
    return value


def _with_types(types: bytes, values: Sequence[Any]) -> bytes:
    """
    Return the types of parameters, where they are not text but what was said.
    """
    made, at = bytearray(types[:_HEAD]), _HEAD
    for value in values:
        end = at + _SIZES.get(types[at], 1)
        made += value.type if isinstance(value, _Raw) else types[at:end]
        made += _INDICATOR
        at = end + len(_INDICATOR)
    return bytes(made + types[at:])


class _Octets(bytes):
    """
    Bytes of a CHAR column.  The driver takes white space off the end, as of text.
    """

    def rstrip(self, *_: Any) -> bytes:
        """Return all of them."""
        return bytes(self)


class _Filled(str):
    """
    Text of a CHAR column, with the blanks that fill it up.
    """

    __slots__ = ()

    def rstrip(self, *_: Any) -> str:
        """Return it without these."""
        return super().rstrip(" ")


def _readable(columns: Any, decode: Callable[[bytes], str]) -> Any:
    """
    Return the driver's descriptions of columns, which say how those of text and bytes are read.
    """
    for column in columns:
        is_octets = column.sqltype in (_TEXT, _VARYING) and column.sqlsubtype & 0xFF == _OCTETS
        if column.sqltype == _TEXT:
            column.bytes_to_str = _Octets if is_octets else lambda raw: _Filled(decode(raw))
        elif column.sqltype == _VARYING:
            column.bytes_to_str = bytes if is_octets else decode
    return columns


@functools.cache
def _corrected(cls: type[Any], version: str) -> type[Any]:
    from firebirdsql.wireprotocol import INFO_SQL_BIND_DESCRIBE_VARS

    class Connection(cls):  # type: ignore[misc]  # the driver has no types
        _asked_for_parameters = _reads_error = False
        _undecoded: UnicodeDecodeError | None = None

        def bytes_to_str(self, b: Any) -> str:
            try:
                return super().bytes_to_str(b)  # type: ignore[no-any-return]  # text
            except UnicodeDecodeError:
                if not self._reads_error:
                    raise
                return bytes(b).decode("utf-8", "replace")

        def _parse_status_vector(self) -> Any:
            self._reads_error = True
            try:
                return super()._parse_status_vector()
            finally:
                self._reads_error = False

        def params_to_blr(self, trans_handle: Any, params: Sequence[Any], *args: Any) -> tuple[bytes, bytes]:
            sent = [_sent(value) for value in params]
            types, values = super().params_to_blr(trans_handle, sent, *args)
            return _with_types(types, sent), values

        def _op_info_sql(self, stmt_handle: Any, vars: bytes) -> None:
            self._asked_for_parameters = version == _MISREADS and vars.endswith(INFO_SQL_BIND_DESCRIBE_VARS)
            super()._op_info_sql(stmt_handle, vars)

        def _op_response(self) -> tuple[Any, Any, bytes]:
            handle, oid, answer = super()._op_response()
            if self._asked_for_parameters and answer.startswith(_SAID):
                answer = _EXPECTED + answer[len(_SAID) :]
            self._asked_for_parameters = False
            return handle, oid, answer

        def _decode_later(self, raw: bytes) -> str:
            try:
                return self.bytes_to_str(raw)
            except UnicodeDecodeError as error:
                self._undecoded = error
                return ""

        def _whole(self, answer: Any) -> Any:
            # now that all of it was read
            error, self._undecoded = self._undecoded, None
            if error is not None:
                raise error
            return answer

        def _op_sql_response(self, xsqlda: Any) -> Any:
            return self._whole(super()._op_sql_response(_readable(xsqlda, self._decode_later)))

        def _op_fetch_response(self, stmt_handle: Any, xsqlda: Any) -> Any:
            columns = _readable(xsqlda, self._decode_later)
            return self._whole(super()._op_fetch_response(stmt_handle, columns))

        # of the asyncio side

        async def _async_parse_status_vector(self) -> Any:
            self._reads_error = True
            try:
                return await super()._async_parse_status_vector()
            finally:
                self._reads_error = False

        async def _async_op_sql_response(self, xsqlda: Any) -> Any:
            columns = _readable(xsqlda, self._decode_later)
            return self._whole(await super()._async_op_sql_response(columns))

        async def _async_op_fetch_response(self, stmt_handle: Any, xsqlda: Any) -> Any:
            columns = _readable(xsqlda, self._decode_later)
            return self._whole(await super()._async_op_fetch_response(stmt_handle, columns))

    return Connection


def correct(connection: Any, version: str) -> None:
    """
    Have a new connection of firebirdsql send and read values as they are.

    Args:
        version: Of firebirdsql.
    """
    cls: Any = type(connection)
    connection.__class__ = _corrected(cls, version)


def drop_all_statements(cls: Any) -> None:
    """
    Have statements of the asyncio side be dropped whatever they are.

    Args:
        cls: The driver's class of them.
    """
    if hasattr(cls.drop, "__wrapped__"):
        return

    @functools.wraps(cls.drop)
    async def drop(statement: Any) -> None:
        # the driver drops those that it takes for open
        statement._is_open = True
        await drop.__wrapped__(statement)

    cls.drop = drop


async def with_blobs(cursor: Any, parameters: Any) -> Any:
    """
    Return the parameters of a statement, those that are too long for a text in blobs.

    Args:
        cursor: Of the driver's asyncio side.
    """
    from firebirdsql.consts import BLOB_SEGMENT_SIZE, MAX_CHAR_LENGTH

    if not any(isinstance(value, (str, bytes)) and len(value) * 4 > MAX_CHAR_LENGTH for value in parameters):
        return parameters
    transaction, made = cursor.transaction, []
    connection = transaction.connection
    for value in parameters:
        sent = connection.str_to_bytes(value) if isinstance(value, str) else value
        if isinstance(sent, bytes) and len(sent) > MAX_CHAR_LENGTH:
            await transaction.check_trans_handle()
            connection._op_create_blob2(transaction.trans_handle)
            handle, blob, _ = await connection._async_op_response()
            for at in range(0, len(sent), BLOB_SEGMENT_SIZE):
                connection._op_put_segment(handle, sent[at : at + BLOB_SEGMENT_SIZE])
                await connection._async_op_response()
            connection._op_close_blob(handle)
            await connection._async_op_response()
            value = _Raw(_BLOB, blob)
        made.append(value)
    return made
