"""
Loggers that one engine or pool can turn on for itself.

``echo=True`` logs at INFO, ``echo="debug"`` at DEBUG, whatever the application's
logging says; without it the standard ``logging`` levels decide.  Logger names are
those applications configure already: ``sqlalchemy.engine.Engine``, ``sqlalchemy.pool...``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import logging
    from logging import Logger

_ROOT = "sqlalchemy"

# The levels of ``logging``, which is imported with the first engine or pool.
NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL = 0, 10, 20, 30, 40, 50


def _add_default_handler(logger: logging.Logger) -> None:
    import logging  # see the levels

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)


class InstanceLogger:
    """
    A logger whose level is the instance's own ``echo``.
    """

    _LEVELS: dict[Any, int] = {  # a constant
        None: NOTSET,
        False: NOTSET,
        True: INFO,
        "debug": DEBUG,
    }

    def __init__(self, echo: Any, name: str) -> None:
        import logging  # see the levels

        self.echo = echo
        self.logger: Logger = logging.getLogger(name)
        if self._LEVELS[echo] <= INFO and self._LEVELS[echo] and not logging.getLogger(_ROOT).handlers:
            _add_default_handler(logging.getLogger(_ROOT))

    def getEffectiveLevel(self) -> int:  # the name of logging.Logger
        """Give the level that counts."""
        return self._LEVELS[self.echo] or self.logger.getEffectiveLevel()

    def isEnabledFor(self, level: int) -> bool:  # as above
        """Tell whether a message of *level* would be logged."""
        return not self.logger.manager.disable >= level and level >= self.getEffectiveLevel()

    def log(self, level: int, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at *level*."""
        if self.isEnabledFor(level):
            kwargs["stacklevel"] = kwargs.get("stacklevel", 1) + 1
            self.logger._log(level, msg, args, **kwargs)

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at DEBUG."""
        self.log(DEBUG, msg, *args, **kwargs)

    def info(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at INFO."""
        self.log(INFO, msg, *args, **kwargs)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at WARNING."""
        self.log(WARNING, msg, *args, **kwargs)

    warn = warning

    def error(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at ERROR."""
        self.log(ERROR, msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at ERROR, with the traceback."""
        kwargs["exc_info"] = True
        self.log(ERROR, msg, *args, **kwargs)

    def critical(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log at CRITICAL."""
        self.log(CRITICAL, msg, *args, **kwargs)


def enabled(logger: Any, level: int) -> bool:
    """
    Tell whether *logger* would log a message of *level*, without a lock.

    ``Logger.isEnabledFor`` takes a lock of the whole process for the first
    question after ``logging`` was configured; an exception that a signal raises
    at that moment may leave it taken (before Python 3.13), and then every thread
    that logs waits for ever.  A pool asks while it lends and takes back.
    """
    known = getattr(logger, "_cache", None)
    if known is None:  # an `InstanceLogger`, or an application's own class of loggers
        return bool(logger.isEnabledFor(level))
    if logger.disabled:
        return False
    answer = known.get(level)
    if answer is None:
        answer = known[level] = _decide(logger, level)
        # whoever sets a level empties all caches afterwards: an answer older than
        # that, kept after it, is seen here
        if _decide(logger, level) is not answer:
            known.pop(level, None)
    return bool(answer)


def _decide(logger: logging.Logger, level: int) -> bool:
    return logger.manager.disable < level and level >= logger.getEffectiveLevel()


def say(logger: Any, level: int, message: str, *args: Any, **kwargs: Any) -> None:
    """
    Log *message* of *level* if that is on; takes no lock of ``logging`` if it is not.

    Args:
        args: What the message's ``%`` fields stand for.
        kwargs: Options of ``Logger.log``, as ``exc_info``.
    """
    if enabled(logger, level):
        logger.log(level, message, *args, stacklevel=kwargs.pop("stacklevel", 1) + 1, **kwargs)


class ClassLogger:
    """
    The standard logger of a class, as an attribute of it; ``logging`` is imported when it is asked for.

    Args:
        name: Its name below the root.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: Any = None) -> logging.Logger:
        import logging  # see the levels

        return logging.getLogger(f"{_ROOT}.{self.name}")


def logs_info(area: str) -> bool:
    """
    Tell whether ``logging`` is set up to show what *area* says at INFO; never imports it.
    """
    logging = sys.modules.get("logging")
    return logging is not None and enabled(logging.getLogger(f"{_ROOT}.{area}"), INFO)


def instance_logger(area: str, cls_name: str, logging_name: str | None, echo: Any) -> Any:
    """
    Make the logger of one object.

    Args:
        area: ``engine``, ``pool``, ...
        cls_name: The class, as it stands in the logger's name.
        logging_name: What the application calls the object, or None.
        echo: None or False leaves it to ``logging``; True or "debug" turns it on.
    """
    import logging  # see the levels

    name = f"{_ROOT}.{area}.{cls_name}" + (f".{logging_name}" if logging_name else "")
    if echo in (False, None):
        return logging.getLogger(name)
    return InstanceLogger(echo, name)
