"""Databases that decide all leads themselves, where the data is; each is a function from tables to decisions."""
