"""Definitions inside an application: loaded once, asked for one lead at a time."""
