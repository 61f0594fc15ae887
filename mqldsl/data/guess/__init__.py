"""A first look at files: which columns they have, what is in them, and a definition and binding to begin with."""
