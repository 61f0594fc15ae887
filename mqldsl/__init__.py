"""A language for saying what a marketing-qualified lead is; the public names are listed here."""

__all__: list[str] = []
