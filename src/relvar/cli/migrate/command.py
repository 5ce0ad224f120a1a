"""
``relvar migrate-imports``: rewrite files in place, or show what would be.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from relvar.cli.migrate.rewrite import Problem, Rewritten, rewrite
from relvar.cli.progress import counted

__all__ = ["migrate_imports"]


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """
    Yield files as given, and those of Python in folders, but for virtual environments and hidden folders.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for child in sorted(path.iterdir()):
            if child.is_dir():
                is_code = not child.name.startswith(".") and child.name not in ("__pycache__", "node_modules")
                if is_code and not child.is_symlink() and not (child / "pyvenv.cfg").exists():
                    yield from _files((child,))
            elif child.suffix in (".py", ".pyi"):
                yield child


def _rewritten(path: Path, content: bytes) -> Rewritten:
    try:
        return rewrite(content)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return Rewritten(
            content, [Problem(line, f"not read, as it is no Python: {getattr(error, 'msg', error)}")]
        )


def _diff(path: Path, before: bytes, after: bytes) -> bytes:
    """
    Return a unified diff that ``patch`` takes, in the bytes of the file.
    """
    name = path.as_posix().encode()
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        b"a/" + name.lstrip(b"/"),
        b"b/" + name.lstrip(b"/"),
    )
    return b"".join(
        line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines
    )


@click.command(name="migrate-imports")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", "-n", is_flag=True, help="Change nothing; print the diff.")
@click.option("--diff", "shows_diff", is_flag=True, help="Print a unified diff of what was changed.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON report instead.")
def migrate_imports(paths: tuple[Path, ...], dry_run: bool, shows_diff: bool, as_json: bool) -> int:
    """
    Turn imports of sqlalchemy into imports of relvar, in files and folders.

    Names that relvar lacks are reported with file and line; then the exit code is 1.
    """
    changed: list[str] = []
    problems: list[dict[str, object]] = []
    out = sys.stdout.buffer
    for path in counted(list(_files(paths)), "files"):
        content = path.read_bytes()
        rewritten = _rewritten(path, content)
        problems += [
            {"file": str(path), "line": problem.line, "text": problem.text} for problem in rewritten.problems
        ]
        if rewritten.content == content:
            continue
        changed.append(str(path))
        if (dry_run or shows_diff) and not as_json:
            out.write(_diff(path, content, rewritten.content))
        if not dry_run:
            path.write_bytes(rewritten.content)
    out.flush()
    if as_json:
        click.echo(json.dumps({"changed": changed, "problems": problems}, indent=2))
    else:
        for problem in problems:
            click.echo(f"{problem['file']}:{problem['line']}: {problem['text']}", err=True)
        would = "would change" if dry_run else "changed"
        click.echo(f"{would} {len(changed)} file{'' if len(changed) == 1 else 's'}", err=True)
    return 1 if problems else 0
