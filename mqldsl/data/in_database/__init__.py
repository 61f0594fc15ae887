"""Leads, companies and events that stand in a database already: what is read of them, and the query over them."""
