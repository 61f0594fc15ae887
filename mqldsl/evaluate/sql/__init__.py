"""The core model as one relational query."""
