"""Build the pages with Sphinx: make docs."""

import os
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring

# Signatures and docstrings are read from the source, also where the kernels are compiled.
os.environ["RELVAR_PURE"] = "1"
sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import reference

project = "relvar"
copyright = "2026, the relvar authors"  # Sphinx reads the name
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = "relvar"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
# A name in single backticks leads to its entry, if it has one.
default_role = "py:obj"
autodoc_default_options = {"undoc-members": True, "member-order": "alphabetical"}
autodoc_typehints = "none"
autodoc_class_signature = "mixed"
# Three thousand entries beside each page would take longer than the pages.
toc_object_entries = False

described = reference.Reference()
SECTIONS = Config(napoleon_use_ivar=True, napoleon_custom_sections=["Cost", "Source"])


def say_of_visitors(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """
    Say what a method of a compiler without a docstring renders, which is in its name.
    """
    if not any(lines):
        lines[:] = [described.said_of_visitor(name.rpartition(".")[2])]


def read_sections(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """
    Turn the sections of a docstring (Args, Raises) into fields.

    As the extension napoleon does, but for properties, where it takes a sentence with a colon for a type.
    """
    lines[:] = GoogleDocstring(lines, SECTIONS, what="method").lines()


def setup(app: Sphinx) -> None:
    """Write the pages of the reference before any is read."""
    reference.write(described)
    app.connect("autodoc-process-docstring", say_of_visitors, priority=400)
    app.connect("autodoc-process-docstring", read_sections)
