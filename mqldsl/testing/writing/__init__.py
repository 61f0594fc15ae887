"""Random definitions as text, well-typed by construction."""
