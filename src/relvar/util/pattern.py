"""
Regular expressions that are compiled when they are first used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relvar._kernels.own import own_dict

__all__ = ["pattern"]

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:
        """
        A `re.Pattern` that is compiled when something is first asked of it.

        Compiling one takes as long as making three classes, and most programs use few of those that
        they import: together they were a twentieth of importing the ORM.

        >>> word = pattern(r"\\w+")
        >>> word.match("ab cd").group()
        'ab'
        """

        def __init__(self, text: str, flags: int = 0) -> None:
            self._given = (text, flags)

        def __getattr__(self, name: str) -> Any:
            if name == "_given":  # of one being unpickled or copied
                raise AttributeError(name)
            value = getattr(re.compile(*self._given), name)
            # read without a call from now on
            own_dict(self)[name] = value
            return value
