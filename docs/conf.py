"""How Sphinx builds these pages: `sphinx-build -W docs docs/_build`."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "mqldsl"
author = "The mqldsl authors"
copyright = "2026, the mqldsl authors"
release = version = installed("mqldsl")

extensions = ["myst_parser", "mql_highlight"]
exclude_patterns = ["_build", "decisions/template.md"]
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "mqldsl"
