"""
Write the module of a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relvar import Column, MetaData
from relvar.cli.models.items import ItemWriter
from relvar.cli.models.plan import Plan, PlannedClass, PlannedTable, PlannedView, Related, plan_classes
from relvar.cli.models.text import Imports, call, quoted, sql_text
from relvar.cli.models.views import View
from relvar.types import NullType

__all__ = ["render_models"]

_BUILTIN = {"int", "str", "float", "bool", "bytes", "list"}


def render_models(metadata: MetaData, dialect: Any, views: Sequence[View] = ()) -> str:
    """
    Return a module with a class for each table of *metadata*, as reflected with *dialect*.

    The same tables give the same text.

    Args:
        views: Those of the tables that are views, in an order in which they can be created.

    >>> from relvar import create_engine, text
    >>> engine = create_engine("sqlite://")
    >>> with engine.begin() as connection:
    ...     _ = connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"))
    >>> metadata = MetaData()
    >>> metadata.reflect(engine)
    >>> print(render_models(metadata, engine.dialect))
    from relvar import Text
    from relvar.orm import DeclarativeBase, Mapped, mapped_column
    <BLANKLINE>
    <BLANKLINE>
    class Base(DeclarativeBase):
        pass
    <BLANKLINE>
    <BLANKLINE>
    class User(Base):
        __tablename__ = "users"
    <BLANKLINE>
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(Text)
    <BLANKLINE>
    """
    # what is imported says which names are not to be had; names do not say what is imported
    imports = Imports()
    _Writing(plan_classes(metadata, (), views), dialect, imports).module()
    reserved = imports.names() | _BUILTIN
    return _Writing(plan_classes(metadata, reserved, views), dialect, Imports()).module()


class _Writing:
    """
    One module on its way.
    """

    def __init__(self, plan: Plan, dialect: Any, imports: Imports) -> None:
        self.plan = plan
        self.imports = imports
        self.items = ItemWriter(dialect, imports)

    def module(self) -> str:
        """
        Return the whole text.
        """
        base = f"class Base({self.imports.name('relvar.orm', 'DeclarativeBase')}):\n    pass"
        parts = [base]
        parts += [self._table(planned) for planned in self.plan.tables]
        parts += [self._class(planned) for planned in self.plan.classes]
        for view in self.plan.views:
            parts += [self._columns_of_view(view), self._view(view)]
        return "\n\n\n".join([self.imports.render(), *parts]) + "\n"

    def _column(self, column: Column[Any]) -> tuple[str, list[str]]:
        """
        Return the annotation and the arguments of a mapped column.
        """
        written = self.items.types.write(column.type, is_mapped=True)
        annotation, more = written.annotation, []
        if annotation is None:
            annotation = self.imports.name("typing", "Any")
            if not column.primary_key:
                more = [f"nullable={column.nullable}"]
        elif column.nullable and not column.primary_key:
            annotation = f"{annotation} | None"
        if column.primary_key and column.nullable and not self.items.is_rowid(column):
            more = ["nullable=True"]
        arguments = self.items.arguments(column, written.source)
        return annotation, arguments + more

    def _class(self, planned: PlannedClass) -> str:
        table = planned.table
        lines = [f"class {planned.name}(Base):", f"    __tablename__ = {quoted(table.name)}"]
        lines += self._table_args(planned)
        lines.append("")
        mapped, function = self.imports.name("relvar.orm", "Mapped"), "mapped_column"
        for column in table.c:
            attribute = planned.attributes[column]
            annotation, arguments = self._column(column)
            if attribute != column.name:
                arguments.insert(0, quoted(column.name))
            line = f"{attribute}: {mapped}[{annotation}]"
            if arguments:
                self.imports.name("relvar.orm", function)
                line = call(f"{line} = {function}", arguments, "    ")
            unknown = "  # of a type that relvar does not know" if isinstance(column.type, NullType) else ""
            lines.append(f"    {line}{unknown}")
        if planned.related:
            lines.append("")
        lines += [self._relationship(related) for related in planned.related]
        return "\n".join(lines)

    def _table_args(self, planned: PlannedClass) -> list[str]:
        items = self.items.table_arguments(planned.table, True)
        options = self.items.table_options(planned.table)
        given = call("", [f"{quoted(k)}: {v}" for k, v in options.items()], "        ", parens="{}")
        if not items:
            given = call("", [f"{quoted(k)}: {v}" for k, v in options.items()], "    ", parens="{}")
            return [f"    __table_args__ = {given}"] if options else []
        parts = items + ([given] if options else [])
        if len(parts) == 1 and "\n" not in parts[0] and len(parts[0]) < 62:
            return [f"    __table_args__ = ({parts[0]},)"]
        inner = "".join(f"        {part},\n" for part in parts)
        return [f"    __table_args__ = (\n{inner}    )"]

    def _relationship(self, related: Related) -> str:
        self.imports.name("relvar.orm", "relationship")
        target = f'"{related.target}"'
        if related.is_list:
            annotation = f"list[{target}]"
        else:
            annotation = f'"{related.target} | None"' if related.is_optional else target
        arguments = [f"{name}={self._option(name, value)}" for name, value in related.options.items()]
        arguments.append(f"back_populates={quoted(related.back)}")
        return "    " + call(f"{related.name}: Mapped[{annotation}] = relationship", arguments, "    ")

    def _option(self, name: str, value: Any) -> str:
        if name == "secondary":
            return str(value)
        if name in ("primaryjoin", "secondaryjoin"):
            # a function: the classes need not be there yet, and columns may have any name
            for word in ("foreign", "remote"):
                if any(f"{word}(" in term for term in value):
                    self.imports.name("relvar.orm", word)
            if len(value) == 1:
                return f"lambda: {value[0]}"
            made = call(f"{name}=lambda: {self.imports.name('relvar', 'and_')}", value, "        ")
            return made.removeprefix(f"{name}=")
        if isinstance(value, list):
            return quoted(value[0] if len(value) == 1 else f"[{', '.join(value)}]")
        return quoted(value) if isinstance(value, str) else repr(value)

    def _table(self, planned: PlannedTable) -> str:
        table = planned.table
        column_name = self.imports.name("relvar", "Column")
        arguments = [quoted(table.name), "Base.metadata"]
        for column in table.c:
            written = self.items.types.write(column.type)
            more = self.items.arguments(column, written.source)
            if column.nullable == column.primary_key:
                more.append(f"nullable={column.nullable}")
            arguments.append(call(column_name, [quoted(column.name), *more], "    "))
        arguments += [item.replace("\n    ", "\n") for item in self.items.table_arguments(table, False)]
        options = self.items.table_options(table)
        plain = [f"{name}={value}" for name, value in options.items() if name.isidentifier()]
        other = [f"{quoted(name)}: {value}" for name, value in options.items() if not name.isidentifier()]
        arguments += plain + ([f"**{{{', '.join(other)}}}"] if other else [])
        return call(f"{planned.name} = {self.imports.name('relvar', 'Table')}", arguments)

    def _columns_of_view(self, planned: PlannedView) -> str:
        """
        Return the class by which type checkers know the columns of a view.
        """
        lines = [f"class {planned.columns_name}({self.imports.name('relvar', 'TypedColumns')}):"]
        for name, column in planned.attributes.items():
            named = self.imports.name("relvar", "Named")
            annotation = self.items.types.write(column.type).annotation
            if annotation is None:
                annotation = self.imports.name("typing", "Any")
            elif column.nullable:
                annotation = f"{annotation} | None"
            lines.append(f"    {name}: {named}[{annotation}]")
        return "\n".join(lines if planned.attributes else [*lines, "    pass"])

    def _view(self, planned: PlannedView) -> str:
        view = planned.view
        columns = [
            call(self.imports.name("relvar", "Column"), [quoted(c.name), self._type(c)], "        ")
            for c in view.table.c
        ]
        lines = [sql_text(line) for line in view.select.splitlines(keepends=True)]
        inner = lines[0] if len(lines) == 1 else "".join(f"\n        {line}" for line in lines) + "\n    "
        text = f"{self.imports.name('relvar', 'text')}({inner})"
        arguments = [call(f"{text}.columns", columns, "    "), quoted(view.table.name)]
        arguments.append("metadata=Base.metadata")
        if view.table.schema is not None:
            arguments.append(f"schema={quoted(view.table.schema)}")
        if view.is_materialized:
            arguments.append("materialized=True")
        create = self.imports.name("relvar", "CreateView")
        after = f".table.with_cols({planned.columns_name})"
        return call(f"{planned.name} = {create}", arguments, after=after)

    def _type(self, column: Column[Any]) -> str:
        return str(self.items.types.write(column.type).source)
