"""Build the pages with Sphinx: make docs."""

project = "relvar"
copyright = "2026, the relvar authors"  # Sphinx reads the name
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "relvar"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
