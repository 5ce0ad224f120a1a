"""
Let an environment variable decide whether relvar stands in for SQLAlchemy in this Python environment.

``python -m relvar.compat.pth`` writes one file of one line into ``site-packages``, which Python runs when it
starts; ``python -m relvar.compat.pth --remove`` deletes it.  From then on relvar stands in wherever
``RELVAR_AS_SQLALCHEMY`` is set to anything but 0, processes that are spawned included.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

VARIABLE = "RELVAR_AS_SQLALCHEMY"
LINE = (
    f"import os; os.environ.get({VARIABLE!r}, '0') not in ('', '0') "
    "and __import__('relvar').install_as_sqlalchemy()\n"
)


def main(arguments: list[str]) -> int:
    """
    Write or remove the file; return the exit status.
    """
    if arguments not in ([], ["--remove"]):
        print("usage: python -m relvar.compat.pth [--remove]", file=sys.stderr)
        return 2
    file = Path(sysconfig.get_path("purelib"), "relvar_as_sqlalchemy.pth")
    if arguments:
        file.unlink(missing_ok=True)
        print(f"removed {file}")
    else:
        file.write_text(LINE)
        print(f"wrote {file}: relvar stands in for SQLAlchemy where {VARIABLE}=1 is set")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
