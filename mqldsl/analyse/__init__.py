"""Definitions looked at as a whole: their examples run, their promises kept."""
