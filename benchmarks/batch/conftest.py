"""For pytest: without the extra `bench` these modules cannot be imported, and are left out."""

from importlib.util import find_spec

collect_ignore_glob = [] if all(map(find_spec, ("duckdb", "pandas", "pyarrow"))) else ["*.py"]
