"""A query in the words of a database: trees of sqlglot, made by tables of our own, and the text it prints."""

from mqldsl.evaluate.sql.lowering.functions import functions_for, functions_of
from mqldsl.evaluate.sql.lowering.refused import Refused
from mqldsl.evaluate.sql.lowering.written import tree, written

__all__ = ["Refused", "functions_for", "functions_of", "tree", "written"]
