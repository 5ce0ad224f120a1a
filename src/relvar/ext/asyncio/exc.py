"""
Errors of the asyncio face.
"""

from relvar.exc import InvalidRequestError

__all__ = [
    "AsyncBindNotFound",
    "AsyncContextAlreadyStarted",
    "AsyncContextNotStarted",
    "AsyncMethodRequired",
    "InvalidRequestError",
]


class AsyncMethodRequired(InvalidRequestError):
    """
    The call would block; another method has to be awaited.
    """


class AsyncContextNotStarted(InvalidRequestError):
    """
    The object was neither awaited nor entered by ``async with``.
    """


class AsyncContextAlreadyStarted(InvalidRequestError):
    """
    The object was started before, and can be only once.
    """


class AsyncBindNotFound(InvalidRequestError):
    """
    The session is not bound to an engine of asyncio.
    """
