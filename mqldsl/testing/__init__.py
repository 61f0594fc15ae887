"""Hypothesis strategies for the leads that a definition may meet."""
