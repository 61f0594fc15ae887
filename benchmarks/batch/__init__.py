"""All leads at once: mqldsl over millions of leads beside SQL by hand, its floor, and pandas."""
