"""How a model becomes one Python function: lines from fixed templates, and everything of a user's in numbered slots."""
