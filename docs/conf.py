"""Sphinx: how the documentation is built."""

from importlib.metadata import version as installed_version

project = "Floodmark"
copyright = "The Floodmark developers"
release = version = installed_version("floodmark")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
smartquotes_action = "qe"  # quotes and ellipses, no dashes: the two hyphens of an option stay two

html_theme = "furo"
html_title = "Floodmark"
html_copy_source = False
