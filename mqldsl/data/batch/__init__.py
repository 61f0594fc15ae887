"""All rows at once: from the sources of a binding to typed relations in a database inside the process."""
