"""Leads, companies and events in, from files; what is wrong with a row is counted and kept aside. Results out."""
