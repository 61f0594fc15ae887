"""Why an outcome came about, what is missing, and when it changes: from outcomes, never a second evaluator."""
