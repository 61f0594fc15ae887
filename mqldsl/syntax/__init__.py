"""What was written: the tree of a text, the way there, and the canonical way back to text."""
